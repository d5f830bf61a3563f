package engine

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/sdtlab/sdtlab/internal/cachedir"
	"github.com/sdtlab/sdtlab/kernel/internal/goenv"
	"github.com/sdtlab/sdtlab/kernel/internal/jupyter"
	"github.com/sdtlab/sdtlab/kernel/internal/live"
	"github.com/sdtlab/sdtlab/kernel/internal/project"
	"github.com/sdtlab/sdtlab/kernel/internal/remark"
	"github.com/sdtlab/sdtlab/kernel/internal/repl"
	"github.com/sdtlab/sdtlab/kernel/internal/server"
)

// ErrUnsupported is the error on a system where cells cannot be loaded into a process.
var ErrUnsupported = live.ErrUnsupported

// gonbui are the GoNB packages with which programs show things.
var gonbui = []string{
	"github.com/janpfeifer/gonb/gonbui", "github.com/janpfeifer/gonb/gonbui/comms",
	"github.com/janpfeifer/gonb/gonbui/dom", "github.com/janpfeifer/gonb/gonbui/widgets",
}

// Options returns the options of a session with cells that run in a folder.
func Options(ctx context.Context, p project.Project, dir string) (repl.Options, error) {
	cache, err := cachedir.Path()
	if err != nil {
		return repl.Options{}, err
	}
	cwd, err := os.Getwd()
	if err != nil {
		return repl.Options{}, err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return repl.Options{}, err
	}
	o := repl.Options{Module: p.Root, Cache: cache, Dir: dir, Env: os.Environ(), Packages: slices.Clone(gonbui)}
	for name, value := range project.Environ(os.Environ(), cwd) {
		o.Env = append(o.Env, name+"="+value)
	}
	cmd := exec.CommandContext(ctx, "go", "list", "-f", `{{if ne .Name "main"}}{{.ImportPath}} {{.Dir}}{{end}}`, "./...")
	cmd.Dir, cmd.Env = p.Root, goenv.Of(o.Env)
	out, err := cmd.Output()
	if err != nil {
		return repl.Options{}, fmt.Errorf("list the project's packages: %w", err)
	}
	for line := range strings.Lines(string(out)) {
		path, dir, ok := strings.Cut(strings.TrimSpace(line), " ")
		if ok && !strings.Contains(path, "/internal/") {
			o.Packages, o.Watch = append(o.Packages, path), append(o.Watch, dir)
		}
	}
	return o, nil
}

// Prepare compiles what cells can import and returns a function that starts a kernel.
func Prepare(ctx context.Context, p project.Project, tell remark.Teller) (func(ctx context.Context, dir, command string) (Engine, error), error) {
	o, err := Options(ctx, p, ".")
	if err != nil {
		return nil, err
	}
	if o.Base, err = live.Build(ctx, o.Module, o.Cache, o.Env, o.Packages, tell); err != nil {
		return nil, err
	}
	return func(ctx context.Context, dir, command string) (Engine, error) {
		o := o
		if o.Dir, err = filepath.Abs(dir); err != nil {
			return nil, err
		}
		o.Env = append(slices.Clone(o.Env), CommandVariable+"="+command)
		return startLive(ctx, o)
	}, nil
}

// liveKernel is our own kernel, in this process; the values are in another process.
type liveKernel struct {
	client    *jupyter.Client
	info      map[string]any
	evaluator *repl.Evaluator
	asked     bool // the running cell was asked to stop
	temp      string
	end       context.CancelFunc
	ended     chan struct{}
	err       error // valid once ended is closed
}

func startLive(ctx context.Context, o repl.Options) (Engine, error) {
	k := &liveKernel{ended: make(chan struct{})}
	var err error
	if k.evaluator, err = repl.New(o); err != nil {
		return nil, err
	}
	if err := k.evaluator.Ready(ctx); err != nil {
		k.evaluator.Close()
		return nil, err
	}
	if k.temp, err = os.MkdirTemp("", "sdt-"); err != nil {
		k.evaluator.Close()
		return nil, fmt.Errorf("start the kernel: %w", err)
	}
	conn := jupyter.NewConnection(k.temp)
	serving, end := context.WithCancel(context.WithoutCancel(ctx))
	k.end = end
	go func() {
		defer close(k.ended)
		defer end()
		k.err = server.Serve(serving, conn, About(""), k.evaluator)
	}()
	if err := k.connect(ctx, serving, conn); err != nil {
		k.Stop()
		return nil, err
	}
	return k, nil
}

func (k *liveKernel) connect(ctx, serving context.Context, conn jupyter.Connection) error {
	for {
		var err error
		if k.client, err = jupyter.Dial(serving, conn); err == nil {
			k.info, err = k.client.Info(ctx)
			return err
		}
		select {
		case <-k.ended:
			return k.err
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func (k *liveKernel) Talk() *jupyter.Client   { return k.client }
func (k *liveKernel) About() map[string]any   { return k.info }
func (k *liveKernel) Explain(err error) error { return err }
func (k *liveKernel) Program() string         { return "" }

func (k *liveKernel) Tidy(m jupyter.Message) jupyter.Message { return m }

// Interrupt asks the running cell once: a second time would end the process with its
// values.
func (k *liveKernel) Interrupt() error {
	if !k.asked && k.evaluator.Running() {
		k.asked = true
		k.evaluator.Interrupt()
	}
	return nil
}

func (k *liveKernel) Kill() {
	k.evaluator.Interrupt()
	k.evaluator.Interrupt() // which ends the process
}

func (k *liveKernel) Stop() {
	if k.client != nil {
		k.client.Shutdown()
	}
	select {
	case <-k.ended:
	case <-time.After(5 * time.Second):
		k.Kill()
		k.end()
		<-k.ended
	}
	if k.client != nil {
		k.client.Close()
	}
	os.RemoveAll(k.temp)
}
