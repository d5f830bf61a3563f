package backend

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"runtime"
	"time"

	"github.com/sdtlab/sdtlab/kernel/internal/npm"
)

// onnxVersion is the ONNX Runtime that compute-onnx was written for: its C API is version
// 26.
const onnxVersion = "1.26.0"

// onnxPackage carries the same library for Node, for each platform.
var onnxPackage = npm.Package{
	Name: "onnxruntime-node", Version: onnxVersion,
	Integrity: "sha512-OHl6PiOEOqxaLHL0N9eFrbzS7IGmu3BtJNH3RTEnRAheCIkfc3gjcjl4sGcjp9C22ZC9YTquDOxSdT/stBQ6BQ==",
}

// onnxFiles is the library in onnxPackage, by platform.
var onnxFiles = map[string]string{
	"linux/amd64":  "bin/napi-v6/linux/x64/libonnxruntime.so.1",
	"linux/arm64":  "bin/napi-v6/linux/arm64/libonnxruntime.so.1",
	"darwin/arm64": "bin/napi-v6/darwin/arm64/libonnxruntime." + onnxVersion + ".dylib",
}

func onnxSetting(library string) Setting {
	return Setting{{"GOMLX_BACKEND", "onnx:cpu"}, {"ONNXRUNTIME_SHARED_LIBRARY_PATH", library}}
}

// onnxPath returns where the library from npm is kept.
func onnxPath(cache string) string {
	return filepath.Join(cache, "onnxruntime-"+onnxVersion, filepath.Base(onnxFiles[runtime.GOOS+"/"+runtime.GOARCH]))
}

// installONNX tries compute-onnx's own installer, which downloads from GitHub, and then
// npm's package of the same version, checked against a pinned sum. A library that came from
// npm earlier is not fetched again: it was written complete, after the check.
func installONNX(ctx context.Context, w Where, remarks io.Writer) (Setting, error) {
	if isFile(onnxPath(w.Cache)) {
		return onnxSetting(onnxPath(w.Cache)), nil
	}
	own := reachable(ctx, "https://github.com")
	if own == nil {
		fmt.Fprintf(remarks, "fetching ONNX Runtime %s with compute-onnx's installer\n", onnxVersion)
		var library string
		if library, own = program1(w, "onnx.go", onnxVersion).run(ctx, remarks); own == nil {
			return onnxSetting(library), nil
		}
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	file := onnxFiles[runtime.GOOS+"/"+runtime.GOARCH]
	var other error
	switch {
	case file == "":
		other = fmt.Errorf("npm's %s has no library for %s/%s", onnxPackage, runtime.GOOS, runtime.GOARCH)
	case !npm.Available():
		other = errors.New("npm, which could fetch it instead, is not installed")
	default:
		fmt.Fprintf(remarks, "its installer cannot reach GitHub; fetching npm package %s (about 100 MB)\n", onnxPackage)
		stop := ticking(remarks)
		other = onnxPackage.Fetch(ctx, map[string]string{file: onnxPath(w.Cache)})
		stop()
	}
	if other == nil {
		return onnxSetting(onnxPath(w.Cache)), nil
	}
	return nil, fmt.Errorf("install onnx: %w; %w: try again with access to GitHub, or set ONNXRUNTIME_SHARED_LIBRARY_PATH to a libonnxruntime of version %s", own, other, onnxVersion)
}

// reachable returns nil if a server answers within ten seconds, through the proxy of the
// environment, if any.
func reachable(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodHead, url, nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("%w to %s", errNetwork, request.URL.Host)
	}
	return answer.Body.Close()
}

// ticking prints a dot a second until it is stopped: npm reports no progress to a program.
func ticking(w io.Writer) (stop func()) {
	done := make(chan struct{})
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		t := time.NewTicker(time.Second)
		defer t.Stop()
		for {
			select {
			case <-t.C:
				fmt.Fprint(w, ".")
			case <-done:
				fmt.Fprintln(w)
				return
			}
		}
	}()
	return func() { close(done); <-gone }
}
