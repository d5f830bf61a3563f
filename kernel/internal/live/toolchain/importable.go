package toolchain

import (
	"fmt"
	"strings"

	"golang.org/x/mod/module"
)

// Refusal returns the go command's message that a cell may not import a path. It returns
// nil if it may, whether or not the package exists. A cell may import what a program at the
// root of the session's module may.
func (b *Base) Refusal(path string) error {
	switch first, _, _ := strings.Cut(path, "/"); {
	case first == "." || first == "..":
		return fmt.Errorf("%q is relative, but relative import paths are not supported in module mode", path)
	case first == "":
		return fmt.Errorf("%q is not a package path; see 'go help packages'", path)
	case path[0] == '-': // the go command would take these three for something else
		return fmt.Errorf("malformed import path %q: leading dash", path)
	case strings.Contains(path, "..."):
		return fmt.Errorf("malformed import path %q: invalid path element \"...\"", path)
	case strings.Contains(path, "@"):
		return fmt.Errorf("%s: can only use path@version syntax with 'go get' and 'go install' in module-aware mode", path)
	case first == "vendor":
		return fmt.Errorf("use of vendored package not allowed")
	case b.programs[path]:
		return IsProgram(path)
	}
	if i := strings.LastIndex(path, "/vendor/"); i >= 0 {
		return fmt.Errorf("%s must be imported as %s", path, path[i+len("/vendor/"):])
	}
	if err := module.CheckImportPath(path); err != nil {
		return err
	}
	if parent, ok := internal(path); ok && parent != b.module && !strings.HasPrefix(b.module, parent+"/") {
		return fmt.Errorf("use of internal package %s not allowed", path)
	}
	return nil
}

// IsProgram is the error when a cell imports a command, with its path.
type IsProgram string

// Error returns the go command's message.
func (p IsProgram) Error() string {
	return fmt.Sprintf("import %q is a program, not an importable package", string(p))
}

// internal returns the path below which an internal package can be imported. ok is false
// for packages that are not internal.
func internal(path string) (parent string, ok bool) {
	if strings.HasSuffix(path, "/internal") {
		return strings.TrimSuffix(path, "/internal"), true
	}
	if i := strings.LastIndex("/"+path, "/internal/"); i >= 0 {
		return path[:max(0, i-1)], true
	}
	return "", false
}
