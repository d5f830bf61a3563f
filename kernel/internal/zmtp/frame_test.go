package zmtp

import (
	"bufio"
	"bytes"
	"strings"
	"testing"
)

// Frames as in RFC 23: flags, size in 1 or 8 bytes, body.
func TestFramesOnTheWire(t *testing.T) {
	long := strings.Repeat("x", 256)
	for _, row := range []struct {
		name   string
		frames []string
		wire   string
	}{
		{"one", []string{"ab"}, "\x00\x02ab"},
		{"an empty one", []string{""}, "\x00\x00"},
		{"two", []string{"", "a"}, "\x01\x00\x00\x01a"},
		{"the longest of the short ones", []string{long[:255]}, "\x00\xff" + long[:255]},
		{"the shortest of the long ones", []string{long, "a"}, "\x03\x00\x00\x00\x00\x00\x00\x01\x00" + long + "\x00\x01a"},
	} {
		var frames [][]byte
		for _, f := range row.frames {
			frames = append(frames, []byte(f))
		}
		if wire := appendMessage(nil, frames); string(wire) != row.wire {
			t.Errorf("%s: %q, want %q", row.name, wire, row.wire)
		}
		got, command, err := readMessage(bufio.NewReader(strings.NewReader(row.wire)), 1<<10)
		if err != nil || command || !bytes.Equal(bytes.Join(got, []byte("|")), bytes.Join(frames, []byte("|"))) {
			t.Errorf("%s: read %q, %t, %v", row.name, got, command, err)
		}
	}
}

func TestReadMessageRefuses(t *testing.T) {
	for _, row := range []struct{ name, wire, want string }{
		{"nothing", "", "EOF"},
		{"half a head", "\x00", "unexpected EOF"},
		{"half a size", "\x02\x00\x00", "unexpected EOF"},
		{"half a body", "\x00\x05ab", "unexpected EOF"},
		{"no second frame", "\x01\x01a", "unexpected EOF"},
		{"a frame of 2⁶² bytes", "\x02\x40\x00\x00\x00\x00\x00\x00\x00", "frame of 4611686018427387904 bytes"},
		{"a frame of 2⁶⁴−1 bytes", "\x02\xff\xff\xff\xff\xff\xff\xff\xff", "frame of 18446744073709551615 bytes"},
		{"no end of empty frames", strings.Repeat("\x01\x00", 100), "frame of 0 bytes"},
		{"frames that are too much together", "\x01\xff" + strings.Repeat("x", 255) + "\x00\xff" + strings.Repeat("x", 255), "frame of 255 bytes"},
		{"a command that continues", "\x05\x01a\x00\x01a", "several frames"},
		{"a command inside a message", "\x01\x01a\x04\x01a", "several frames"},
	} {
		if _, _, err := readMessage(bufio.NewReader(strings.NewReader(row.wire)), 512); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v, want an error with %q", row.name, err, row.want)
		}
	}
}

// Whatever arrives, reading ends, and an accepted message is the one that was on the wire.
func FuzzReadMessage(f *testing.F) {
	f.Add([]byte("\x01\x00\x00\x01a"))
	f.Add([]byte("\x04\x05\x04PING"))
	f.Add([]byte("\x02\x40\x00\x00\x00\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, wire []byte) {
		frames, command, err := readMessage(bufio.NewReader(bytes.NewReader(wire)), 1<<16)
		if err != nil || command {
			return
		}
		again, _, err := readMessage(bufio.NewReader(bytes.NewReader(appendMessage(nil, frames))), 1<<16)
		if err != nil || len(again) != len(frames) {
			t.Fatalf("%d frames became %d, %v", len(frames), len(again), err)
		}
		for i := range frames {
			if !bytes.Equal(again[i], frames[i]) {
				t.Fatalf("frame %d: %q became %q", i, frames[i], again[i])
			}
		}
	})
}
