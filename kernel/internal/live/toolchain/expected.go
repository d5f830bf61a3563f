package toolchain

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// expected is a package of a build that is about to begin, or has just begun.
type expected struct {
	path  string
	stale bool    // will be compiled
	cost  float64 // of compiling it, in bytes of source
}

// The cost of compiling a package is that of its source, and of starting the compiler, and,
// with cgo, of running the C compiler several times. Measured on the packages that cells
// import, in seconds of a core: about 0.2 for each package and for each 100 kB.
const (
	costOfAny = 50e3
	costOfCgo = 400e3
)

// upToDate begins the reason that the go command gives for a package that it calls stale
// because it is nowhere but in Go's cache. Without that reason, too much would be expected.
const upToDate = "not installed but available in build cache"

// expect finds out what the go command would compile for packages. It compiles nothing.
func (b *Base) expect(ctx context.Context, packages []string) ([]expected, error) {
	args := slices.Concat([]string{"list", "-deps"}, forLibrary,
		[]string{"-json=ImportPath,Dir,GoFiles,CgoFiles,CFiles,CXXFiles,SFiles,Stale,StaleReason"}, packages)
	out, err := b.run(ctx, "go", args...)
	if err != nil {
		return nil, err
	}
	var all []expected
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			ImportPath, Dir, StaleReason                string
			Stale                                       bool
			GoFiles, CgoFiles, CFiles, CXXFiles, SFiles []string
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		e := expected{path: p.ImportPath, stale: p.Stale && !strings.HasPrefix(p.StaleReason, upToDate), cost: costOfAny}
		if len(p.CgoFiles) > 0 {
			e.cost += costOfCgo
		}
		for _, name := range slices.Concat(p.GoFiles, p.CgoFiles, p.CFiles, p.CXXFiles, p.SFiles) {
			if info, err := os.Stat(filepath.Join(p.Dir, name)); err == nil {
				e.cost += float64(info.Size())
			}
		}
		all = append(all, e)
	}
}
