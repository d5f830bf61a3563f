package toolchain

import (
	"encoding/binary"
	"fmt"
	"os"
	"runtime"
)

// diversions are functions of Go, by their symbols in the shared library, and ours that take
// their places: those that would end the process with all values; those that write to a file
// descriptor, which are to keep the order of the output, and the one that reads, which is not
// to take an interrupt for the end of the input; and what would show calls of ours.
//
// Within a shared library of Go's linker calls do not go by the symbol that the loader would
// look up (they go to a local symbol, local.os.Exit), so a definition in the worker would
// change nothing.
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

// divert changes the shared library, in its file: each function to divert begins with a jump
// to ours, which has the same parameters. Nothing but their first instructions changes; the
// loader moves both alike, so the jump is relative.
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
			return fmt.Errorf("the library has no %s or no %s: is Go another than 1.26?", d[0], d[1])
		}
		code, err := jump(runtime.GOARCH, from.Value, to.Value)
		if err != nil {
			return fmt.Errorf("divert %s: %w", d[0], err)
		}
		if from.Size < uint64(len(code)) {
			return fmt.Errorf("divert %s: it has %d bytes", d[0], from.Size)
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

// jump returns the instruction at address from that goes on at address to.
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

// place returns where in the file the library has what lies at an address.
func (l *Library) place(at uint64) (int64, error) {
	for _, p := range l.file.Progs {
		if p.Vaddr <= at && at < p.Vaddr+p.Filesz {
			return int64(p.Off + at - p.Vaddr), nil
		}
	}
	return 0, fmt.Errorf("no segment at address %#x", at)
}
