package pypi

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// The index is the one that pip takes: the environment's, then that of the first of pip's
// files that names one, then PyPI.
func TestFromPip(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skipf("%s: pip has its files elsewhere", t.Name())
	}
	for _, row := range []struct {
		why   string
		env   string            // NAME=value, words; HOME is the folder of the files
		files map[string]string // in HOME
		want  string
	}{
		{"nothing is set", "", nil, public},
		{"the environment", "PIP_INDEX_URL=https://env.example/", map[string]string{".config/pip/pip.conf": "[global]\nindex-url = https://user.example/"}, "https://env.example/"},
		{"an empty one in the environment", "PIP_INDEX_URL=", map[string]string{".config/pip/pip.conf": "[global]\nindex-url = https://user.example/"}, "https://user.example/"},
		{"the user's folder", "XDG_CONFIG_HOME=HOME/c", map[string]string{"c/pip/pip.conf": "[global]\nindex-url = https://user.example/"}, "https://user.example/"},
		{"the user's old file", "", map[string]string{".pip/pip.conf": "[global]\nindex-url = https://old.example/"}, "https://old.example/"},
		{"the new one first", "", map[string]string{".pip/pip.conf": "[global]\nindex-url = https://old.example/", ".config/pip/pip.conf": "[global]\nindex_url: https://new.example/"}, "https://new.example/"},
		{"the virtual environment's", "VIRTUAL_ENV=HOME/venv", map[string]string{"venv/pip.conf": "[global]\nindex-url=https://venv.example/", ".pip/pip.conf": "[global]\nindex-url = https://old.example/"}, "https://venv.example/"},
		{"a file that is given", "VIRTUAL_ENV=HOME/venv PIP_CONFIG_FILE=HOME/x", map[string]string{"x": "[global]\nINDEX-URL = https://given.example/\n", "venv/pip.conf": "[global]\nindex-url=https://venv.example/"}, "https://given.example/"},
		{"a file that is given, without an index, is in place of the user's", "PIP_CONFIG_FILE=HOME/x", map[string]string{"x": "[global]\ntimeout = 3\n", ".pip/pip.conf": "[global]\nindex-url = https://old.example/"}, public},
		{"no files", "PIP_CONFIG_FILE=/dev/null", map[string]string{".pip/pip.conf": "[global]\nindex-url = https://old.example/"}, public},
		{"another section, and comments", "", map[string]string{".pip/pip.conf": "[global]\n# index-url = https://a.example/\n; index-url = https://b.example/\nextra-index-url = https://c.example/\n[search]\nindex-url = https://d.example/"}, public},
	} {
		home := t.TempDir()
		for _, name := range []string{"PIP_INDEX_URL", "PIP_CONFIG_FILE", "VIRTUAL_ENV", "XDG_CONFIG_HOME"} {
			t.Setenv(name, "")
		}
		t.Setenv("HOME", home)
		for _, set := range strings.Fields(strings.ReplaceAll(row.env, "HOME/", home+"/")) {
			name, value, _ := strings.Cut(set, "=")
			t.Setenv(name, value)
		}
		for name, text := range row.files {
			path := filepath.Join(home, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if index, err := FromPip(); err != nil || index.String() != row.want {
			t.Errorf("%s: %v, %v, want %s", row.why, index, err, row.want)
		}
	}
}

// An address that is none is an error that says where it stands, and hides the password.
func TestFromPipFails(t *testing.T) {
	t.Setenv("PIP_INDEX_URL", "https://me:secret@ho st/")
	if _, err := FromPip(); err == nil || strings.Contains(err.Error(), "secret") || !strings.HasPrefix(err.Error(), "PIP_INDEX_URL: ") {
		t.Errorf("%v", err)
	}
}
