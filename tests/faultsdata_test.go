package tests

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Data that cannot be used is refused before anything is trained, and in bounded memory.
var refused = []struct {
	name  string
	spoil func(t *testing.T, u *user)
	says  []string
}{
	{"NaN in the data", func(t *testing.T, u *user) {
		writeFeatures(t, u.target, 2, func(x []float32, _ []uint8) { x[7*6+4] = float32(math.NaN()) })
	}, []string{"desk.npy: row 7, column 4 holds NaN", "fix it, or omit the row"}},
	{"a label out of range", func(t *testing.T, u *user) {
		writeFeatures(t, u.source, 1, func(_ []float32, labels []uint8) { labels[5] = 3 })
	}, []string{filepath.Join("shop", "labels.npy"), "label 3 of row 5 is outside 0…2", "fix the label, or name all classes"}},
	{"an image of 20,000 × 20,000", func(t *testing.T, u *user) {
		source, _ := u.images(t, "mug")
		writeFile(t, filepath.Join(source, "large.png"), monster(t))
	}, []string{filepath.Join("catalogue", "mug", "large.png"), "PNG of 20000×20000 pixels, want 1 to 178956970", "fix or remove"}},
	{"a HEIC under another name, and a file whose name has two lines", func(t *testing.T, u *user) {
		source, _ := u.images(t, "mug")
		writeFile(t, filepath.Join(source, "a.jpg"), []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"))
		writeFile(t, filepath.Join(source, "b\nc.png"), nil)
	}, []string{filepath.Join("mug", "a.jpg") + ": it is HEIC, which is not supported: save it as JPEG or PNG", `b\nc.png": the file is empty`, "fix or remove"}},
	{"an empty class", func(t *testing.T, u *user) {
		source, _ := u.images(t, "mug")
		empty(t, source)
	}, []string{`task "catalogue→camera"`, `class "mug" has labelled target examples but no source example`, "add source examples"}},
	{"a class only in the target", func(t *testing.T, u *user) {
		_, target := u.images(t, "mug")
		writeFile(t, filepath.Join(filepath.Dir(target), "ruler", "0.png"), drawn(t, 12, 0))
	}, []string{`only "camera" has "ruler"`, "set Align.Partial to drop them"}},
	{"a class name in two forms of Unicode", func(t *testing.T, u *user) {
		_, target := u.images(t, "caf\u00e9")
		if err := os.Rename(target, filepath.Join(filepath.Dir(target), "cafe\u0301")); err != nil {
			t.Fatal(err)
		}
	}, []string{`"caf\u00e9" and "cafe\u0301" are one name in two forms of Unicode`, `such as {"cafe\u0301": "caf\u00e9"}`}},
	{"a class name that turns the line around and breaks it", func(t *testing.T, u *user) {
		_, target := u.images(t, "mug")
		writeFile(t, filepath.Join(filepath.Dir(target), "\u202egum\n\x1b[2J", "0.png"), drawn(t, 12, 0))
	}, []string{`only "camera" has "\u202egum\n\x1b[2J"`}},
	{"a class name that is no UTF-8", func(t *testing.T, u *user) {
		u.images(t, "m\xfcg")
	}, []string{`class folder "m\xfcg": its name is not UTF-8`, "rename it"}},
	{"no folder", func(t *testing.T, u *user) {
		u.images(t, "mug")
		u.source = filepath.Join(u.dir, "nowhere")
	}, []string{"image folder ", "nowhere: no such file or directory"}},
	{"a file for a run directory", func(t *testing.T, u *user) {
		writeFile(t, u.run, nil)
	}, []string{"run directory: ", "run: not a directory", "use another one"}},
}

// empty removes what is in a folder.
func empty(t *testing.T, dir string) {
	t.Helper()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
}

// Data that is unusual and no fault.
var accepted = []struct {
	name string
	make func(t *testing.T, u *user)
	says string // in the last line
}{
	{"one class with one image", func(t *testing.T, u *user) {
		source, target := u.images(t, "mug")
		for _, dir := range []string{source, target} {
			empty(t, dir)
			writeFile(t, filepath.Join(dir, "0.png"), drawn(t, 12, 0))
		}
	}, `["cup" "mug" "pen"]`},
	{"a class without target images", func(t *testing.T, u *user) {
		_, target := u.images(t, "mug")
		empty(t, target)
	}, `["cup" "mug" "pen"]`},
	{"images of 1 × 1", func(t *testing.T, u *user) {
		source, _ := u.images(t, "mug")
		writeFile(t, filepath.Join(source, "0.png"), drawn(t, 1, 0))
	}, `["cup" "mug" "pen"]`},
	{"class names from right to left", func(t *testing.T, u *user) {
		u.images(t, "כוס قدح")
	}, `["cup" "pen" "כוס قدح"]`},
}

func dataFaults(t *testing.T, _ *user) {
	for _, f := range refused {
		t.Run(f.name, func(t *testing.T) {
			u := newUser(t)
			f.spoil(t, u)
			s := u.fails(t, f.says)
			if s.stdout != "" {
				t.Errorf("it has begun: %s", s.stdout)
			}
			if most := s.memory; most > 200<<20 {
				t.Errorf("it took %d MB", most>>20)
			}
			t.Logf("%d MB: %s", s.memory>>20, s.stderr)
		})
	}
	for _, f := range accepted {
		t.Run(f.name, func(t *testing.T) {
			u := newUser(t)
			f.make(t, u)
			u.goes(t)
			last := command(t.Context(), "", nil, u.program, u.args()...).must(t).stdout
			if !strings.Contains(last, f.says) || strings.Contains(last, "pretrain 1") {
				t.Errorf("run again it says %q, want %q and nothing trained", last, f.says)
			}
		})
	}
}
