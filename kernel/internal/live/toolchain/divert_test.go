package toolchain

import (
	"encoding/hex"
	"errors"
	"testing"
)

// TestJump compares the instructions with those of Go's assembler and objdump.
func TestJump(t *testing.T) {
	for _, c := range []struct {
		arch     string
		from, to uint64
		want     string
	}{
		{"amd64", 0x1000, 0x1005, "e900000000"}, // to the next instruction
		{"amd64", 0x1000, 0x1000, "e9fbffffff"}, // to itself: JMP -5
		{"amd64", 0x2000, 0x401234, "e92ff23f00"},
		{"arm64", 0x1000, 0x1004, "01000014"}, // B .+4
		{"arm64", 0x1004, 0x1000, "ffffff17"}, // B .-4
		{"arm64", 0x1000, 0x1000 + 1<<27, ""}, // 128 MiB are too far
		{"amd64", 0x1000, 0x1000 + 1<<32, ""},
	} {
		code, err := jump(c.arch, c.from, c.to)
		if hex.EncodeToString(code) != c.want || (err != nil) != (c.want == "") {
			t.Errorf("%s from %#x to %#x: %x, %v; want %s", c.arch, c.from, c.to, code, err, c.want)
		}
	}
	if _, err := jump("riscv64", 0, 8); !errors.Is(err, ErrUnsupported) {
		t.Errorf("another machine: %v", err)
	}
}
