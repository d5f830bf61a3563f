package datasets

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/sdt"
)

// write puts content into a file of a fresh directory and returns its path.
func write(t testing.TB, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

func gzipped(t testing.TB, content []byte) []byte {
	t.Helper()
	var buf bytes.Buffer
	z := gzip.NewWriter(&buf)
	z.Write(content)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// Two images of 1×3 pixels, as the format's description spells it.
var smallIDX = []byte{0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 10, 20, 30, 40, 50, 60}

func TestReadIDX(t *testing.T) {
	for name, content := range map[string][]byte{"plain": smallIDX, "gzip": gzipped(t, smallIDX)} {
		x, err := ReadIDX(write(t, "images.any", content))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(x.Shape, []int{2, 1, 3}) || !slices.Equal(x.Data, []uint8{10, 20, 30, 40, 50, 60}) {
			t.Errorf("%s: %+v", name, x)
		}
	}
}

// Bytes around the members of a gzip file are not damage.
func TestReadIDXGzipped(t *testing.T) {
	zipped := gzipped(t, smallIDX)
	for why, content := range map[string][]byte{
		"zeros after it, as tapes and block copies leave them": append(slices.Clone(zipped), make([]byte, 5000)...),
		"one zero after it":                append(slices.Clone(zipped), 0),
		"two members":                      append(gzipped(t, smallIDX[:9]), gzipped(t, smallIDX[9:])...),
		"an empty member between them":     slices.Concat(gzipped(t, smallIDX[:9]), gzipped(t, nil), gzipped(t, smallIDX[9:])),
		"zeros between them, as in Python": slices.Concat(gzipped(t, smallIDX[:9]), make([]byte, 9), gzipped(t, smallIDX[9:])),
	} {
		x, err := ReadIDX(write(t, "digits.gz", content))
		if err != nil || !slices.Equal(x.Shape, []int{2, 1, 3}) || !slices.Equal(x.Data, smallIDX[16:]) {
			t.Errorf("%s: %v, %v", why, x, err)
		}
	}
}

func TestReadIDXRefuses(t *testing.T) {
	zipped := gzipped(t, smallIDX)
	for _, row := range []struct {
		why     string
		content []byte
		says    string
	}{
		{"empty", nil, "is empty"},
		{"a PNG", []byte("\x89PNG\r\n\x1a\n"), "is PNG: ReadFolder reads folders of images"},
		{"cut in the dimensions", smallIDX[:10], "the file is truncated: download it again"},
		{"cut in the pixels", smallIDX[:20], "truncated: 4 of 6 bytes: download it again"},
		{"longer than it says", append(slices.Clone(smallIDX), 0), "more bytes follow"},
		{"floats", []byte{0, 0, 13, 1, 0, 0, 0, 1, 0, 0, 0, 0}, "type 0x0d"},
		{"integers of 16 bits", []byte{0, 0, 11, 1, 0, 0, 0, 1, 0, 0}, "16-bit integers, want 0x08, unsigned bytes, as in MNIST: convert it, or save it with numpy.save"},
		{"a type that there is not", []byte{0, 0, 10, 1, 0, 0, 0, 1, 0, 0}, "which IDX does not define"},
		{"cut in the first bytes", smallIDX[:3], "the file is truncated: download it again"},
		{"cut before the dimensions", smallIDX[:4], "the file is truncated: download it again"},
		{"five dimensions", []byte{0, 0, 8, 5}, "5 dimensions"},
		{"a dimension of 0", []byte{0, 0, 8, 1, 0, 0, 0, 0}, "dimension 0 is 0"},
		{"2⁹⁶ bytes", []byte{0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}, "more than"},
		{"4 GiB promised, 1 byte there", []byte{0, 0, 8, 1, 255, 255, 255, 255, 7}, "truncated: 1 of"},
		{"cut gzip", zipped[:len(zipped)-9], "unexpected EOF"},
		{"other bytes after gzip", append(slices.Clone(zipped), "more"...), "other bytes follow the compressed data: remove them"},
		{"other bytes after zeros after gzip", append(slices.Clone(zipped), "\x00\x00more"...), "other bytes follow the compressed data: remove them"},
		{"a second member that was cut", append(slices.Clone(zipped), zipped[:10]...), "download it again"},
		{"xz", []byte("\xfd7zXZ\x00\x00"), "compressed by xz: unpack it"},
		{"bzip2", []byte("BZh91AY"), "compressed by bzip2: unpack it"},
		{"an archive", []byte("PK\x03\x04"), "a zip archive: unpack it first"},
		{"a page of an error", []byte("<html><head>"), "a web page"},
		{"a page of an error, gzipped by who saved it", gzipped(t, []byte("<html><head>")), "a web page"},
		{"gzipped twice", gzipped(t, zipped), "compressed by gzip"},
		{"NumPy's", []byte("\x93NUMPY\x01"), "ReadNpy"},
		{"gzip of another content than its checksum", append(slices.Clone(zipped[:len(zipped)-8]), 1, 2, 3, 4, 22, 0, 0, 0), "checksum"},
	} {
		path := write(t, "digits.gz", row.content)
		_, err := ReadIDX(path)
		if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s: error %v, want one that names the file and says %q", row.why, err, row.says)
		}
	}
}

func TestReadIDXPairRefuses(t *testing.T) {
	images := write(t, "images", smallIDX)
	for says, labels := range map[string][]byte{
		"one label for each of the 2": {0, 0, 8, 1, 0, 0, 0, 1, 3},
		"label 10 of row 1":           {0, 0, 8, 1, 0, 0, 0, 2, 3, 10},
	} {
		if _, err := ReadIDXPair("d", images, write(t, "labels", labels)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("error %v, want one that says %q", err, says)
		}
	}
	if _, err := ReadIDXPair("d", write(t, "flat", []byte{0, 0, 8, 1, 0, 0, 0, 1, 3}), images); err == nil {
		t.Error("labels were taken for images")
	}
}

func TestReadSplitsRefuses(t *testing.T) {
	for says, content := range map[string]string{
		"unexpected end":           `{"source":"a"`,
		"not JSON: invalid":        "PK\x03\x04 a zip archive",
		"not JSON: unexpected":     ``,
		"the form of a split file": `[1, 2]`,
		"missing or empty":         `{"source":"a","target":"b","classes":["x"],"trials":[]}`,
		"cannot unmarshal":         `{"source":"a","target":"b","classes":["x"],"trials":[{"train_source":[0.5]}]}`,
		"row -1 is negative":       `{"source":"a","target":"b","classes":["x"],"trials":[{"train_source":[-1],"train_target":[],"test_target":[0]}]}`,
		"row 4 occurs twice":       `{"source":"a","target":"b","classes":["x"],"trials":[{"train_source":[0],"train_target":[4],"test_target":[3,4]}]}`,
		"0 test rows":              `{"source":"a","target":"b","classes":["x"],"trials":[{"train_source":[0],"train_target":[4]}]}`,
	} {
		path := write(t, "split.json", []byte(content))
		if _, err := ReadSplits(path); err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), says) {
			t.Errorf("error %v, want one that names the file and says %q", err, says)
		}
	}
}

