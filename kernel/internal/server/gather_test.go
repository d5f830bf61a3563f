package server

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sdtlab/sdtlab/kernel/internal/eval"
	"github.com/sdtlab/sdtlab/kernel/internal/jupyter"
)

// Many lines become few messages, none is lost, and at most one message is held back.
func TestManyLines(t *testing.T) {
	const lines = 300_000
	held := 0
	var k *running
	k = start(t, &fake{execute: func(_ context.Context, _ string, _ eval.Ask, out eval.Output) eval.Result {
		for i := range lines {
			out.Stream("stdout", fmt.Sprintln(i))
			if _, n := k.gathered.waiting(); n > held {
				held = n
			}
		}
		return eval.Result{}
	}}, About{Paced: true})
	c := dial(t, k.at)
	shown := c.ask(c.shell, "execute_request", `{"code":"x"}`).shown[1:]
	if n := len(shown); n > 100 {
		t.Errorf("%d messages", n)
	}
	if held > gatherSize {
		t.Errorf("%d bytes were held", held)
	}
	var want strings.Builder
	for i := range lines {
		fmt.Fprintln(&want, i)
	}
	if got := joined(t, shown); got != "stdout:"+want.String() {
		t.Errorf("%d bytes arrive, want %d", len(got), want.Len())
	}
}

// Streams that alternate fast arrive in order while messages are not scarce; then each
// stream is complete and in order, in few messages.
func TestAlternating(t *testing.T) {
	const turns, exact = 20_000, 250
	streams := []string{"stdout", "stderr"}
	for _, row := range []struct {
		name string
		turn func(i int) []string // pieces, on standard output and standard error in turn
	}{
		{"lines", func(i int) []string { return []string{fmt.Sprintln("out", i), fmt.Sprintln("err", i)} }},
		{"pieces of lines", func(i int) []string { return []string{fmt.Sprint(i, " "), fmt.Sprint(i), "", "\n"} }}, // as println writes them
		{"no end of a line", func(i int) []string { return []string{fmt.Sprint(i), "."} }},
		{"a few lines of each", func(i int) []string { return []string{"a\nb\n", "c\nd\n", "e\n", "f\n"} }},
	} {
		t.Run(row.name, func(t *testing.T) {
			k := start(t, &fake{execute: func(_ context.Context, _ string, _ eval.Ask, out eval.Output) eval.Result {
				for i := range turns {
					for n, text := range row.turn(i) {
						out.Stream(streams[n%2], text)
					}
				}
				return eval.Result{}
			}}, About{Paced: true})
			c := dial(t, k.at)
			shown := c.ask(c.shell, "execute_request", `{"code":"x"}`).shown[1:]
			if len(shown) > paceMessages {
				t.Errorf("%d messages", len(shown))
			}
			got, want := map[string]*strings.Builder{}, map[string]*strings.Builder{}
			for _, stream := range streams {
				got[stream], want[stream] = new(strings.Builder), new(strings.Builder)
			}
			for _, m := range shown {
				var s struct{ Name, Text string }
				if err := json.Unmarshal(m.Content, &s); err != nil {
					t.Fatal(err)
				}
				got[s.Name].WriteString(s.Text)
			}
			var begin strings.Builder
			last := ""
			for i := range turns {
				for n, text := range row.turn(i) {
					stream := streams[n%2]
					want[stream].WriteString(text)
					if i < exact && text != "" {
						if stream != last {
							begin.WriteString(stream + ":")
						}
						begin.WriteString(text)
						last = stream
					}
				}
			}
			for _, stream := range streams {
				if got[stream].String() != want[stream].String() {
					t.Errorf("%s is not what was written: %d bytes, want %d", stream, got[stream].Len(), want[stream].Len())
				}
			}
			if !strings.HasPrefix(joined(t, shown), begin.String()) {
				t.Errorf("the first %d turns are not in order", exact)
			}
		})
	}
}

