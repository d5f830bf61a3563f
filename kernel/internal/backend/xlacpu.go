package backend

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"github.com/sdtlab/sdtlab/internal/pypi"
	"github.com/sdtlab/sdtlab/kernel/internal/wheel"
)

// plugin is a plugin of XLA in a wheel, pinned.
type plugin struct {
	version string
	wheel   wheel.Wheel
	file    wheel.Pinned
}

// cpuPlugin is XLA's CPU plugin, as JAX 0.11.2 has it, in a wheel that the project
// lammps-jax builds. It needs linux/amd64 and glibc 2.27 or later.
var cpuPlugin = plugin{
	version: "0.11.2",
	wheel: wheel.Wheel{Project: "lammps-jax-pjrt-cpu", Pinned: wheel.Pinned{
		Name:   "lammps_jax_pjrt_cpu-0.11.2-py3-none-manylinux_2_27_x86_64.whl",
		Size:   62_711_338,
		SHA256: "1319390d948b39f69f7dade496b7c385149d9ca6097a6b62114da113216d9ad1",
	}},
	file: wheel.Pinned{
		Name:   "lammps_jax_pjrt_cpu/pjrt_c_api_cpu_plugin.so",
		Size:   201_600_336,
		SHA256: "ad1309ac822b1b24d51b7f9947c7c9fa9ef5d67f390584cbc3d1fa2428fed9c2",
	},
}

// path returns where the plugin is kept. GoMLX takes it for the CPU's by the cpu in its name.
func (p plugin) path(cache string) string {
	return filepath.Join(cache, "xla-cpu-"+p.version, "pjrt_c_api_cpu_plugin.so")
}

func (p plugin) setting(cache string) Setting {
	return Setting{{"GOMLX_BACKEND", "xla:" + p.path(cache)}}
}

// isHere reports whether the plugin is in the cache, by its size: the sum takes a second.
func (p plugin) isHere(cache string) bool {
	info, err := os.Stat(p.path(cache))
	return err == nil && info.Mode().IsRegular() && info.Size() == p.file.Size
}

// installXLACPU takes the pinned plugin from the Python package index, and where that has no
// answer, or on other systems, what go-xla's installer downloads from GitHub. The wheel comes
// first because it is checked: the installer has no sums, and no time-outs where GitHub is
// blocked.
func installXLACPU(ctx context.Context, w Where, p plugin, remarks io.Writer) (Setting, error) {
	var failed error
	settings := " (HTTPS_PROXY names a proxy)"
	if runtime.GOOS == "linux" && runtime.GOARCH == "amd64" {
		if failed = p.install(ctx, w.Cache, remarks); failed == nil {
			return p.setting(w.Cache), nil
		}
		var wrong *wheel.SumError
		var away *pypi.Unreachable
		switch {
		case errors.As(failed, &wrong):
			return nil, fmt.Errorf("install xla-cpu: %w: it was changed, so nothing of it is used", failed)
		case errors.As(failed, &away):
			failed = away // it has said what it fetches
		}
		settings = " (PIP_INDEX_URL names another index, HTTPS_PROXY a proxy)"
	}
	err := reachable(ctx, "https://github.com")
	if err == nil {
		if failed != nil {
			fmt.Fprintln(remarks, failed)
		}
		err = upstream(ctx, w, "cpu", remarks)
	}
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err == nil:
		return Setting{{"GOMLX_BACKEND", "xla:cpu"}}, nil
	case failed != nil:
		err = fmt.Errorf("%w; %w", failed, err)
	}
	return nil, fmt.Errorf("install xla-cpu: %w%s", err, advice(err, settings))
}

// install makes sure that the plugin is in the cache, unharmed.
func (p plugin) install(ctx context.Context, cache string, remarks io.Writer) error {
	path := p.path(cache)
	if _, err := os.Stat(path); err == nil {
		if err = p.file.Check(path); err == nil {
			return nil
		}
		fmt.Fprintf(remarks, "%v: it is damaged, and is fetched again\n", err)
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	index, err := pypi.FromPip()
	if err != nil {
		return err
	}
	fmt.Fprintf(remarks, "fetching XLA's plugin for the CPU, %s (%.0f MB), from %s; unpacked, it takes %.0f MB\n",
		p.wheel.Name, float64(p.wheel.Size)/1e6, index, float64(p.file.Size)/1e6)
	stop := ticking(remarks)
	defer stop()
	return p.wheel.Fetch(ctx, index, p.file, path)
}
