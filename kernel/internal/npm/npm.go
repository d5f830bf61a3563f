// Package npm fetches single files from packages of the npm registry, checked against sums
// that the caller has pinned.
package npm

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/atomicfile"
)

// Package is one version of a package, pinned.
type Package struct {
	Name, Version string
	Integrity     string // of its archive, in npm's form: "sha512-" and base64
}

// String returns the package in npm's form: "name@version".
func (p Package) String() string { return p.Name + "@" + p.Version }

// Available reports whether the npm program is installed.
func Available() bool {
	_, err := exec.LookPath("npm")
	return err == nil
}

// Fetch downloads the package with npm (so with the user's registry and proxy) and writes
// the wanted files, given by their path in the package, to the given paths. It runs no
// script of the package. It writes nothing unless the archive has the pinned sum and all
// the files.
func (p Package) Fetch(ctx context.Context, wanted map[string]string) error {
	dir, err := os.MkdirTemp("", "sdt-npm-")
	if err != nil {
		return fmt.Errorf("fetch %s: %w", p, err)
	}
	defer os.RemoveAll(dir)
	cmd := exec.CommandContext(ctx, "npm", "pack", p.String(), "--ignore-scripts", "--silent", "--pack-destination", dir)
	cmd.Dir = dir // away from any .npmrc and package.json in the current folder
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("fetch %s: npm pack: %w: %s", p, err, lastLine(out))
	}
	archives, _ := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if len(archives) != 1 {
		return fmt.Errorf("fetch %s: npm pack left %d archives, want one", p, len(archives))
	}
	if err := p.check(archives[0]); err != nil {
		return err
	}
	return p.extract(archives[0], wanted)
}

func (p Package) check(archive string) error {
	f, err := os.Open(archive)
	if err != nil {
		return fmt.Errorf("fetch %s: %w", p, err)
	}
	defer f.Close()
	h := sha512.New()
	if _, err := io.Copy(h, f); err != nil {
		return fmt.Errorf("fetch %s: %w", p, err)
	}
	if got := "sha512-" + base64.StdEncoding.EncodeToString(h.Sum(nil)); got != p.Integrity {
		return fmt.Errorf("fetch %s: the registry's archive has %s, want %s: it was changed, so nothing of it is used", p, got, p.Integrity)
	}
	return nil
}

func (p Package) extract(archive string, wanted map[string]string) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("unpack %s: %w", p, err)
		}
	}()
	f, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	parts := map[string]string{} // half-written file → its final path
	defer func() {
		for part := range parts {
			os.Remove(part)
		}
	}()
	t := tar.NewReader(z)
	for len(parts) < len(wanted) {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return fmt.Errorf("%d of the %d files are missing from it", len(wanted)-len(parts), len(wanted))
		}
		if err != nil {
			return err
		}
		target, ok := wanted[strings.TrimPrefix(h.Name, "package/")]
		if !ok || h.Typeflag != tar.TypeReg {
			continue
		}
		part, err := atomicfile.Part(target, func(w io.Writer) error {
			_, err := io.Copy(w, t)
			return err
		})
		if err != nil {
			return err
		}
		parts[part] = target
	}
	for part, target := range parts {
		if err := os.Rename(part, target); err != nil {
			return err
		}
		delete(parts, part)
	}
	return nil
}

func lastLine(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1]
}
