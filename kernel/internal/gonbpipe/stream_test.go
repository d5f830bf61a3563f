package gonbpipe

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/janpfeifer/gonb/gonbui/protocol"
)

// sent returns what a program sends for some messages.
func sent(messages ...*protocol.DisplayData) []byte {
	var b bytes.Buffer
	e := gob.NewEncoder(&b)
	for _, m := range messages {
		if err := e.Encode(m); err != nil {
			panic(err)
		}
	}
	return b.Bytes()
}

func html(text string) *protocol.DisplayData {
	return &protocol.DisplayData{Data: map[protocol.MIMEType]any{protocol.MIMETextHTML: text}}
}

// However a stream is cut, and whatever follows it, its messages are read.
func FuzzDecode(f *testing.F) {
	good := []*protocol.DisplayData{
		html("a"), html(strings.Repeat("b", 300)),
		{Data: map[protocol.MIMEType]any{protocol.MIMECommValue: &protocol.CommValue{Address: "/x", Value: []float64{1, 2}}}},
		html(strings.Repeat("c", 70_000)),
	}
	whole := sent(good...)
	f.Add(uint(1), []byte{})
	f.Add(uint(7), []byte{0x80})
	f.Add(uint(1000), []byte("garbage that may be of any length"))
	f.Add(uint(50), whole[:200])
	f.Add(uint(50), []byte{3, 4, 0, 0, 2, 1, 1})
	f.Fuzz(func(t *testing.T, step uint, after []byte) {
		var got []*protocol.DisplayData
		complaints := 0
		decode(&cut{append(bytes.Clone(whole), after...), int(step%5000) + 1},
			func(m *protocol.DisplayData) { got = append(got, m) }, func(error) { complaints++ })
		if len(got) < len(good) || complaints > len(got)-len(good)+1 {
			t.Fatalf("%d messages of %d, %d complaints", len(got), len(good), complaints)
		}
		if v := got[2].Data[protocol.MIMECommValue]; !reflect.DeepEqual(v, protocol.CommValue{Address: "/x", Value: []float64{1, 2}}) {
			t.Errorf("a value: %#v", v)
		}
		if h := got[3].Data[protocol.MIMETextHTML]; h != strings.Repeat("c", 70_000) {
			t.Errorf("a long text has %d characters", len(fmt.Sprint(h)))
		}
	})
}

// cut reads a text a few bytes at a time.
type cut struct {
	text []byte
	step int
}

func (c *cut) Read(b []byte) (int, error) {
	n := copy(b, c.text[:min(c.step, len(c.text))])
	if c.text = c.text[n:]; n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// An unreadable message does not affect the following ones.
func TestUnreadable(t *testing.T) {
	gob.RegisterName("gonbpipe/secret", custom{})
	text := sent(html("a"), &protocol.DisplayData{Data: map[protocol.MIMEType]any{"x": custom{1}}}, html("b"), html("c"))
	text = bytes.ReplaceAll(text, []byte("gonbpipe/secret"), []byte("gonbpipe/public"))
	var got []string
	decode(bytes.NewReader(text), func(m *protocol.DisplayData) { got = append(got, fmt.Sprint(m.Data)) },
		func(err error) { got = append(got, err.Error()) })
	want := []string{"map[text/html:a]", `a message cannot be read: gob: name not registered for interface: "gonbpipe/public"`, "map[text/html:b]", "map[text/html:c]"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestFromJSON(t *testing.T) {
	for _, c := range []struct{ from, want any }{
		{nil, nil},
		{1.5, 1.5},
		{"a", "a"},
		{true, 1},
		{false, 0},
		{[]any{1.0, 2.0}, []float64{1, 2}},
		{[]any{"a"}, []string{"a"}},
		{[]any{"a", 1.0}, `["a",1]`},
		{map[string]any{"a": 1.0}, map[string]float64{"a": 1}},
		{map[string]any{"a": "b"}, map[string]string{"a": "b"}},
		{map[string]any{"a": nil}, `{"a":null}`},
	} {
		got := fromJSON(c.from)
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%v: %#v, want %#v", c.from, got, c.want)
		}
		var b bytes.Buffer
		var back protocol.CommValue
		if err := gob.NewEncoder(&b).Encode(&protocol.CommValue{Address: "/x", Value: got}); err != nil {
			t.Errorf("%v cannot be sent: %v", c.from, err)
		} else if err := gob.NewDecoder(&b).Decode(&back); err != nil || !reflect.DeepEqual(back.Value, c.want) {
			t.Errorf("%v arrives as %v, %v", c.from, back.Value, err)
		}
	}
}
