package project

import (
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func TestEnviron(t *testing.T) {
	sep := string(os.PathListSeparator)
	cwd := filepath.FromSlash("/work")
	fast := "simd"
	if runtime.GOARCH != "amd64" {
		fast = ""
	}
	for _, row := range []struct {
		name string
		base []string
		want map[string]string
	}{
		{"nothing set", []string{"PATH=/bin"},
			map[string]string{"PATH": "/tools" + sep + "/bin", "GOEXPERIMENT": fast, "GOMLX_NO_AUTO_INSTALL": "1"}},
		{"the user decides, with an empty value too", []string{"PATH=/bin", "GOEXPERIMENT=", "GOMLX_NO_AUTO_INSTALL=0"},
			map[string]string{"PATH": "/tools" + sep + "/bin"}},
		{"relative paths hold in the notebook's folder", []string{"PATH=/bin", "GOEXPERIMENT=x", "GOMLX_NO_AUTO_INSTALL=1", "SDT_DATA=../data", "SDT_ECHARTS=/abs/e.js"},
			map[string]string{"PATH": "/tools" + sep + "/bin", "SDT_DATA": filepath.FromSlash("/data")}},
	} {
		if row.want["GOEXPERIMENT"] == "" {
			delete(row.want, "GOEXPERIMENT")
		}
		if got := Environ(row.base, cwd, "/tools"); !maps.Equal(got, row.want) {
			t.Errorf("%s: got %v, want %v", row.name, got, row.want)
		}
	}
}
