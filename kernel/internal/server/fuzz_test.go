package server

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/kernel/internal/eval"
	"github.com/sdtlab/sdtlab/kernel/internal/jupyter"
	"github.com/sdtlab/sdtlab/kernel/internal/zmtp"
)

// busybody is an evaluator that uses whatever it gets.
func busybody() *fake {
	return &fake{
		execute: func(_ context.Context, code string, ask eval.Ask, out eval.Output) eval.Result {
			out.Stream("stdout", code)
			return eval.Result{Data: map[string]any{"text/plain": code}}
		},
		complete: func(code string, cursor int) eval.Completion {
			return eval.Completion{Matches: []string{code[:cursor]}, Types: []string{"x"}, End: cursor}
		},
		inspect: func(code string, cursor, _ int) map[string]any {
			return map[string]any{"text/plain": code[cursor:]}
		},
		isComplete: func(string) eval.Completeness { return eval.Completeness{Status: "unknown"} },
		comm:       echoing,
	}
}

// Whatever the content and the metadata of a request are, it is answered once, with JSON
// that has a status, or not at all if it has no reply.
func FuzzRequest(f *testing.F) {
	types := make([]string, 0, len(handlers()))
	for typ := range handlers() {
		types = append(types, typ)
	}
	slices.Sort(types)
	for i := range types {
		f.Add(byte(i), []byte(`{}`), []byte(`{"code":"a𝔾","cursor_pos":1,"comm_id":"1","target_name":"echo","hist_access_type":"search","pattern":"[^]a-]*?"}`))
		f.Add(byte(i), []byte(`{"x":{}}`), []byte(`{"code":"a","silent":true,"user_expressions":{"a":"b"},"hist_access_type":"range","start":-9,"stop":7,"session":-1}`))
		f.Add(byte(i), []byte(`null`), []byte(`null`))
		f.Add(byte(i), []byte(`[]`), []byte(`7`))
	}
	f.Fuzz(func(t *testing.T, which byte, metadata, content []byte) {
		s := newServer(jupyter.NewConnection(""), About{}, busybody())
		defer s.stop()
		if err := s.history.Add(1, "a𝔾b"); err != nil {
			t.Fatal(err)
		}
		typ := types[int(which)%len(types)]
		parts := [][]byte{[]byte(`{"msg_id":"1","msg_type":"` + typ + `"}`), []byte(`{}`), metadata, content}
		m, err := s.open(append([][]byte{[]byte("<IDS|MSG>"), sign(s.at.Key, parts)}, parts...))
		if err != nil {
			return
		}
		on := onShell
		if handlers()[typ].on&onShell == 0 {
			on = onControl
		}
		var replies []jupyter.Message
		s.answer(handlers(), on, &request{Message: m, from: new(zmtp.Peer), send: func(m jupyter.Message) error {
			replies = append(replies, m)
			return nil
		}}, on == onShell)
		if !strings.HasSuffix(typ, "_request") {
			if len(replies) > 0 {
				t.Fatalf("%s has a reply: %s", typ, text(replies[0]))
			}
			return
		}
		var reply struct {
			Status, Type string
			EValue       string `json:"evalue"`
		}
		if len(replies) != 1 || json.Unmarshal(replies[0].Content, &reply) != nil || reply.Status == "" && reply.Type != "response" {
			t.Fatalf("%s has the replies %q", typ, texts(replies))
		}
		if strings.HasPrefix(reply.EValue, "panic") {
			t.Fatal(text(replies[0]))
		}
	})
}

// Frames are joined by newlines here; the delimiter and a signature are put after at
// frames. Whatever arrives, on any socket, the kernel accepts it or drops it.
func FuzzFrames(f *testing.F) {
	f.Add(byte(0), []byte(`{"msg_id":"1","msg_type":"execute_request"}`+"\n{}\n{}\n"+`{"code":"x"}`))
	f.Add(byte(1), []byte("via\n"+`{"msg_id":"1","msg_type":"input_reply"}`+"\n{}\n{}\n"+`{"value":"x"}`+"\nbuffer"))
	f.Add(byte(9), []byte("\x01topic"))
	f.Fuzz(func(t *testing.T, at byte, data []byte) {
		s := newServer(jupyter.NewConnection(""), About{}, busybody())
		defer s.stop()
		frames := bytes.Split(data, []byte("\n"))
		if i := int(at); len(frames) >= i+4 {
			frames = slices.Insert(frames, i, []byte("<IDS|MSG>"), sign(s.at.Key, frames[i:i+4]))
		}
		from := new(zmtp.Peer)
		s.subscription(from, frames)
		s.takeInput(from, frames)
		s.replays = replays{} // it was taken there already
		before := s.dropped.Load()
		s.requests(s.shell)(from, frames)
		if taken, dropped := len(s.shell.waiting), int(s.dropped.Load()-before); taken+dropped != 1 {
			t.Fatalf("taken %d times, dropped %d times", taken, dropped)
		}
	})
}