// Streams that alternate without end are not held back: a Jupyter server accepts all
// messages, text waits no longer than any other, and a step of two streams of two requests
// is as short as alternateTime says.
func TestAlternatingWithoutEnd(t *testing.T) {
	streams := []string{"stdout", "stderr"}
	for _, every := range []time.Duration{100 * time.Microsecond, time.Millisecond, 5 * time.Millisecond} {
		synctest.Test(t, func(t *testing.T) {
			p, server := &pace{}, &limiter{}
			begun, newest := time.Now(), time.Duration(0)
			g := &gatherer{scarce: p.scarce, send: func(_ *request, _, text string) {
				now := time.Since(begun)
				for line := range strings.Lines(text) {
					at, err := time.ParseDuration(strings.TrimSpace(line))
					if err != nil || now-at > gatherTime || newest-at > 4*alternateTime {
						t.Fatalf("%q is sent after %v, behind what was written at %v", line, now, newest)
					}
					newest = max(newest, at)
				}
				p.note("stream", [][]byte{make([]byte, 600)}) // the size has a limit of its own
				if !server.takes("stream", 600, time.Now()) {
					t.Fatalf("a message is dropped after %v", now)
				}
			}}
			all := []*request{new(request), new(request)} // a cell, and what one before it left behind
			turns := int(30 * time.Second / every)
			for i := range turns {
				p.wait(g.waiting, t.Context().Done())
				g.add(all[i/2%2], streams[i%2], fmt.Sprintln(time.Since(begun)))
				time.Sleep(every)
			}
			g.flush()
			if d := time.Since(begun); d != time.Duration(turns)*every {
				t.Errorf("each %v: %d turns took %v", every, turns, d)
			}
		})
	}
}

// joined returns what a page shows of messages: text of one stream is joined.
func joined(t *testing.T, shown []jupyter.Message) string {
	t.Helper()
	var b strings.Builder
	last := ""
	for _, m := range shown {
		if m.Header.MsgType != "stream" {
			last = ""
			fmt.Fprintf(&b, "<%s>", m.Header.MsgType)
			continue
		}
		var s struct{ Name, Text string }
		if err := json.Unmarshal(m.Content, &s); err != nil {
			t.Fatal(err)
		}
		if s.Name != last {
			b.WriteString(s.Name + ":")
			last = s.Name
		}
		b.WriteString(s.Text)
	}
	return b.String()
}

// Text written before another output is shown before it.
func TestTextKeepsItsPlace(t *testing.T) {
	data := map[string]any{"text/plain": "x"}
	write := func(out eval.Output) {
		for _, s := range []string{"a", "b", "c"} {
			out.Stream("stdout", s)
		}
	}
	for _, row := range []struct {
		name    string
		execute func(eval.Output) eval.Result
		want    string
	}{
		{"both streams", func(out eval.Output) eval.Result {
			for i := range 3 {
				out.Stream("stdout", fmt.Sprint(i))
				out.Stream("stdout", ".")
				out.Stream("stderr", fmt.Sprint(-i))
			}
			return eval.Result{}
		}, "stdout:0.stderr:0stdout:1.stderr:-1stdout:2.stderr:-2"},
		{"a display", func(out eval.Output) eval.Result { out.Display(data, nil, "id"); write(out); return eval.Result{} }, "<display_data>stdout:abc"},
		{"an update", func(out eval.Output) eval.Result { out.Update(data, nil, "id"); return eval.Result{} }, "<update_display_data>"},
		{"a clearing", func(out eval.Output) eval.Result { out.Clear(true); return eval.Result{} }, "<clear_output>"},
		{"a comm", func(out eval.Output) eval.Result {
			out.Comm(eval.Comm{Type: "comm_open", ID: "k"})
			return eval.Result{}
		}, "<comm_open>"},
		{"a result", func(eval.Output) eval.Result { return eval.Result{Data: data} }, "<execute_result>"},
		{"a failure", func(eval.Output) eval.Result { return eval.Result{Failure: &eval.Failure{Name: "Boom"}} }, "<error>"},
	} {
		t.Run(row.name, func(t *testing.T) {
			k := start(t, &fake{execute: func(_ context.Context, _ string, _ eval.Ask, out eval.Output) eval.Result {
				write(out)
				return row.execute(out)
			}}, About{})
			c := dial(t, k.at)
			got := joined(t, c.ask(c.shell, "execute_request", `{"code":"x"}`).shown[1:])
			if want := strings.Replace("stdout:abc"+row.want, "abcstdout:", "abc", 1); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		})
	}
}

