package backend

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/gomlx/compute"

	"github.com/sdtlab/sdtlab/internal/cachedir"
	"github.com/sdtlab/sdtlab/internal/measured"
)

// Choose returns the back end for networks on images, or on features, and a sentence that says
// why if there is something to say. It is the one that $GOMLX_BACKEND names; otherwise one that
// already computed results that are to be resumed, as [Identify] names them, the newest first;
// otherwise the fastest that was measured on this machine; and pure Go if none was.
func Choose(images bool, before []string) (b compute.Backend, why string, err error) {
	if config := os.Getenv(compute.ConfigEnvVar); config != "" {
		if b, err = open(config); err != nil {
			return nil, "", fmt.Errorf("%s is %q: %w", compute.ConfigEnvVar, config, err)
		}
		if len(before) > 0 && !slices.Contains(before, Identify(b)) {
			why = fmt.Sprintf("the results here are of the back end %s: on %s it trains anew", short(before[0]), short(Identify(b)))
		}
		return b, why, nil
	}
	order := measured.Fastest(installed(), images)
	var remarks []string
	if len(before) > 0 {
		old, b, err := resumed(before[0], order)
		switch {
		case err != nil:
			remarks = append(remarks, fmt.Sprintf("the results here are of the back end %s, which is not here", short(before[0])))
		case len(order) == 0 || order[0].Name == old:
			return b, "", nil
		default:
			return b, fmt.Sprintf("computing on %s, as the results here; %s is faster: use another run directory, or set %s=%s", old, order[0].Name, compute.ConfigEnvVar, order[0].Name), nil
		}
	}
	var failed []string
	for _, m := range order {
		if b, err = use(m); err == nil {
			return b, strings.Join(slices.Concat(remarks, []string{reason(m, order, images)}, failed, faster(order)), "; "), nil
		}
		failed = append(failed, fmt.Sprintf("%s cannot be used: %v", m.Name, err))
	}
	b, err = Of("go")
	remarks = slices.Concat(remarks, []string{"computing on pure Go"}, failed)
	return b, strings.Join(append(remarks, "go run ./kernel doctor measures the back ends that are installed, and the fastest is used from then on"), "; "), err
}

// resumed opens the back end that computed results, as [Identify] names it, if it was measured or
// is pure Go.
func resumed(identity string, all []measured.BackEnd) (name string, b compute.Backend, err error) {
	name = short(identity)
	if i := slices.IndexFunc(all, func(m measured.BackEnd) bool { return m.Name == name }); i >= 0 {
		b, err = use(all[i])
		return name, b, err
	}
	if identity != Go {
		return name, nil, errNotHere
	}
	b, err = Of(name)
	return name, b, err
}

// installed returns the back ends with measured times. If they cannot be read there are none: the
// doctor says what is wrong.
func installed() []measured.BackEnd {
	cache, err := cachedir.Path()
	if err != nil {
		return nil
	}
	all, err := measured.Read(cache)
	if err != nil {
		return nil
	}
	return all
}

// use opens a measured back end.
func use(m measured.BackEnd) (compute.Backend, error) {
	prepare(m)
	return open(m.Config())
}

// prepare sets what else a measured back end needs: where ONNX Runtime's library is.
func prepare(m measured.BackEnd) {
	for _, kv := range m.Environ {
		if name, value, _ := strings.Cut(kv, "="); name != compute.ConfigEnvVar && os.Getenv(name) == "" {
			os.Setenv(name, value)
		}
	}
}

// measuredAs returns the setting of a measured back end that is called by its name, "xla-cpu";
// other settings stay as they are.
func measuredAs(config string) string {
	if config == "go" {
		return config
	}
	for _, m := range installed() {
		if m.Name == config {
			prepare(m)
			return m.Config()
		}
	}
	return config
}

// reason says why a back end was chosen.
func reason(chosen measured.BackEnd, all []measured.BackEnd, images bool) string {
	step, on := func(m measured.BackEnd) float64 { return 1000 * m.Features }, "features"
	if images {
		step, on = func(m measured.BackEnd) float64 { return 1000 * m.Images }, "images"
	}
	text := fmt.Sprintf("computing on %s, the fastest measured here (%.0f ms a step on %s", chosen.Name, step(chosen), on)
	for _, m := range all {
		if m.Name != chosen.Name {
			text += fmt.Sprintf(", %s %.0f ms", m.Name, step(m))
		}
	}
	return text + ")"
}

// faster says which back end this machine could have that may be the fastest, if there is one.
func faster(all []measured.BackEnd) []string {
	has := func(name string) bool {
		return slices.ContainsFunc(all, func(m measured.BackEnd) bool { return m.Name == name })
	}
	name := ""
	if gpus, _ := filepath.Glob("/dev/nvidia[0-9]*"); len(gpus) > 0 && !has("xla-cuda") {
		name = "xla-cuda"
	} else if !has("xla-cpu") && !has("xla-cuda") {
		name = "xla-cpu"
	}
	if name == "" || runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		return nil
	}
	return []string{fmt.Sprintf("%s may be faster: go run ./kernel install --backend %s", name, name)}
}

// errNotHere reports a back end that was not measured on this machine.
var errNotHere = errors.New("not measured on this machine")

// short names a back end as kernel install does, from what [Identify] calls it.
func short(identity string) string {
	switch identity {
	case Go:
		return "go"
	case ONNXRuntime:
		return "onnx"
	case xlaNames[0]:
		return "xla-cuda"
	}
	return identity
}
