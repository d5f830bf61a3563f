package zmtp

import (
	"bufio"
	"bytes"
	"io"
	"strings"
	"testing"
)

func introduction(properties ...string) string {
	var data []byte
	for i := 0; i < len(properties); i += 2 {
		data = appendProperty(data, properties[i], properties[i+1])
	}
	return string(appendCommand(nil, "READY", data))
}

func TestHello(t *testing.T) {
	older := greeting[:10] + "\x02" + greeting[11:]
	newer := greeting[:10] + "\x03\x01" + greeting[12:]
	curve := greeting[:12] + "CURVE" + greeting[17:]
	for _, row := range []struct{ name, said, identity, want string }{
		{"a dealer", greeting + introduction("Socket-Type", "DEALER", "Identity", "me"), "me", ""},
		{"one without a name", greeting + introduction("Socket-Type", "DEALER"), "", ""},
		{"names of properties in another case", newer + introduction("SOCKET-TYPE", "REQ", "identity", "x"), "x", ""},
		{"a property that we do not know", greeting + introduction("Resource", "y", "Socket-Type", "ROUTER"), "", ""},
		{"nothing", "", "", "EOF"},
		{"half a greeting", greeting[:40], "", "unexpected EOF"},
		{"another protocol", strings.Repeat("GET / HTTP/1.1\r\n", 4), "", "not ZeroMQ's"},
		{"an older version", older, "", "version 2"},
		{"encryption", curve, "", `mechanism "CURVE"`},
		{"a message first", greeting + "\x00\x01a", "", "not a READY"},
		{"another command", greeting + string(appendCommand(nil, "ERROR", nil)), "", "not a READY"},
		{"a command with half a name", greeting + "\x04\x02\x05R", "", "not a READY"},
		{"an endless introduction", greeting + "\x06\x00\x00\x00\xff\x00\x00\x00\x00", "", "want at most 65536"},
		{"no type", greeting + introduction("Identity", "x"), "", `type ""`},
		{"a type that does not fit", greeting + introduction("Socket-Type", "SUB"), "", `"SUB" cannot connect to one of type ROUTER`},
		{"a property cut off in its name", greeting + string(appendCommand(nil, "READY", []byte("\x0bSocket"))), "", "cut off"},
		{"a property cut off in its value", greeting + string(appendCommand(nil, "READY", []byte("\x01X\xff\xff\xff\xffy"))), "", `property "X" is cut off`},
	} {
		identity, err := hello(bufio.NewReader(strings.NewReader(row.said)), io.Discard, Router)
		if row.want == "" && (err != nil || identity != row.identity) {
			t.Errorf("%s: identity %q, %v, want %q", row.name, identity, err, row.identity)
		}
		if row.want != "" && (err == nil || !strings.Contains(err.Error(), row.want)) {
			t.Errorf("%s: %v, want an error with %q", row.name, err, row.want)
		}
	}
}

// What we say is what the RFC requires: 64 bytes of greeting, then READY.
func TestHelloSays(t *testing.T) {
	var said bytes.Buffer
	if _, err := hello(bufio.NewReader(strings.NewReader(greeting+introduction("Socket-Type", "SUB"))), &said, Pub); err != nil {
		t.Fatal(err)
	}
	want := "\x04\x26\x05READY\x0bSocket-Type\x00\x00\x00\x03PUB\x08Identity\x00\x00\x00\x00"
	if len(greeting) != 64 || said.String()[64:] != want {
		t.Errorf("greeting of %d bytes, then %q, want %q", len(greeting), said.String()[64:], want)
	}
}

func FuzzHello(f *testing.F) {
	f.Add([]byte(greeting + introduction("Socket-Type", "DEALER", "Identity", "me")))
	f.Fuzz(func(t *testing.T, said []byte) {
		// Whatever arrives, it returns.
		_, _ = hello(bufio.NewReader(bytes.NewReader(said)), io.Discard, Router)
		_, _ = hello(bufio.NewReader(io.MultiReader(strings.NewReader(greeting), bytes.NewReader(said))), io.Discard, Router)
	})
}
