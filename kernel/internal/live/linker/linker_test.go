package linker

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestFind checks which of the available linkers is used.
func TestFind(t *testing.T) {
	for _, c := range []struct {
		here   []string
		chosen string
		want   string
		err    string
	}{
		{[]string{"ld.mold", "ld.lld", "ld.bfd"}, "", "bfd", ""},
		{[]string{"ld.mold", "ld.lld"}, "", "mold", ""},
		{[]string{"ld.lld"}, "", "lld", ""},
		{nil, "", "", ""},
		{[]string{"ld.mold", "ld.lld", "ld.bfd"}, "lld", "lld", ""},
		{[]string{"ld.mold", "ld.bfd"}, "bfd", "bfd", ""},
		{[]string{"ld.mold"}, "gold", "", "SDT_LINKER=gold: set it to bfd, mold or lld"},
		{[]string{"ld.bfd"}, "mold", "", "SDT_LINKER=mold: no ld.mold in PATH; install it, or unset SDT_LINKER"},
	} {
		dir := t.TempDir()
		for _, name := range c.here {
			if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"), 0o755); err != nil {
				t.Fatal(err)
			}
		}
		t.Setenv("PATH", dir)
		l, err := Find([]string{"SDT_LINKER=before", Variable + "=" + c.chosen})
		if l.Name != c.want || err == nil && c.err != "" || err != nil && err.Error() != c.err {
			t.Errorf("of %v, %q chosen: %v, %v; want %q, %q", c.here, c.chosen, l, err, c.want, c.err)
		}
		if want := " -fuse-ld=" + c.want; c.want != "" && (l.Flag() != want || l.Path != filepath.Join(dir, "ld."+c.want)) {
			t.Errorf("%v has %q", l, l.Flag())
		}
	}
	if l := (Linker{}); l.Flag() != "" {
		t.Errorf("the C compiler's own has %q", l.Flag())
	}
}

// TestEnds checks that each linker finishes whatever the sizes of a plugin's segments: with
// some of them mold 1.10 did not.
func TestEnds(t *testing.T) {
	if testing.Short() {
		t.Skipf("%s: links 800 times", t.Name())
	}
	for _, name := range known {
		t.Run(name, func(t *testing.T) {
			path, err := exec.LookPath("ld." + name)
			if err != nil {
				t.Skipf("%s: no ld.%s: apt-get install mold lld binutils", t.Name(), name)
			}
			dir := t.TempDir()
			object, plugin := filepath.Join(dir, "a.o"), filepath.Join(dir, "a.so")
			flags := append([]string{"-shared", "-z", "norelro", "-o", plugin, object}, Linker{name, path}.CellFlags()...)
			for size := 1; size < 4096; size += 16 {
				compile := exec.CommandContext(t.Context(), "gcc", "-c", "-x", "assembler", "-o", object, "-")
				compile.Stdin = strings.NewReader(fmt.Sprintf(code, size))
				if out, err := compile.CombinedOutput(); err != nil {
					t.Fatalf("%v: %s", err, out)
				}
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				link := exec.CommandContext(ctx, path, flags...)
				link.WaitDelay = time.Second
				out, err := link.CombinedOutput()
				cancel()
				if err != nil {
					t.Fatalf("with %d bytes of constants: %v: %s", size, err, out)
				}
			}
		})
	}
}

const code = `.section .rodata
	.zero %d
	.data
	.globl p
p:	.quad p, f
	.text
	.globl f
f:	ret
	.section .init_array, "aw", @init_array
	.quad f
	.bss
	.zero 8
`