// A line is on the page while the cell that wrote it waits: for a moment, for input, or in
// a goroutine that outlives it.
func TestTextIsSentSoon(t *testing.T) {
	goOn := make(chan bool)
	write := func(out eval.Output) {
		out.Stream("stdout", "one\n")
		out.Stream("stdout", "two\n")
	}
	k := start(t, &fake{execute: func(ctx context.Context, code string, _ eval.Ask, out eval.Output) eval.Result {
		switch code {
		case "waits":
			write(out)
			<-goOn
		case "asks":
			write(out)
			out.Input(ctx, "? ", false)
		case "leaves":
			go func() {
				<-goOn
				write(out)
			}()
		}
		return eval.Result{}
	}}, About{})
	c := dial(t, k.at)
	both := func(s sent) {
		t.Helper()
		var got string
		for got != "one\ntwo\n" {
			if m := c.broadcast(s.id); m.Header.MsgType == "stream" {
				got += strings.TrimPrefix(joined(t, []jupyter.Message{m}), "stdout:")
			}
		}
	}
	s := c.send(c.shell, "execute_request", `{"code":"waits"}`)
	both(s)
	goOn <- true
	c.reply(c.shell, s)
	s = c.send(c.shell, "execute_request", `{"code":"asks","allow_stdin":true}`)
	question := c.next(c.stdin)
	both(s)
	c.mail(c.stdin, letter{typ: "input_reply", content: `{"value":""}`, parent: string(mustJSON(t, question.Header))})
	c.reply(c.shell, s)
	s = c.send(c.shell, "execute_request", `{"code":"leaves"}`)
	c.reply(c.shell, s)
	c.shown(s)
	goOn <- true
	both(s)
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// Repeated text is sent at a rate that a page can draw.
func TestGatherRate(t *testing.T) {
	var mu sync.Mutex
	var sizes []int
	g := &gatherer{scarce: func() bool { return false }, send: func(_ *request, _, text string) {
		mu.Lock()
		defer mu.Unlock()
		sizes = append(sizes, len(text))
	}}
	r := new(request)
	begun := time.Now()
	for time.Since(begun) < 5*gatherTime {
		g.add(r, "stdout", "x")
		time.Sleep(time.Millisecond)
	}
	g.flush()
	if n := len(sizes); n > 7 {
		t.Errorf("%d messages within %v: %v", n, 5*gatherTime, sizes)
	}
	if sizes[0] != 1 {
		t.Errorf("the first byte did not go out at once: %v", sizes)
	}
}

// A text of any size is sent in pieces that do not split runes.
func TestLargeText(t *testing.T) {
	large := strings.Repeat("x€\x1b<", 100_000)
	k := start(t, &fake{execute: func(_ context.Context, _ string, _ eval.Ask, out eval.Output) eval.Result {
		out.Stream("stdout", large)
		return eval.Result{}
	}}, About{})
	c := dial(t, k.at)
	shown := c.ask(c.shell, "execute_request", `{"code":"x"}`).shown[1:]
	if got := joined(t, shown); got != "stdout:"+large {
		t.Errorf("%d bytes are not the text", len(got))
	}
	for _, m := range shown {
		if n := len(m.Content); n > 3*gatherSize {
			t.Errorf("a message of %d bytes", n)
		}
		var s struct{ Text string }
		if err := json.Unmarshal(m.Content, &s); err != nil {
			t.Fatal(err)
		}
		if got, want := len(m.Content), encodedSize(s.Text); got < want || got > want+100 {
			t.Errorf("a message has %d bytes, and %d were counted", got, want)
		}
	}
}
