package server

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/gofrs/flock"
)

// The questions of history_request about two earlier sessions and this one.
func TestHistory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "history")
	session := func(cells ...string) (*running, *client) {
		t.Helper()
		k := start(t, &fake{execute: value}, About{History: path})
		c := dial(t, k.at)
		for _, code := range cells {
			c.ask(c.shell, "execute_request", fmt.Sprintf(`{"code":%q}`, code))
		}
		return k, c
	}
	for _, cells := range [][]string{{"a := 1", "plot(a)"}, {"b := 2"}} {
		k, _ := session(cells...)
		k.stop()
		if err := k.ended(t); err != nil {
			t.Fatal(err)
		}
	}
	_, c := session("a := 1", "plot(b)", "c")
	for _, silence := range []string{`{"code":"s","silent":true}`, `{"code":"n","store_history":false}`, `{"code":"  "}`} {
		c.ask(c.shell, "execute_request", silence)
	}
	const all = `[1,1,"a := 1"],[1,2,"plot(a)"],[2,1,"b := 2"],[3,1,"a := 1"],[3,2,"plot(b)"],[3,3,"c"]`
	for _, row := range []struct{ name, ask, want string }{
		{"the last ones", `"tail","n":2`, `[3,2,"plot(b)"],[3,3,"c"]`},
		{"the last over sessions", `"tail","n":4`, `[2,1,"b := 2"],[3,1,"a := 1"],[3,2,"plot(b)"],[3,3,"c"]`},
		{"more than there are", `"tail","n":1000`, all},
		{"some: ten", `"tail"`, all},
		{"no last ones", `"tail","n":0`, ``},
		{"fewer than none", `"tail","n":-1`, ``},
		{"with values: those of this session", `"tail","n":3,"output":true`, `[3,1,["a := 1","=a := 1"]],[3,2,["plot(b)","=plot(b)"]],[3,3,["c",null]]`},
		{"earlier values are forgotten", `"range","session":1,"output":true`, `[1,1,["a := 1",null]],[1,2,["plot(a)",null]]`},
		{"this session", `"range","session":0`, `[3,1,"a := 1"],[3,2,"plot(b)"],[3,3,"c"]`},
		{"the one before", `"range","session":-1,"start":0`, `[2,1,"b := 2"]`},
		{"the first, by number", `"range","session":1`, `[1,1,"a := 1"],[1,2,"plot(a)"]`},
		{"one that never was", `"range","session":9`, ``},
		{"one before all", `"range","session":-9`, ``},
		{"lines: the stop is not among them", `"range","session":0,"start":1,"stop":3`, `[3,1,"a := 1"],[3,2,"plot(b)"]`},
		{"lines from one on", `"range","session":0,"start":2,"stop":null`, `[3,2,"plot(b)"],[3,3,"c"]`},
		{"a stop of 0 is none", `"range","session":0,"start":3,"stop":0`, `[3,3,"c"]`},
		{"lines from the end", `"range","session":0,"start":-2`, `[3,2,"plot(b)"],[3,3,"c"]`},
		{"lines up to before the end", `"range","session":0,"stop":-1`, `[3,1,"a := 1"],[3,2,"plot(b)"]`},
		{"what matches", `"search","pattern":"plot(*)"`, `[1,2,"plot(a)"],[3,2,"plot(b)"]`},
		{"the last that match", `"search","pattern":"*a*","n":2`, `[1,2,"plot(a)"],[3,1,"a := 1"]`},
		{"of equal ones the last", `"search","pattern":"a*","unique":true`, `[3,1,"a := 1"]`},
		{"the last two that differ", `"search","pattern":"*","unique":true,"n":3`, `[3,1,"a := 1"],[3,2,"plot(b)"],[3,3,"c"]`},
		{"no pattern is any", `"search"`, all},
		{"the whole source must match", `"search","pattern":"plot"`, ``},
	} {
		t.Run(row.name, func(t *testing.T) {
			x := c.ask(c.shell, "history_request", `{"raw":true,"hist_access_type":`+row.ask+`}`)
			wantShown(t, x.shown)
			wantReply(t, x.reply, `history_reply {"history":[`+row.want+`],"status":"ok"}`)
		})
	}
	wantField(t, c.ask(c.control, "history_request", `{"hist_access_type":"all"}`).reply, "evalue",
		`"history_request: hist_access_type \"all\", want range, tail or search"`)
}

// value is an evaluator whose cells have their code as their value, but for "c", which has
// none.
func value(_ context.Context, code string, _ Ask, _ Output) (r Result) {
	if code != "c" {
		r.Data = map[string]any{"text/plain": "=" + code}
	}
	return r
}

func TestHistoryInMemory(t *testing.T) {
	c := dial(t, start(t, &fake{}, About{}).at)
	c.ask(c.shell, "execute_request", `{"code":"x"}`)
	wantField(t, c.ask(c.shell, "history_request", `{"hist_access_type":"tail"}`).reply, "history", `[[1,1,"x"]]`)
}

// sources are those of entries, with session and line.
func sources(all []entry) []string {
	list := make([]string, len(all))
	for i, e := range all {
		list[i] = fmt.Sprintf("%d.%d %s", e.Session, e.Line, e.Source)
	}
	return list
}

