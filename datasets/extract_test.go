package datasets

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// zipOf and tarOf make archives of name and content pairs; a content of "→x" is a
// symbolic link to x.
func zipOf(t *testing.T, entries [][2]string) []byte {
	t.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for _, e := range entries {
		header := &zip.FileHeader{Name: e[0], Method: zip.Deflate}
		to, link := strings.CutPrefix(e[1], "→")
		if header.SetMode(0o644); link {
			header.SetMode(os.ModeSymlink | 0o777)
		}
		w, err := z.CreateHeader(header)
		if err != nil {
			t.Fatal(err)
		}
		w.Write([]byte(to))
	}
	z.Close()
	return buf.Bytes()
}

func tarOf(t *testing.T, entries [][2]string) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := tar.NewWriter(&buf)
	for _, e := range entries {
		header := &tar.Header{Name: e[0], Mode: 0o644, Size: int64(len(e[1])), Typeflag: tar.TypeReg}
		if to, link := strings.CutPrefix(e[1], "→"); link {
			header.Typeflag, header.Linkname, header.Size = tar.TypeSymlink, to, 0
		}
		if err := w.WriteHeader(header); err != nil {
			t.Fatal(err)
		}
		if header.Typeflag == tar.TypeReg {
			w.Write([]byte(e[1]))
		}
	}
	w.Close()
	return gzipped(t, buf.Bytes())
}

func TestExtract(t *testing.T) {
	entries := [][2]string{{"amazon/images/mug/a.jpg", "A"}, {"amazon/images/pen/b.jpg", "B"}, {"./c", "C"}}
	for kind, archive := range map[string][]byte{"zip": zipOf(t, entries), "tar.gz": tarOf(t, entries)} {
		dir := filepath.Join(t.TempDir(), "set")
		if err := Extract(write(t, "archive", archive), dir, ExtractLimits{}); err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		for _, e := range entries {
			if got, err := os.ReadFile(filepath.Join(dir, e[0])); err != nil || string(got) != e[1] {
				t.Errorf("%s: %s holds %q, %v", kind, e[0], got, err)
			}
		}
		if err := Extract(write(t, "archive", archive), dir, ExtractLimits{}); err == nil {
			t.Errorf("%s: unpacked over what is there", kind)
		}
	}
}

func TestExtractRefuses(t *testing.T) {
	for _, row := range []struct {
		why     string
		entries [][2]string
		says    string
	}{
		{"climbs", [][2]string{{"ok", "A"}, {"../evil", "B"}}, `"../evil"`},
		{"climbs later", [][2]string{{"a/../../evil", "B"}}, `"a/../../evil"`},
		{"absolute", [][2]string{{"/tmp/evil", "B"}}, `"/tmp/evil"`},
		{"a link", [][2]string{{"link", "→/etc"}, {"link/x", "B"}}, `"link"`},
		{"twice one name", [][2]string{{"a", "A"}, {"a", "B"}}, `"a"`},
		{"too large together", [][2]string{{"a", strings.Repeat("x", 60)}, {"b", strings.Repeat("x", 60)}}, "more than 100 bytes"},
		{"too many", [][2]string{{"a", ""}, {"b", ""}, {"c", ""}, {"d", ""}}, "more than 3 entries"},
	} {
		for kind, archive := range map[string][]byte{"zip": zipOf(t, row.entries), "tar.gz": tarOf(t, row.entries)} {
			parent := t.TempDir()
			path := write(t, "archive", archive)
			err := Extract(path, filepath.Join(parent, "set"), ExtractLimits{Bytes: 100, Files: 3})
			if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), row.says) {
				t.Errorf("%s, %s: error %v, want one that names the archive and says %s", row.why, kind, err, row.says)
			}
			if left, _ := os.ReadDir(parent); len(left) != 0 {
				t.Errorf("%s, %s: %v is left", row.why, kind, left)
			}
		}
	}
	whole := tarOf(t, [][2]string{{"a", strings.Repeat("A", 5000)}})
	for why, archive := range map[string][]byte{"empty": nil, "text": []byte("no archive"), "cut": whole[:len(whole)/2], "cut zip": zipOf(t, [][2]string{{"a", "A"}})[:30]} {
		if err := Extract(write(t, "archive", archive), filepath.Join(t.TempDir(), "set"), ExtractLimits{}); err == nil {
			t.Errorf("%s: unpacked", why)
		}
	}
}
