package server

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/sdtlab/sdtlab/kernel/internal/eval"
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

// value is an evaluator whose cells have their code as their value, except "c", which has
// none.
func value(_ context.Context, code string, _ eval.Ask, _ eval.Output) (r eval.Result) {
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