// What is no entry is passed over, and what comes next stands on a line of its own.
func TestHistoryOfADamagedFile(t *testing.T) {
	const good = `{"session":4,"line":1,"source":"a"}` + "\n"
	for _, row := range []struct {
		name, file string
		session    int
		want       []string // after an entry "new" was added
	}{
		{"empty", "", 1, []string{"1.1 new"}},
		{"whole", good, 5, []string{"4.1 a", "5.1 new"}},
		{"last line cut off", good + `{"session":4,"line":2,"sou`, 5, []string{"4.1 a", "5.1 new"}},
		{"last line without its end", good + `{"session":4,"line":2,"source":"b"}`, 5, []string{"4.1 a", "4.2 b", "5.1 new"}},
		{"a line cut off, and written on", good + `{"session":4,"li` + "\n" + good, 5, []string{"4.1 a", "4.1 a", "5.1 new"}},
		{"zeros, as after a power failure", good + strings.Repeat("\x00", 100), 5, []string{"4.1 a", "5.1 new"}},
		{"no entries", "null\n[]\n{}\n\n" + `{"session":0,"line":1}` + "\n" + `{"session":2,"line":-1}` + "\n", 1, []string{"1.1 new"}},
		{"a session that ran nothing", good + `{"session":7,"line":0,"source":""}` + "\n", 8, []string{"4.1 a", "8.1 new"}},
		{"a number too high to count on", good + `{"session":9223372036854775807,"line":1,"source":"x"}` + "\n", 5, []string{"4.1 a", "5.1 new"}},
		{"sessions at once", `{"session":2,"line":1,"source":"b"}` + "\n" + `{"session":1,"line":1,"source":"a"}` + "\n", 3, []string{"1.1 a", "2.1 b", "3.1 new"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "history")
			if err := os.WriteFile(path, []byte(row.file), 0o600); err != nil {
				t.Fatal(err)
			}
			h, err := openHistory(path)
			if err != nil || h.session != row.session {
				t.Fatalf("session %d, %v, want %d", h.session, err, row.session)
			}
			if err := h.add(1, "new"); err != nil {
				t.Fatal(err)
			}
			again, err := openHistory(path)
			if err != nil || again.session != row.session+1 {
				t.Errorf("then session %d, %v", again.session, err)
			}
			for _, h := range []*history{h, again} {
				if got := sources(h.entries); !slices.Equal(got, row.want) {
					t.Errorf("entries %q, want %q", got, row.want)
				}
			}
		})
	}
}

// Kernels that write at once lose nothing, and each has a session of its own.
func TestHistoryOfManyKernels(t *testing.T) {
	const kernels, lines = 4, 25
	path := filepath.Join(t.TempDir(), "history")
	var all sync.WaitGroup
	for range kernels {
		all.Go(func() {
			h, err := openHistory(path)
			if err != nil {
				t.Error(err)
			}
			for i := range lines {
				if err := h.add(i+1, strings.Repeat("x", 5000)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	h, err := openHistory(path)
	if err != nil || len(h.entries) != kernels*lines || h.session != kernels+1 {
		t.Fatalf("%d entries, session %d, %v", len(h.entries), h.session, err)
	}
	for i, e := range h.entries {
		if e.Session != i/lines+1 || e.Line != i%lines+1 || len(e.Source) != 5000 {
			t.Fatalf("entry %d is line %d of session %d, %d bytes", i, e.Line, e.Session, len(e.Source))
		}
	}
}

// A history that cannot be kept is one in memory, and the kernel works.
func TestHistoryThatCannotBeKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	h, err := openHistory(path)
	if err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("a directory as a history: %v", err)
	}
	if err := h.add(1, "x"); err != nil || len(h.entries) != 1 {
		t.Errorf("entries %q, %v", sources(h.entries), err)
	}
}

// A kernel that holds the lock for ever does not stop others.
func TestHistoryThatIsLocked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	other := flock.New(path + ".lock")
	if err := other.Lock(); err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if _, err := openHistory(path); err == nil || !strings.Contains(err.Error(), "locked for") {
		t.Errorf("opened a locked history: %v", err)
	}
}

// Its owner alone can read a history.
func TestHistoryIsPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	if _, err := openHistory(path); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

// Whatever is in the file, a session begins, and its entries are there again.
func FuzzHistory(f *testing.F) {
	f.Add([]byte(`{"session":4,"line":1,"source":"a"}`))
	f.Add([]byte("{\"session\":9223372036854775807,\"line\":1}\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		path := filepath.Join(t.TempDir(), "history")
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		h, err := openHistory(path)
		if err != nil {
			t.Fatal(err)
		}
		if h.session > highest {
			t.Skip("the last session that there can be has been")
		}
		if err := h.add(1, "new"); err != nil {
			t.Fatal(err)
		}
		again, err := openHistory(path)
		if err != nil || !slices.Equal(again.entries, h.entries) || again.session != h.session+1 {
			t.Fatalf("session %d of %d entries, then %d of %d, %v", h.session, len(h.entries), again.session, len(again.entries), err)
		}
	})
}
