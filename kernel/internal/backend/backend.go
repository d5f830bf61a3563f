// Package backend fetches the faster back ends that notebooks can compute on, finds
// installed ones, and times them. It links none: small programs that use the upstream
// projects' installers and the back ends are run with go run in the project. XLA's CPU plugin
// comes from a wheel.
//
// The files onnx and xlacpu fetch one back end; present finds and times them; peer times
// PyTorch; unmeasured says which have no times.
package backend

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"

	"github.com/sdtlab/sdtlab/internal/pypi"
)

// Names are the back ends that Install fetches.
var Names = []string{"onnx", "xla-cpu", "xla-cuda"}

// Setting is the environment for a back end, in the order to print.
type Setting [][2]string

// Environ returns the setting as name=value.
func (s Setting) Environ() []string {
	var env []string
	for _, kv := range s {
		env = append(env, kv[0]+"="+kv[1])
	}
	return env
}

// Where locates the files.
type Where struct {
	Project string // root of the project
	Cache   string // our cache folder
	NoGPU   bool   // fetch for another machine: this one needs no GPU
}

// Install fetches a back end by name and returns how to use it. Progress goes to remarks.
// It needs a network, and says so if it has none.
func Install(ctx context.Context, w Where, name string, remarks io.Writer) (Setting, error) {
	switch name {
	case "onnx":
		return installONNX(ctx, w, remarks)
	case "xla-cpu":
		return installXLACPU(ctx, w, cpuPlugin, remarks)
	case "xla-cuda":
		if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
			return nil, fmt.Errorf("install xla-cuda: XLA's CUDA plugin is for linux/amd64, this is %s/%s", runtime.GOOS, runtime.GOARCH)
		}
		if err := upstream(ctx, w, "cuda", remarks); err != nil {
			return nil, fmt.Errorf("install %s: %w%s", name, err, advice(err, ""))
		}
		return Setting{{"GOMLX_BACKEND", "xla:cuda"}}, nil
	}
	return nil, fmt.Errorf("install: no back end %q: choose %s", name, strings.Join(Names, ", "))
}

// upstream fetches a plugin of XLA with go-xla's own installer, for "cpu" or "cuda".
func upstream(ctx context.Context, w Where, device string, remarks io.Writer) error {
	fmt.Fprintf(remarks, "fetching xla-%s with go-xla's installer\n", device)
	args := []string{device}
	if w.NoGPU {
		args = append(args, "no-gpu")
	}
	p := program1(w, "xla.go", args...)
	p.tags = "pjrt_all" // outside linux/amd64, the installer's package lacks CUDA's functions without it
	_, err := p.run(ctx, remarks)
	return err
}

// advice returns what to do about an error of an installer, if it is the network's. Settings
// are those that the network depends on, if there are any.
func advice(err error, settings string) string {
	var away *pypi.Unreachable
	if !errors.Is(err, errNetwork) && !errors.As(err, &away) {
		return ""
	}
	return ": try again with a network" + settings + ", or set GOMLX_BACKEND=xla:/path/to/plugin.so"
}

// program is one of our programs, to be run with go run in the project.
type program struct {
	root  string
	files []string
	args  []string
	env   []string
	tags  string // of the build
}

func program1(w Where, file string, args ...string) program {
	return program{root: w.Project, files: []string{file}, args: args}
}

// run returns the last line that the program printed. All of its output goes to remarks. An
// error is the program's last line on stderr.
func (p program) run(ctx context.Context, remarks io.Writer) (string, error) {
	args := []string{"run", "-tags=" + p.tags}
	for _, f := range p.files {
		args = append(args, filepath.Join("kernel", "internal", "backend", "programs", f))
	}
	cmd := exec.CommandContext(ctx, "go", append(args, p.args...)...)
	cmd.Dir = p.root
	cmd.Env = append(append(os.Environ(), "GOWORK=off"), p.env...)
	var out, said bytes.Buffer
	cmd.Stdout = io.MultiWriter(&out, remarks)
	cmd.Stderr = &said
	err := cmd.Run()
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if err != nil {
		return "", reason(said.String(), err)
	}
	return lastLine(out.String()), nil
}

// reason returns one sentence on why a program failed.
func reason(said string, err error) error {
	var lines []string
	for l := range strings.Lines(said) {
		if l = strings.TrimSpace(l); l != "" && !strings.HasPrefix(l, "exit status") {
			lines = append(lines, l)
		}
	}
	if len(lines) == 0 {
		return err
	}
	last := lines[len(lines)-1]
	if m := unreachable.FindStringSubmatch(last); m != nil {
		return fmt.Errorf("%w to %s", errNetwork, m[1]+m[2]+m[3])
	}
	return errors.New(last)
}

// errNetwork is the error of an installer that could not reach its server.
var errNetwork = errors.New("no network")

// unreachable finds the server in errors of Go's net package.
var unreachable = regexp.MustCompile(`(?:lookup (\S+)|dial tcp ([^\s:]+(?::\d+)?):) .*|Get "https?://([^/"]+).*(?:timeout|unreachable|handshake)`)

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}
