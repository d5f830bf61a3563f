package weightfile

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The line for shards finds them in a folder with any name, and writes no file if it finds none.
func TestShardsInAnyFolder(t *testing.T) {
	for _, row := range []struct{ folder, pattern string }{
		{"m", "m/*-of-00002.safetensors"},
		{"m[1]", "m[[]1]/*-of-00002.safetensors"},
		{"m*?[a-z]", "m[*][?][[]a-z]/*-of-00002.safetensors"},
	} {
		dir := filepath.Join(t.TempDir(), row.folder)
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, "net-00001-of-00002.safetensors")
		if err := os.WriteFile(path, safetensorsFile(t, tiny(AlexNet).tensors()[:2], false), 0o600); err != nil {
			t.Fatal(err)
		}
		want := fmt.Sprintf(`glob("%s/%s")`, filepath.Dir(dir), row.pattern)
		if _, err := ReadTorch(path, tiny(AlexNet)); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "; assert d, ") {
			t.Errorf("error %v, want one that says %s, and asserts that there is something to save", err, want)
		}
		if _, err := ReadTorch(dir, tiny(AlexNet)); err == nil || !strings.Contains(err.Error(), "such as "+path) {
			t.Errorf("error %v, want one that names %s", err, path)
		}
	}
}
