package toolchain

import (
	"encoding/binary"
	"fmt"
	"os"
	"runtime"
)

// diversions are Go's functions that are replaced, with our replacements, by their symbols
// in the shared library: functions that would end the process with all values; that write
// to a file descriptor, to keep the output in order; that read from one, so that an
// interrupt is not taken for the end of the input; and that would show our calls.
//
// Within a shared library of Go's linker, calls do not use the symbol that the loader would
// look up (they use a local symbol, local.os.Exit), so a definition in the worker would
// have no effect.
var diversions = [][2]string{
	{"os.Exit", hostPackage + ".Exit"},
	{"syscall.Exit", hostPackage + ".Exit"},
	{"runtime.fatalpanic", modulePackage + ".Fatalpanic"},
	{"syscall.write", hostPackage + ".write"},
	{"golang.org/x/sys/unix.write", hostPackage + ".write"},
	{"syscall.read", hostPackage + ".read"},
	{"runtime/debug.Stack", hostPackage + ".stackHere"},
	{"reflect.implements", loaderPackage + ".Implements"},
	{"internal/reflectlite.implements", loaderPackage + ".Implements"},
}

// divert changes the file of the shared library: each function to divert begins with a jump
// to ours, which has the same parameters. Only their first instructions change; the jump is
// relative because the loader moves both functions alike.
func divert(path string) error {
	l, err := OpenLibrary(path)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("change %s: %w", path, err)
	}
	defer file.Close()
	for _, d := range diversions {
		from, ok := l.symbols[mangle(d[0])+abiSuffix]
		to, found := l.symbols[mangle(d[1])+abiSuffix]
		if !ok || !found {
			return fmt.Errorf("the library lacks %s or %s: is this Go 1.26?", d[0], d[1])
		}
		code, err := jump(runtime.GOARCH, from.Value, to.Value)
		if err != nil {
			return fmt.Errorf("divert %s: %w", d[0], err)
		}
		if from.Size < uint64(len(code)) {
			return fmt.Errorf("divert %s: it has only %d bytes", d[0], from.Size)
		}
		at, err := l.place(from.Value)
		if err != nil {
			return fmt.Errorf("divert %s: %w", d[0], err)
		}
		if _, err := file.WriteAt(code, at); err != nil {
			return fmt.Errorf("divert %s: %w", d[0], err)
		}
	}
	return nil
}

// jump returns the instruction at address from that jumps to address to.
func jump(arch string, from, to uint64) ([]byte, error) {
	far := int64(to - from)
	switch arch {
	case "amd64": // JMP rel32, counted from the next instruction
		if far -= 5; int64(int32(far)) == far {
			return binary.LittleEndian.AppendUint32([]byte{0xe9}, uint32(far)), nil
		}
	case "arm64": // B imm26, in words
		if words := far / 4; far%4 == 0 && words >= -1<<25 && words < 1<<25 {
			return binary.LittleEndian.AppendUint32(nil, 5<<26|uint32(words)&(1<<26-1)), nil
		}
	default:
		return nil, fmt.Errorf("%w: a jump on %s", ErrUnsupported, arch)
	}
	return nil, fmt.Errorf("%#x is too far from %#x", to, from)
}

// place returns the offset in the library's file of an address.
func (l *Library) place(at uint64) (int64, error) {
	for _, p := range l.file.Progs {
		if p.Vaddr <= at && at < p.Vaddr+p.Filesz {
			return int64(p.Off + at - p.Vaddr), nil
		}
	}
	return 0, fmt.Errorf("no segment at address %#x", at)
}
