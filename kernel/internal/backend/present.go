package backend

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
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

// Speed compiles a small program and times a matrix product on a back end, in GFLOP/s of
// float32.
func Speed(ctx context.Context, w Where, b Present) (float64, error) {
	if b.Name == "xla-cpu" && cpuPlugin.isHere(w.Cache) { // a damaged library can end the process that loads it
		if err := cpuPlugin.file.Check(cpuPlugin.path(w.Cache)); err != nil {
			return 0, fmt.Errorf("it is damaged: %w", err)
		}
	}
	p := program1(w, "speed.go")
	switch b.Name {
	case "onnx":
		p.files = append(p.files, "speed_onnx.go")
	case "xla-cpu", "xla-cuda":
		p.files = append(p.files, "speed_xla.go")
	}
	p.env = append(b.Setting.Environ(), "GOMLX_NO_AUTO_INSTALL=1")
	if runtime.GOARCH == "amd64" && os.Getenv("GOEXPERIMENT") == "" {
		p.env = append(p.env, "GOEXPERIMENT=simd")
	}
	out, err := p.run(ctx, io.Discard)
	if err != nil {
		return 0, err
	}
	speed, err := strconv.ParseFloat(out, 64)
	if err != nil {
		return 0, fmt.Errorf("time %s: %w", b.Name, err)
	}
	return speed, nil
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return path != "" && err == nil && info.Mode().IsRegular()
}
