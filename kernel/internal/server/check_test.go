package server

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

// Messages without the key's signature, and frames that are not messages, are dropped and
// counted: they are not answered, and have no brackets.
func TestDropped(t *testing.T) {
	signed := func(c *client, header, parent, metadata, content string) [][]byte {
		parts := [][]byte{[]byte(header), []byte(parent), []byte(metadata), []byte(content)}
		return append([][]byte{[]byte("<IDS|MSG>"), sign(c.key, parts)}, parts...)
	}
	good := letter{typ: "kernel_info_request"}
	for _, row := range []struct {
		name, want string // in the log
		frames     func(c *client) [][]byte
	}{
		{"another key", "wrong signature", func(c *client) [][]byte {
			f, _ := c.frames(letter{typ: "kernel_info_request", key: "other"})
			return f
		}},
		{"no signature", "wrong signature", func(c *client) [][]byte {
			f, _ := c.frames(good)
			f[1] = nil
			return f
		}},
		{"changed content", "wrong signature", func(c *client) [][]byte {
			f, _ := c.frames(good)
			f[5] = []byte(`{"x":1}`)
			return f
		}},
		{"parts in another order", "wrong signature", func(c *client) [][]byte {
			f, _ := c.frames(good)
			f[2], f[3] = f[3], f[2]
			return f
		}},
		{"no delimiter", "no <IDS|MSG>", func(c *client) [][]byte {
			f, _ := c.frames(good)
			return f[1:]
		}},
		{"cut off", "4 frames after the delimiter", func(c *client) [][]byte {
			f, _ := c.frames(good)
			return f[:5]
		}},
		{"an empty frame", "no <IDS|MSG>", func(*client) [][]byte { return [][]byte{nil} }},
		{"the header is no JSON", "header", func(c *client) [][]byte { return signed(c, `{`, `{}`, `{}`, `{}`) }},
		{"the header is no object", "header", func(c *client) [][]byte { return signed(c, `[]`, `{}`, `{}`, `{}`) }},
		{"no type", "without msg_type", func(c *client) [][]byte { return signed(c, `{"msg_id":"1"}`, `{}`, `{}`, `{}`) }},
		{"no id", "without msg_type", func(c *client) [][]byte {
			return signed(c, `{"msg_type":"kernel_info_request"}`, `{}`, `{}`, `{}`)
		}},
		{"the parent is no object", "parent header", func(c *client) [][]byte {
			return signed(c, `{"msg_id":"1","msg_type":"kernel_info_request"}`, `7`, `{}`, `{}`)
		}},
		{"the content is no JSON", "not JSON", func(c *client) [][]byte {
			return signed(c, `{"msg_id":"1","msg_type":"kernel_info_request"}`, `{}`, `{}`, `nope`)
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			var log bytes.Buffer
			k := start(t, &fake{}, About{Log: slog.New(slog.NewTextHandler(&log, nil))})
			c := dial(t, k.at)
			for _, w := range []*wire{c.shell, c.control} {
				c.post(w, row.frames(c))
				// The next message on the same socket is the first to be answered.
				c.ask(w, "kernel_info_request", `{}`)
			}
			c.post(c.stdin, row.frames(c))
			until(t, "all are counted", func() bool { return k.dropped.Load() == 3 })
			for parent, left := range c.ahead {
				if parent != "" && len(left) > 0 {
					t.Errorf("broadcast for a dropped message: %q", texts(left))
				}
			}
			k.stop()
			if err := k.ended(t); err != nil {
				t.Fatal(err)
			}
			for _, socket := range []string{"shell", "control", "stdin"} {
				if !strings.Contains(log.String(), "socket="+socket) || !strings.Contains(log.String(), row.want) {
					t.Errorf("log %s, want %s and %q", log.String(), socket, row.want)
				}
			}
		})
	}
}

// A message that arrives a second time, on any socket and from any sender, is dropped.
func TestReplayed(t *testing.T) {
	k := start(t, &fake{}, About{})
	c, other := dial(t, k.at), dial(t, k.at)
	frames, s := c.frames(letter{typ: "execute_request", content: `{"code":"x"}`})
	c.post(c.shell, frames)
	wantField(t, c.reply(c.shell, s), "execution_count", "1")
	c.shown(s)
	for i, again := range []struct {
		c *client
		w *wire
	}{{c, c.shell}, {c, c.control}, {c, c.stdin}, {other, other.shell}} {
		again.c.post(again.w, frames)
		until(t, "it is dropped", func() bool { return k.dropped.Load() == int64(i+1) })
	}
	wantField(t, c.ask(c.shell, "execute_request", `{"code":"x"}`).reply, "execution_count", "2")
}

// Exactly so many signatures are remembered.
func TestReplaysAreForgotten(t *testing.T) {
	var r replays
	for i := range remembered {
		if !r.first(fmt.Sprint(i)) {
			t.Fatalf("%d is taken for known", i)
		}
	}
	if r.first("0") || r.first(fmt.Sprint(remembered-1)) {
		t.Error("not all are remembered")
	}
	if !r.first("one more") || !r.first("0") || r.first("2") {
		t.Error("not the oldest is forgotten")
	}
	if len(r.seen) != remembered || len(r.ring) != remembered {
		t.Errorf("%d and %d are remembered, want %d", len(r.seen), len(r.ring), remembered)
	}
}
