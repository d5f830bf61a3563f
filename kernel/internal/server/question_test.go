package server

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/sdtlab/sdtlab/kernel/internal/eval"
)

// The protocol counts positions in code points: 𝔾 is one of them, four bytes in UTF-8 and
// two units in UTF-16; e and a combining accent are two.
func TestPositions(t *testing.T) {
	for _, row := range []struct {
		name, code, cursor string
		offset             int // in bytes
		points             int // of the offset, again
	}{
		{"ASCII", "abc", "1", 1, 1},
		{"behind a character beyond 16 bits", "a𝔾b", "2", 5, 2},
		{"before it", "a𝔾b", "1", 1, 1},
		{"at the end", "a𝔾b", "3", 6, 3},
		{"behind several", "𝔾𝔾😀x", "3", 12, 3},
		{"between a letter and its accent", "ae\u0301x", "2", 2, 2},
		{"three bytes", "€uro", "1", 3, 1},
		{"nothing", "", "0", 0, 0},
		{"beyond the end", "𝔾", "9", 4, 1},
		{"before the beginning", "ab", "-1", 0, 0},
		{"none is the end", "𝔾b", "null", 5, 2},
		{"a lone surrogate counts as one", "\uFFFDb", "1", 3, 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			var got atomic.Int64
			c := dial(t, start(t, &fake{
				complete: func(code string, cursor int) eval.Completion {
					got.Store(int64(cursor))
					return eval.Completion{Start: cursor, End: cursor}
				},
				inspect: func(_ string, cursor, _ int) map[string]any {
					got.Store(int64(cursor))
					return nil
				},
			}, About{}).at)
			for _, typ := range []string{"complete", "inspect"} {
				got.Store(-1)
				m := c.ask(c.shell, typ+"_request", fmt.Sprintf(`{"code":%q,"cursor_pos":%s}`, row.code, row.cursor)).reply
				if got := int(got.Load()); got != row.offset {
					t.Errorf("%s: offset %d, want %d", typ, got, row.offset)
				}
				if typ == "complete" {
					wantField(t, m, "cursor_start", fmt.Sprint(row.points))
					wantField(t, m, "cursor_end", fmt.Sprint(row.points))
				}
			}
		})
	}
}

func TestComplete(t *testing.T) {
	for _, row := range []struct {
		name string
		c    eval.Completion
		want string
	}{
		{"none", eval.Completion{}, `{"cursor_end":0,"cursor_start":0,"matches":[],"metadata":{},"status":"ok"}`},
		{
			"behind a character beyond 16 bits", eval.Completion{Matches: []string{"xy", "xz"}, Start: 4, End: 5},
			`{"cursor_end":2,"cursor_start":1,"matches":["xy","xz"],"metadata":{},"status":"ok"}`,
		}, {
			"with types", eval.Completion{Matches: []string{"xy"}, Types: []string{"function"}, Start: 4, End: 5},
			`{"cursor_end":2,"cursor_start":1,"matches":["xy"],"metadata":{"_jupyter_types_experimental":[{"end":2,"start":1,"text":"xy","type":"function"}]},"status":"ok"}`,
		}, {
			"positions that are not there", eval.Completion{Matches: []string{"x"}, Start: -1, End: 99},
			`{"cursor_end":2,"cursor_start":0,"matches":["x"],"metadata":{},"status":"ok"}`,
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := dial(t, start(t, &fake{complete: func(string, int) eval.Completion { return row.c }}, About{}).at)
			x := c.ask(c.shell, "complete_request", `{"code":"𝔾x","cursor_pos":2}`)
			wantShown(t, x.shown)
			wantReply(t, x.reply, "complete_reply "+row.want)
		})
	}
}

func TestInspect(t *testing.T) {
	c := dial(t, start(t, &fake{inspect: func(code string, cursor, detail int) map[string]any {
		if code != "Pi" {
			return nil
		}
		return map[string]any{"text/plain": fmt.Sprintf("const Pi, detail %d", detail)}
	}}, About{}).at)
	for _, row := range []struct{ ask, want string }{
		{`{"code":"Pi","cursor_pos":1}`, `{"data":{"text/plain":"const Pi, detail 0"},"found":true,"metadata":{},"status":"ok"}`},
		{`{"code":"Pi","cursor_pos":1,"detail_level":1}`, `{"data":{"text/plain":"const Pi, detail 1"},"found":true,"metadata":{},"status":"ok"}`},
		{`{"code":"x","cursor_pos":1}`, `{"data":{},"found":false,"metadata":{},"status":"ok"}`},
		{`{"code":"x","cursor_pos":"1"}`, `{"ename":"KernelError","evalue":"inspect_request: cursor_pos is string, want int","status":"error","traceback":[]}`},
	} {
		x := c.ask(c.shell, "inspect_request", row.ask)
		wantShown(t, x.shown)
		wantReply(t, x.reply, "inspect_reply "+row.want)
	}
}

func TestIsComplete(t *testing.T) {
	answers := map[string]eval.Completeness{
		"f()":  {Status: "complete"},
		"f {":  {Status: "incomplete", Indent: "\t"},
		"f {{": {Status: "incomplete"},
		")":    {Status: "invalid", Indent: "\t"},
		"?":    {Status: "unknown"},
	}
	c := dial(t, start(t, &fake{isComplete: func(code string) eval.Completeness { return answers[code] }}, About{}).at)
	for _, row := range []struct{ code, want string }{
		{"f()", `{"status":"complete"}`},
		{"f {", `{"indent":"\t","status":"incomplete"}`},
		{"f {{", `{"indent":"","status":"incomplete"}`},
		{")", `{"status":"invalid"}`},
		{"?", `{"status":"unknown"}`},
	} {
		x := c.ask(c.shell, "is_complete_request", fmt.Sprintf(`{"code":%q}`, row.code))
		wantShown(t, x.shown)
		wantReply(t, x.reply, "is_complete_reply "+row.want)
	}
}
