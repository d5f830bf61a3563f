package backend

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/sdtlab/sdtlab/internal/measured"
	"github.com/sdtlab/sdtlab/kernel/internal/atomicfile"
)

// Present is an installed back end.
type Present struct {
	Name    string // "go", "onnx", "xla-cpu" or "xla-cuda"
	Setting Setting
}

// Find returns the installed back ends: in the place that the environment names, where the
// upstream installers put them, and in our cache. Pure Go is always one of them.
func Find(w Where, getenv func(string) string) []Present {
	all := []Present{{"go", Setting{{"GOMLX_BACKEND", "go"}}}}
	lib := homeLib(getenv)
	library, _ := filepath.Glob(filepath.Join(lib, "onnxruntime", "libonnxruntime.*"))
	for _, path := range append([]string{getenv("ONNXRUNTIME_SHARED_LIBRARY_PATH"), onnxPath(w.Cache)}, library...) {
		if isFile(path) {
			all = append(all, Present{"onnx", onnxSetting(path)})
			break
		}
	}
	if cpuPlugin.isHere(w.Cache) {
		all = append(all, Present{"xla-cpu", cpuPlugin.setting(w.Cache)})
	} else if found, _ := filepath.Glob(filepath.Join(lib, "go-xla", "pjrt_c_api_cpu_*plugin.*[^k]")); len(found) > 0 { // not .lock
		all = append(all, Present{"xla-cpu", Setting{{"GOMLX_BACKEND", "xla:cpu"}}})
	}
	if found, _ := filepath.Glob(filepath.Join(lib, "go-xla", "nvidia", "pjrt_c_api_cuda_plugin.so")); len(found) > 0 {
		all = append(all, Present{"xla-cuda", Setting{{"GOMLX_BACKEND", "xla:cuda"}}})
	}
	return all
}

// homeLib returns where the upstream installers put what they fetch.
func homeLib(getenv func(string) string) string {
	home := getenv("HOME")
	switch runtime.GOOS {
	case "darwin":
		return filepath.Join(home, "Library", "Application Support")
	case "windows":
		return filepath.Join(getenv("USERPROFILE"), "AppData", "Local")
	}
	return filepath.Join(home, ".local", "lib")
}

// Measure compiles a small program and times steps of training on a back end.
func Measure(ctx context.Context, w Where, b Present) (measured.BackEnd, error) {
	m := measured.BackEnd{Name: b.Name, Environ: b.Setting.Environ()}
	if b.Name == "xla-cpu" && cpuPlugin.isHere(w.Cache) { // a damaged library can end the process that loads it
		if err := cpuPlugin.file.Check(cpuPlugin.path(w.Cache)); err != nil {
			return m, fmt.Errorf("it is damaged: %w", err)
		}
	}
	p := program1(w, "steps.go")
	p.env = b.Setting.Environ()
	if runtime.GOARCH == "amd64" && os.Getenv("GOEXPERIMENT") == "" {
		p.env = append(p.env, "GOEXPERIMENT=simd")
	}
	out, err := p.run(ctx, io.Discard)
	if err != nil {
		return m, err
	}
	if _, err := fmt.Sscan(out, &m.Images, &m.Features); err != nil {
		return m, fmt.Errorf("time %s: it printed %q: %w", b.Name, out, err)
	}
	return m, nil
}

// Keep writes times for the programs that choose a back end.
func Keep(w Where, all []measured.BackEnd) error {
	data, err := measured.Times{Machine: measured.Machine(), BackEnds: all}.Encode()
	if err != nil {
		return err
	}
	return atomicfile.Write(measured.Path(w.Cache), data, 0o644)
}

// MeasureNew measures the installed back ends that have no times yet, and keeps them with the
// others. It returns all times, and why some have none.
func MeasureNew(ctx context.Context, w Where, getenv func(string) string, remarks io.Writer) ([]measured.BackEnd, error) {
	all, err := measured.Read(w.Cache)
	if err != nil {
		return nil, err
	}
	var failed []error
	for _, b := range Find(w, getenv) {
		if slices.ContainsFunc(all, func(m measured.BackEnd) bool { return m.Name == b.Name && slices.Equal(m.Environ, b.Setting.Environ()) }) {
			continue
		}
		all = slices.DeleteFunc(all, func(m measured.BackEnd) bool { return m.Name == b.Name })
		fmt.Fprintf(remarks, "timing some steps of training on %s\n", b.Name)
		m, err := Measure(ctx, w, b)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", b.Name, err))
			continue
		}
		all = append(all, m)
	}
	return all, errors.Join(append(failed, Keep(w, all))...)
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return path != "" && err == nil && info.Mode().IsRegular()
}
