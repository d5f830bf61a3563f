package toolchain

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestDamaged checks that the readers of files return errors, and finish, whichever single
// byte of a file is changed.
func TestDamaged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	write := func(data []byte) {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	library := func(data []byte) {
		write(data)
		if l, err := OpenLibrary(path); err == nil {
			readAll(l)
		}
	}
	for _, c := range []struct {
		name string
		data []byte
		read func(data []byte)
	}{
		{"an object file", handObject(make([]byte, 24), make([]byte, 64), handSymbols), func(data []byte) {
			write(data)
			editObject(path, handUnit)
		}},
		{"a stub", handStub.encode(), library},
		{"a library", withRelocation(handStub.encode()), library},
		{"an archive", compiled(t), func(data []byte) {
			references(data)
			adapt(data, "main.stand")
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for i := range c.data {
				for _, b := range []byte{0, 0xff, c.data[i] ^ 1} {
					data := bytes.Clone(c.data)
					data[i] = b
					stop := watch(t)
					func() {
						defer func() {
							if e := recover(); e != nil {
								t.Errorf("byte %d is %#x: panic: %v", i, b, e)
							}
						}()
						c.read(data)
					}()
					stop()
				}
			}
		})
	}
}

// readAll reads everything about a library's symbols.
func readAll(l *Library) {
	l.Tables()
	for _, s := range l.symbols {
		l.typeOf(s)
		l.place(s.Value)
	}
}
