package history

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/gofrs/flock"
)

// sources returns the sources of entries, with session and line.
func sources(all []Entry) []string {
	list := make([]string, len(all))
	for i, e := range all {
		list[i] = fmt.Sprintf("%d.%d %s", e.Session, e.Line, e.Source)
	}
	return list
}

// A line that is not an entry is skipped, and the next entry starts a new line.
func TestHistoryOfADamagedFile(t *testing.T) {
	const good = `{"session":4,"line":1,"source":"a"}` + "\n"
	for _, row := range []struct {
		name, file string
		session    int
		want       []string // after an entry "new" was added
	}{
		{"empty", "", 1, []string{"1.1 new"}},
		{"intact", good, 5, []string{"4.1 a", "5.1 new"}},
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
			h, err := Open(path)
			if err != nil || h.session != row.session {
				t.Fatalf("session %d, %v, want %d", h.session, err, row.session)
			}
			if err := h.Add(1, "new"); err != nil {
				t.Fatal(err)
			}
			again, err := Open(path)
			if err != nil || again.session != row.session+1 {
				t.Errorf("then session %d, %v", again.session, err)
			}
			for _, h := range []*History{h, again} {
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
			h, err := Open(path)
			if err != nil {
				t.Error(err)
			}
			for i := range lines {
				if err := h.Add(i+1, strings.Repeat("x", 5000)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	h, err := Open(path)
	if err != nil || len(h.entries) != kernels*lines || h.session != kernels+1 {
		t.Fatalf("%d entries, session %d, %v", len(h.entries), h.session, err)
	}
	for i, e := range h.entries {
		if e.Session != i/lines+1 || e.Line != i%lines+1 || len(e.Source) != 5000 {
			t.Fatalf("entry %d is line %d of session %d, %d bytes", i, e.Line, e.Session, len(e.Source))
		}
	}
}

// A history that cannot be written is kept in memory, and the kernel works.
func TestHistoryThatCannotBeKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	h, err := Open(path)
	if err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("a directory as a history: %v", err)
	}
	if err := h.Add(1, "x"); err != nil || len(h.entries) != 1 {
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
	if _, err := Open(path); err == nil || !strings.Contains(err.Error(), "locked for") {
		t.Errorf("opened a locked history: %v", err)
	}
}

// Only its owner can read a history.
func TestHistoryIsPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	if _, err := Open(path); err != nil {
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
		h, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if h.session > highest {
			t.Skipf("%s: no session can come after this one", t.Name())
		}
		if err := h.Add(1, "new"); err != nil {
			t.Fatal(err)
		}
		again, err := Open(path)
		if err != nil || !slices.Equal(again.entries, h.entries) || again.session != h.session+1 {
			t.Fatalf("session %d of %d entries, then %d of %d, %v", h.session, len(h.entries), again.session, len(again.entries), err)
		}
	})
}
