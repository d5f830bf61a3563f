package jupyter

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// The signature is Python's
//
//	hmac.new(b"secret", b'{"msg_id":"1"}' + b'{}' + b'{}' + b'{"code":"x"}', "sha256").hexdigest()
func TestSignatureIsThatOfTheProtocol(t *testing.T) {
	got := Key("secret").sign([][]byte{[]byte(`{"msg_id":"1"}`), []byte(`{}`), []byte(`{}`), []byte(`{"code":"x"}`)})
	if want := "6d4e96e072a7d545daf167071b1f625b663fcd9227dc75b9859ef0fcf0aef780"; string(got) != want {
		t.Errorf("signature %s, want %s", got, want)
	}
}

func TestEncodeDecode(t *testing.T) {
	key := Key("secret")
	m, err := NewMessage("session", "execute_request", map[string]any{"code": "1 < 2"})
	if err != nil {
		t.Fatal(err)
	}
	m.Parent = Header{MsgID: "p", MsgType: "parent"}
	m.Buffers = [][]byte{{1, 2}, {}}
	frames, err := key.Encode(m)
	if err != nil {
		t.Fatal(err)
	}
	got, err := key.Decode(append([][]byte{[]byte("identity"), []byte("topic")}, frames...))
	if err != nil {
		t.Fatal(err)
	}
	if got.Header != m.Header || got.Parent != m.Parent || !bytes.Equal(got.Content, m.Content) || len(got.Buffers) != 2 {
		t.Errorf("got %+v, want %+v", got, m)
	}
	if m.Header.Version != "5.3" {
		t.Errorf("version %q", m.Header.Version)
	}
}

// Unknown fields of a header return to their sender byte for byte.
func TestAnswerKeepsTheHeader(t *testing.T) {
	key := Key("secret")
	header := `{"msg_id":"1", "msg_type":"x_request","subshell_id":null,"n":1e400}`
	parts := [][]byte{[]byte(header), []byte("{}"), []byte("{}"), []byte("{}")}
	request, err := key.Decode(append([][]byte{[]byte("from"), []byte(delimiter), key.sign(parts)}, parts...))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := request.Answer("session", "x_reply", map[string]any{"status": "ok"})
	if err != nil {
		t.Fatal(err)
	}
	frames, err := key.Encode(answer)
	if err != nil {
		t.Fatal(err)
	}
	if string(frames[0]) != "from" || string(frames[4]) != header {
		t.Errorf("identity %q, parent %s", frames[0], frames[4])
	}
	if got, err := key.Decode(frames); err != nil || got.Parent.MsgID != "1" || string(got.RawParent) != header {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestDecodeRefuses(t *testing.T) {
	key := Key("secret")
	m, err := NewMessage("s", "status", map[string]any{"execution_state": "idle"})
	if err != nil {
		t.Fatal(err)
	}
	frames := func() [][]byte {
		f, err := key.Encode(m)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	signed := func(parts ...string) [][]byte {
		var p [][]byte
		for _, s := range parts {
			p = append(p, []byte(s))
		}
		return append([][]byte{[]byte(delimiter), key.sign(p)}, p...)
	}
	changed := func(i int, text string) [][]byte {
		f := frames()
		f[i] = []byte(text)
		return f
	}
	other, _ := Key("other").Encode(m)
	for _, row := range []struct {
		name   string
		frames [][]byte
		want   string
	}{
		{"nothing", nil, "among its 0 frames"},
		{"no delimiter", frames()[1:], "no <IDS|MSG>"},
		{"cut off", frames()[:5], "want 5 or more"},
		{"another key", other, "wrong signature"},
		{"no signature", changed(1, ""), "wrong signature"},
		{"changed content", changed(5, `{"execution_state":"busy"}`), "wrong signature"},
		{"changed parent", changed(3, `{"msg_id":"x"}`), "wrong signature"},
		{"signed, but no JSON", signed(`{`, `{}`, `{}`, `{}`), "header"},
		{"signed, content no JSON", signed(`{}`, `{}`, `{}`, `nope`), "not JSON"},
	} {
		if _, err := key.Decode(row.frames); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: got %v, want an error with %q", row.name, err, row.want)
		}
	}
}

// Frames are joined by newlines here. Whatever arrives, Decode returns, and what it accepts
// carries our signature.
func FuzzDecode(f *testing.F) {
	key := Key("secret")
	m, err := NewMessage("s", "stream", map[string]any{"name": "stdout", "text": "x"})
	if err != nil {
		f.Fatal(err)
	}
	frames, err := key.Encode(m)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(bytes.Join(frames, []byte("\n")))
	f.Add([]byte("id\n<IDS|MSG>\n\n{}\n{}\n{}\n{}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		frames := bytes.Split(data, []byte("\n"))
		got, err := key.Decode(frames)
		if err != nil {
			return
		}
		if !json.Valid(got.Content) {
			t.Fatalf("content is not JSON: %q", got.Content)
		}
		at := 0
		for !bytes.Equal(frames[at], []byte(delimiter)) {
			at++
		}
		if !bytes.Equal(key.sign(frames[at+2:at+6]), frames[at+1]) {
			t.Fatal("accepted without our signature")
		}
	})
}
