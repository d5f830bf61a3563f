package kernelspec

import (
	"path/filepath"
	"testing"
)

// The places are those that `jupyter --paths` names on each system.
func TestDataDir(t *testing.T) {
	for _, row := range []struct {
		goos string
		env  map[string]string
		want string
	}{
		{"linux", map[string]string{"HOME": "/home/u"}, "/home/u/.local/share/jupyter"},
		{"linux", map[string]string{"HOME": "/home/u", "XDG_DATA_HOME": "/x"}, "/x/jupyter"},
		{"darwin", map[string]string{"HOME": "/Users/u"}, "/Users/u/Library/Jupyter"},
		{"windows", map[string]string{"APPDATA": "/AppData"}, "/AppData/jupyter"},
		{"darwin", map[string]string{"HOME": "/Users/u", "JUPYTER_DATA_DIR": "/j"}, "/j"},
	} {
		got, err := DataDir(row.goos, func(k string) string { return row.env[k] })
		if err != nil || got != filepath.FromSlash(row.want) {
			t.Errorf("%s %v: %s, %v, want %s", row.goos, row.env, got, err, row.want)
		}
	}
	if got, err := DataDir("linux", func(string) string { return "" }); err == nil {
		t.Errorf("without a home folder: %s, want an error", got)
	}
}
