package backend

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/kernel/internal/wheel"
)

// served returns a plugin in a wheel on an index of its own, which counts the requests for
// the wheel.
func served(t *testing.T, content string) (p plugin, asked *int) {
	t.Helper()
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		t.Skipf("%s: the wheel is for linux/amd64", t.Name())
	}
	sum := func(b []byte) string {
		s := sha256.Sum256(b)
		return hex.EncodeToString(s[:])
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	f, err := z.Create("p/plugin.so")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	asked = new(int)
	mux := http.NewServeMux()
	mux.HandleFunc("/simple/p/", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<a href="/files/p">p.whl</a>`)
	})
	mux.HandleFunc("/files/p", func(w http.ResponseWriter, _ *http.Request) { *asked++; w.Write(b.Bytes()) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	t.Setenv("PIP_INDEX_URL", server.URL+"/simple")
	return plugin{
		version: "1",
		wheel:   wheel.Wheel{Project: "p", Pinned: wheel.Pinned{Name: "p.whl", Size: int64(b.Len()), SHA256: sum(b.Bytes())}},
		file:    wheel.Pinned{Name: "p/plugin.so", Size: int64(len(content)), SHA256: sum([]byte(content))},
	}, asked
}

// XLA's plugin is fetched once, into the cache, after a message that says what, how large
// and from where. One that is damaged there is noticed, and fetched again.
func TestInstallXLACPU(t *testing.T) {
	const content = "a plugin"
	p, asked := served(t, content)
	w := Where{Cache: t.TempDir()}
	path := filepath.Join(w.Cache, "xla-cpu-1", "pjrt_c_api_cpu_plugin.so")
	for _, row := range []struct {
		why, before string // before: what is at path, "" for nothing
		asked       int
		says        []string
	}{
		{"the first time", "", 1, []string{"p.whl (0 MB), from " + os.Getenv("PIP_INDEX_URL") + ";"}},
		{"again", content, 0, nil},
		{"damaged", "a plugix", 1, []string{path + " has SHA-256 ", "it is damaged, and is fetched again\n", "p.whl"}},
		{"cut short", "a plu", 1, []string{"it is damaged", "p.whl"}},
		{"of another version, longer", "a plugin and more", 1, []string{"more than 8 bytes", "it is damaged", "p.whl"}},
	} {
		if row.before != "" {
			if err := os.WriteFile(path, []byte(row.before), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		*asked = 0
		var said bytes.Buffer
		setting, err := installXLACPU(t.Context(), w, p, &said)
		if err != nil || len(setting) != 1 || setting[0] != [2]string{"GOMLX_BACKEND", "xla:" + path} {
			t.Errorf("%s: %v, %v", row.why, setting, err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != content {
			t.Errorf("%s: %q, %v", row.why, got, err)
		}
		if *asked != row.asked {
			t.Errorf("%s: %d requests, want %d", row.why, *asked, row.asked)
		}
		for _, says := range row.says {
			if !strings.Contains(said.String(), says) {
				t.Errorf("%s: it says\n%s\nwant %q", row.why, said.String(), says)
			}
		}
		if row.says == nil && said.Len() > 0 {
			t.Errorf("%s: it says\n%s", row.why, said.String())
		}
	}
}

// A wheel that is not the pinned one ends the installation: the error has both sums, and
// nothing is left.
func TestInstallXLACPURefuses(t *testing.T) {
	p, _ := served(t, "a plugin")
	got := p.wheel.SHA256
	p.wheel.SHA256 = strings.Repeat("0", 64)
	w := Where{Cache: t.TempDir()}
	_, err := installXLACPU(t.Context(), w, p, new(bytes.Buffer))
	for _, says := range []string{"install xla-cpu: ", got, p.wheel.SHA256, "it was changed, so nothing of it is used"} {
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
	filepath.Walk(w.Cache, func(path string, info os.FileInfo, _ error) error {
		if !info.IsDir() {
			t.Errorf("%s is left", path)
		}
		return nil
	})
}

// XLA's plugin in the cache is found, before the one of go-xla's installer, but no part of
// it; one of the right size that is damaged is not timed.
func TestFindXLACPU(t *testing.T) {
	w := Where{Cache: t.TempDir()}
	home := t.TempDir()
	found := func() string {
		for _, b := range Find(w, func(name string) string { return map[string]string{"HOME": home}[name] }) {
			if b.Name == "xla-cpu" {
				return b.Setting[0][1]
			}
		}
		return ""
	}
	write := func(path string, size int64) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, size); err != nil {
			t.Fatal(err)
		}
	}
	if s := found(); s != "" {
		t.Errorf("none is here: %s", s)
	}
	path := cpuPlugin.path(w.Cache)
	write(filepath.Join(filepath.Dir(path), ".part-1"), cpuPlugin.file.Size)
	write(path, cpuPlugin.file.Size-1)
	if s := found(); s != "" {
		t.Errorf("a part of one: %s", s)
	}
	upstream := filepath.Join(homeLib(func(string) string { return home }), "go-xla", "pjrt_c_api_cpu_v0_plugin.so")
	write(upstream+".lock", 0)
	if s := found(); s != "" {
		t.Errorf("the lock of an installation of go-xla's: %s", s)
	}
	write(upstream, 1)
	if s := found(); s != "xla:cpu" {
		t.Errorf("the one of go-xla's installer: %s", s)
	}
	write(path, cpuPlugin.file.Size)
	if s := found(); s != "xla:"+path {
		t.Errorf("the one in the cache: %s", s)
	}
	if _, err := Measure(t.Context(), w, Present{"xla-cpu", cpuPlugin.setting(w.Cache)}); err == nil || !strings.Contains(err.Error(), "it is damaged") {
		t.Errorf("a file of zeros is timed: %v", err)
	}
}