// The data must have the size that the shape says; nothing may crash.

func FuzzIDX(f *testing.F) {
	f.Add(smallIDX)
	f.Add(gzipped(f, smallIDX))
	f.Add([]byte{0, 0, 8, 1, 255, 255, 255, 255, 7})
	f.Fuzz(func(t *testing.T, content []byte) {
		if x, err := parseIDX(bytes.NewReader(content)); err == nil {
			size := 1
			for _, d := range x.Shape {
				size *= d
			}
			if len(x.Data) != size || size == 0 {
				t.Errorf("%d bytes of shape %v", len(x.Data), x.Shape)
			}
		}
	})
}

func FuzzSplit(f *testing.F) {
	f.Add([]byte(`{"source":"a","target":"b","classes":["x","y"],"trials":[{"train_source":[0,1],"train_target":[4],"test_target":[3,2]}]}`))
	f.Add([]byte(`{"source":"a","target":"b","classes":["x"],"trials":[{"train_source":[-1]}]}`))
	source, target := toy("a", "x y", 2, 2), toy("b", "x y", 3, 2)
	f.Fuzz(func(t *testing.T, content []byte) {
		s, err := parseSplits(bytes.NewReader(content))
		if err != nil {
			return
		}
		for _, trial := range s.Trials {
			if task, err := FromSplit(source, target, trial, sdt.Alignment{}); err == nil {
				if err := task.Validate(); err != nil {
					t.Error(err)
				}
			}
		}
	})
}
