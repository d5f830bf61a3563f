package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sdtlab/sdtlab/internal/cachedir"
	"github.com/sdtlab/sdtlab/internal/measured"
	"github.com/sdtlab/sdtlab/kernel/internal/backend"
	"github.com/sdtlab/sdtlab/kernel/internal/echarts"
	"github.com/sdtlab/sdtlab/kernel/internal/goenv"
	"github.com/sdtlab/sdtlab/kernel/internal/kernelspec"
	"github.com/sdtlab/sdtlab/kernel/internal/live/linker"
	"github.com/sdtlab/sdtlab/kernel/internal/npm"
	"github.com/sdtlab/sdtlab/kernel/internal/project"
)

func doctorCommand() *cobra.Command {
	var still bool
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Show what is installed, what is missing and how to fix it",
		Long: `Show what is installed, what is missing and how to fix it, one line each.

Only Go is required: without it the exit status is 1.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, args []string) error {
			return examine(c.Context(), c.OutOrStdout(), !still)
		},
	}
	c.Flags().BoolVar(&still, "no-speed", false, "do not time the back ends, of which the fastest is used where GOMLX_BACKEND is not set")
	return c
}

// finding is one line of the doctor's output: what was checked, its state, and the command
// that fixes it where something is missing.
type finding struct {
	what   string
	here   bool
	detail string
	fix    string
}

func (f finding) write(w io.Writer) {
	mark := "ok"
	if !f.here {
		mark = "missing"
	}
	line := fmt.Sprintf("%-8s %-18s %s", mark, f.what, f.detail)
	if f.fix != "" {
		line += "  →  " + f.fix
	}
	fmt.Fprintln(w, strings.TrimRight(line, " "))
}

// examine writes the findings to w as they are made. It fails if Go is missing, or if it is
// not started in the project.
func examine(ctx context.Context, w io.Writer, speed bool) error {
	version, err := said(ctx, "go", "env", "GOVERSION")
	if err != nil {
		finding{"Go", false, "no go command on PATH", "https://go.dev/doc/install"}.write(w)
		return errors.New("the go command is missing, and everything needs it")
	}
	finding{"Go", true, fmt.Sprintf("%s %s/%s, %d cores", version, runtime.GOOS, runtime.GOARCH, runtime.NumCPU()), ""}.write(w)
	p, err := project.Find(ctx, ".")
	if err != nil {
		return err
	}
	cache, err := cachedir.Path()
	if err != nil {
		return err
	}
	compiler(ctx).write(w)
	if runtime.GOOS == "linux" {
		cellLinker(os.Environ()).write(w)
	}
	if err := backends(ctx, backend.Where{Project: p.Root, Cache: cache}, speed, func(f finding) { f.write(w) }); err != nil {
		return err
	}
	for _, f := range []finding{jupyterProgram(ctx), kernelInstalled(ctx, p.Root), data(), npmProgram(ctx), script(cache)} {
		f.write(w)
	}
	return nil
}

func compiler(ctx context.Context) finding {
	const what = "C compiler"
	cc, err := said(ctx, "go", "env", "CC")
	if err == nil && cc != "" {
		cc = strings.Fields(cc)[0]
		if _, err = exec.LookPath(cc); err == nil {
			version, _ := said(ctx, cc, "--version")
			return finding{what, true, firstOf(version), ""}
		}
	}
	return finding{what, false, "required by the onnx and xla back ends, not by the go back end", "install gcc or clang (apt-get install gcc, xcode-select --install)"}
}

// cellLinker reports the linker that links cells.
func cellLinker(env []string) finding {
	const what = "linker"
	l, err := linker.Find(env)
	switch {
	case err != nil:
		return finding{what, false, err.Error(), ""}
	case goenv.Value(env, linker.Variable) != "":
		return finding{what, true, fmt.Sprintf("%s at %s, from %s", l.Name, l.Path, linker.Variable), ""}
	case l.Name == "":
		return finding{what, true, "the C compiler's", ""}
	}
	return finding{what, true, l.Name + " at " + l.Path, ""}
}

// backends says one line for each installed back end, with its speed, and one for each missing
// one, with how to get it. It keeps the times that it measures.
func backends(ctx context.Context, w backend.Where, speed bool, say func(finding)) error {
	present := map[string]backend.Present{}
	for _, b := range backend.Find(w, os.Getenv) {
		present[b.Name] = b
	}
	var peer backend.Peer
	var hasPeer bool
	if speed {
		var err error
		if peer, hasPeer, err = backend.MeasurePeer(ctx, w); err != nil {
			return err
		}
	}
	var times []measured.BackEnd
	for _, name := range append([]string{"go"}, backend.Names...) {
		what := "back end " + name
		b, here := present[name]
		if !here {
			say(finding{what, false, "", "go run ./kernel install --backend " + name})
			continue
		}
		detail := strings.Join(b.Setting.Environ(), " ")
		if speed {
			m, err := backend.Measure(ctx, w, b)
			if err != nil {
				f := finding{what, false, fmt.Sprintf("%s, but it fails: %v", detail, err), "go run ./kernel install --backend " + name}
				if name == "go" {
					f.fix = "" // it comes with the project
				}
				say(f)
				continue
			}
			times = append(times, m)
			took := fmt.Sprintf("%.0f ms a step on images, %.0f on features", 1000*m.Images, 1000*m.Features)
			if hasPeer {
				took += fmt.Sprintf(" (%.2f and %.2f of PyTorch %s)", m.Images/peer.Images, m.Features/peer.Features, peer.Version)
			}
			detail = took + ", with " + detail
		}
		say(finding{what, true, detail, ""})
	}
	if !speed {
		return nil
	}
	return backend.Keep(w, times)
}

func jupyterProgram(ctx context.Context) finding {
	version, err := said(ctx, "jupyter", "--version")
	if err != nil {
		return finding{"Jupyter", false, "for notebooks in a browser; demo and run work without it", "pip install jupyterlab"}
	}
	for l := range strings.Lines(version) {
		if name, v, ok := strings.Cut(l, ":"); ok && strings.TrimSpace(name) == "jupyterlab" && !strings.Contains(v, "not installed") {
			return finding{"Jupyter", true, "jupyterlab " + strings.TrimSpace(v), ""}
		}
	}
	return finding{"Jupyter", true, "without JupyterLab; any front end works", "pip install jupyterlab"}
}

// kernelInstalled reports the kernel that Jupyter finds. It may belong to another checkout,
// and import that one's packages.
func kernelInstalled(ctx context.Context, root string) finding {
	const what, fix = "Jupyter kernel", "go run ./kernel install"
	dirs := []string{}
	if user, err := kernelspec.DataDir(runtime.GOOS, os.Getenv); err == nil {
		dirs = append(dirs, user)
	}
	if prefix, err := said(ctx, "python3", "-c", "import sys; print(sys.prefix)"); err == nil {
		dirs = append(dirs, filepath.Join(prefix, "share", "jupyter"))
	}
	for _, dir := range dirs {
		args, err := kernelspec.Argv(kernelspec.Dir(dir, kernelspec.Name))
		if err != nil {
			continue
		}
		found := kernelspec.DisplayName + " in " + kernelspec.Dir(dir, kernelspec.Name)
		if at := slices.Index(args, "--project"); at >= 0 && at+1 < len(args) && args[at+1] != root {
			return finding{what, false, found + " runs the checkout in " + args[at+1] + ", which this replaces:", fix}
		}
		return finding{what, true, found, ""}
	}
	return finding{what, false, "", fix}
}

func data() finding {
	const what = "data"
	dir := os.Getenv("SDT_DATA")
	entries, err := os.ReadDir(dir)
	if dir == "" || err != nil {
		return finding{what, false, "the synthetic sets need none; for your own:", "export SDT_DATA=/path/to/folder"}
	}
	return finding{what, true, fmt.Sprintf("%s, %d entries", dir, len(entries)), ""}
}

func npmProgram(ctx context.Context) finding {
	version, err := said(ctx, "npm", "--version")
	if err != nil {
		return finding{"npm", false, "fetches the chart script, and ONNX Runtime if GitHub cannot be reached", "install Node.js (apt-get install npm)"}
	}
	return finding{"npm", true, firstOf(version), ""}
}

func script(cache string) finding {
	const what = "chart script"
	if given := os.Getenv("SDT_ECHARTS"); given != "" {
		if _, err := os.Stat(given); err != nil {
			return finding{what, false, "SDT_ECHARTS: " + err.Error(), "unset SDT_ECHARTS"}
		}
		return finding{what, true, given, ""}
	}
	if _, err := os.Stat(echarts.Path(cache)); err == nil {
		return finding{what, true, echarts.Path(cache), ""}
	}
	if npm.Available() {
		return finding{what, true, "npm will fetch it for the first report", ""}
	}
	return finding{what, false, "charts in reports need a network", "export SDT_ECHARTS=/path/to/echarts.min.js"}
}

// said returns what a program prints, trimmed.
func said(ctx context.Context, program string, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, program, args...).Output()
	return strings.TrimSpace(string(out)), err
}

func firstOf(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
