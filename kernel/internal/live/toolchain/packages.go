package toolchain

import (
	"bufio"
	"bytes"
	"context"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/remark"
)

// list compiles the packages and records the file of each.
func (b *Base) list(ctx context.Context, packages []string, tell remark.Teller) error {
	const format = "{{.ImportPath}}\t{{.Export}}\t{{.Name}}\t{{with .Module}}{{if .Main}}{{.Path}}{{end}}{{end}}"
	out, err := b.compiling(ctx, tell, format, append(slices.Clone(packages), "std", hostPackage, loaderPackage, modulePackage))
	if err != nil {
		return err
	}
	for s := bufio.NewScanner(bytes.NewReader(out)); s.Scan(); {
		f := strings.Split(s.Text(), "\t")
		if len(f) != 4 || f[1] == "" || apart[f[0]] {
			continue
		}
		if f[3] != "" {
			b.module = f[3]
		}
		if f[2] == "main" { // its main function would replace the worker's
			b.programs[f[0]] = true
			continue
		}
		b.exports[f[0]] = f[1]
		if importable(f[0]) {
			b.names[f[0]] = f[2]
		}
	}
	return nil
}

// apart are packages of the standard library that replace others, or contain much data.
var apart = map[string]bool{"runtime/race": true, "runtime/msan": true, "runtime/asan": true, "time/tzdata": true}

// importable reports whether code outside a module may import the package.
func importable(path string) bool {
	return !strings.HasPrefix(path, "vendor/") && !strings.HasPrefix(path, "internal/") &&
		!strings.Contains(path, "/internal/") && !strings.HasSuffix(path, "/internal")
}
