// Package kernelspec installs the kernel where Jupyter looks for kernels.
//
// https://jupyter-client.readthedocs.io/en/latest/kernels.html#kernel-specs
package kernelspec

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"

	"github.com/sdtlab/sdtlab/kernel/internal/atomicfile"
)

// Names of the kernels in a notebook's metadata, and the names that a user sees: our own
// kernel, and GoNB with our packages.
const (
	Name            = "sdt"
	DisplayName     = "Go (sdtlab)"
	GoNBName        = "sdt-gonb"
	GoNBDisplayName = "Go (sdtlab, GoNB)"
)

// Kernel is a kernel to install.
type Kernel struct {
	Name, DisplayName string
	Programs          []string // paths; the first is the kernel
	Args              []string // its arguments; "{connection_file}" stands for the file's path
	Metadata          map[string]any
	Resources         map[string][]byte // files by name, which a Jupyter server serves at kernelspecs/NAME/
}

//go:embed logo.svg
var logo []byte

// spec is kernel.json.
type spec struct {
	Argv          []string          `json:"argv"`
	DisplayName   string            `json:"display_name"`
	Language      string            `json:"language"`
	InterruptMode string            `json:"interrupt_mode"`
	Env           map[string]string `json:"env"`
	Metadata      map[string]any    `json:"metadata"`
}

// DataDir returns the user's Jupyter data folder on an operating system (a GOOS).
func DataDir(goos string, getenv func(string) string) (string, error) {
	home := getenv("HOME")
	switch {
	case getenv("JUPYTER_DATA_DIR") != "":
		return getenv("JUPYTER_DATA_DIR"), nil
	case goos == "windows" && getenv("APPDATA") != "":
		return filepath.Join(getenv("APPDATA"), "jupyter"), nil
	case goos == "darwin" && home != "":
		return filepath.Join(home, "Library", "Jupyter"), nil
	case getenv("XDG_DATA_HOME") != "":
		return filepath.Join(getenv("XDG_DATA_HOME"), "jupyter"), nil
	case home != "":
		return filepath.Join(home, ".local", "share", "jupyter"), nil
	}
	return "", errors.New("no data folder for Jupyter, as there is no home folder: set JUPYTER_DATA_DIR, or use --prefix")
}

// Dir returns the folder of a named kernel in a Jupyter data folder.
func Dir(data, name string) string { return filepath.Join(data, "kernels", name) }

// Install writes a kernel into a Jupyter data folder, replacing an existing one: copies of
// its programs (Jupyter must not depend on a cache that may be emptied), kernel.json, the
// logo and its resources. env is what the kernel needs besides PATH, which has the copies
// first and goDir, the folder of the go command, last. It returns the kernel's folder.
func Install(data, goDir string, k Kernel, env map[string]string) (string, error) {
	dir, err := filepath.Abs(Dir(data, k.Name))
	if err != nil {
		return "", fmt.Errorf("install the kernel: %w", err)
	}
	bin := filepath.Join(dir, "bin")
	for _, p := range k.Programs {
		if err := copyProgram(filepath.Join(bin, filepath.Base(p)), p); err != nil {
			return "", fmt.Errorf("install the kernel: %w", err)
		}
	}
	s := spec{
		Argv:        append([]string{filepath.Join(bin, filepath.Base(k.Programs[0]))}, k.Args...),
		DisplayName: k.DisplayName, Language: "go", InterruptMode: "message",
		Env: map[string]string{}, Metadata: map[string]any{},
	}
	maps.Copy(s.Env, env)
	maps.Copy(s.Metadata, k.Metadata)
	sep := string(os.PathListSeparator)
	s.Env["PATH"] = bin + sep + "${PATH}" + sep + goDir
	text, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		return "", fmt.Errorf("install the kernel: %w", err)
	}
	resources := map[string][]byte{"logo-svg.svg": logo}
	maps.Copy(resources, k.Resources)
	for name, data := range resources {
		if err := atomicfile.Write(filepath.Join(dir, name), data, 0o644); err != nil {
			return "", fmt.Errorf("install the kernel: %w", err)
		}
	}
	if err := atomicfile.Write(filepath.Join(dir, "kernel.json"), append(text, '\n'), 0o644); err != nil {
		return "", fmt.Errorf("install the kernel: %w", err)
	}
	return dir, nil
}

// Argv returns the command with which Jupyter starts the kernel installed in a folder.
func Argv(dir string) ([]string, error) {
	path := filepath.Join(dir, "kernel.json")
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var s spec
	if err := json.Unmarshal(data, &s); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return s.Argv, nil
}

// copyProgram copies an executable and renames it into place, so that a kernel which runs
// the old one keeps running.
func copyProgram(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	data, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	return atomicfile.Write(to, data, 0o755)
}
