package datasets

import (
	"image/color"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// cups is a domain of two classes with an image each, and further files.
func cups(t *testing.T, besides map[string][]byte) string {
	t.Helper()
	image := pngOf(t, plain(color.White))
	files := map[string][]byte{"mug/a.png": image, "pen/a.png": image}
	for name, content := range besides {
		files[name] = content
	}
	return tree(t, files)
}

// checkCups reads a domain of cups, without Skip and with one that is never called.
func checkCups(t *testing.T, why, dir string) {
	t.Helper()
	for _, skip := range []func(error){nil, func(err error) { t.Errorf("%s: it is said of it: %v", why, err) }} {
		l, err := ReadFolder(t.Context(), dir, FolderConfig{Width: 2, Skip: skip})
		if err != nil || !slices.Equal(l.Classes, []string{"mug", "pen"}) || !slices.Equal(l.Names, []string{"mug/a.png", "pen/a.png"}) {
			t.Errorf("%s: classes %q, images %q, error %v", why, l.Classes, l.Names, err)
		}
	}
}

// Files that systems and programs leave beside images are neither classes nor images, wherever
// they lie.
func TestWhatSystemsLeaveIsPassedOver(t *testing.T) {
	names := map[string]bool{ // name → whether it is a folder's
		".DS_Store": false, "._a.png": false, ".#classes.txt": false, ".a.png.swp": false,
		".git": true, ".ipynb_checkpoints": true, ".@__thumb": true, ".Spotlight-V100": true, ".Trash-1000": true,
		"__MACOSX": true, "Icon\r": false, "@eaDir": true, "lost+found": true, "System Volume Information": true,
		"THUMBS.DB": false, "Desktop.ini": false, "$Recycle.Bin": true, "~$classes.docx": false,
		":2eDS_Store": false, ":2eTemporaryItems": true, "FOUND.000": true, "__PyCache__": true,
		"a.png:Zone.Identifier": false, "a.png\uf03aZone.Identifier": false, "a.png_Zone.Identifier": false, "a.png:com.apple.quarantine": false,
		"a.png~": false, "#a.png#": false, "a.png.dvc": false, "a.png.SWP": false, "IMG_0001.AAE": false,
		"b.png.part": false, "b.png.crdownload": false, "b.png.PARTIAL": false,
	}
	for _, left := range leftBy {
		if _, err := path.Match(left.name, ""); err != nil || left.who == "" {
			t.Errorf("%q of %q: %v", left.name, left.who, err)
		}
		if !left.folder {
			names[strings.ReplaceAll(left.name, "*", "b.png")] = false
		} else if _, also := names[left.name]; !also && !strings.ContainsAny(left.name, "*[") {
			names[left.name] = true
		}
	}
	for name, folder := range names {
		inside := name
		if folder {
			inside += "/b.png" // even an image, as in @eaDir
		}
		image := pngOf(t, plain(color.White))
		checkCups(t, "beside the classes: "+name, cups(t, map[string][]byte{inside: image}))
		checkCups(t, "in a class: "+name, cups(t, map[string][]byte{"mug/" + inside: image}))
	}
	// Only exact names are ignored: similar names are the user's.
	dir := tree(t, map[string][]byte{"thumbs.db/a.png": pngOf(t, plain(color.White)), "lens.part/a.png": pngOf(t, plain(color.White)), "mug/~a.png": pngOf(t, plain(color.White)),
		"wandb2/a.png": pngOf(t, plain(color.White)), "found.it/a.png": pngOf(t, plain(color.White)), "mug/wandb": pngOf(t, plain(color.White)), "mug/#1.png": pngOf(t, plain(color.White)),
		"mug/tmp.png": pngOf(t, plain(color.White)), "mug/a (conflicted copy).png": pngOf(t, plain(color.White)), "mug/Zone.Identifier.png": pngOf(t, plain(color.White))})
	if l, err := ReadFolder(t.Context(), dir, FolderConfig{Width: 2}); err != nil || l.Len() != 10 || len(l.Classes) != 5 {
		t.Errorf("%q of %q, %v", l.Names, l.Classes, err)
	}
}

func link(t *testing.T, to, path string) {
	t.Helper()
	if err := os.Symlink(to, path); err != nil {
		t.Fatal(err)
	}
}

// Anything beside the class folders is ignored.
func TestLinksBesideClassFolders(t *testing.T) {
	for _, row := range []struct{ why, name, to string }{
		{"the lock of an editor", ".#classes.txt", "user@host.123:456"},
		{"a link to nowhere", "notes", "nowhere"},
		{"a link to itself", "loop", "loop"},
		{"a link to a file", "first.png", "mug/a.png"},
		{"a link to the folder that it lies in: its classes are there already", "latest", "."},
		{"a link to a folder above", "up", ".."},
		{"a link to a FIFO or a device", "null", os.DevNull},
	} {
		dir := cups(t, nil)
		link(t, row.to, filepath.Join(dir, row.name))
		checkCups(t, row.why, dir)
	}
}

// Class folders and images may lie elsewhere.
func TestLinkedClassesAndImages(t *testing.T) {
	image := pngOf(t, plain(color.White))
	elsewhere := tree(t, map[string][]byte{"pens/a.png": image, "mug.png": image})
	dir := tree(t, map[string][]byte{"mug/.keep": nil})
	link(t, filepath.Join(elsewhere, "pens"), filepath.Join(dir, "pen"))
	link(t, filepath.Join(elsewhere, "mug.png"), filepath.Join(dir, "mug", "a.png"))
	checkCups(t, "links", dir)
	whole := filepath.Join(t.TempDir(), "shop")
	link(t, dir, whole)
	checkCups(t, "a link to all of it", whole)
}

// A class without an image remains a class, without examples, and is reported to Skip: otherwise
// training without it would go unnoticed.
func TestClassesWithoutAnImage(t *testing.T) {
	image := pngOf(t, plain(color.White))
	for _, row := range []struct {
		why   string
		files map[string][]byte
		says  []string // by Skip, in order; the last of the class
	}{
		{"an empty folder", map[string][]byte{"bag/Thumbs.db": nil}, []string{"class bag has no image: its folder is empty"}},
		{"one file, which cannot be used", map[string][]byte{"bag/x.heic": []byte("\x00\x00\x00\x18ftypheic")}, []string{"HEIC", "class bag has no image: none of its files can be used"}},
		{"two files, neither of use", map[string][]byte{"bag/x.jpg": nil, "bag/y.jpg": nil}, []string{"x.jpg", "y.jpg", "class bag has no image: none of its files can be used"}},
		{"a file that cannot be used, and an image", map[string][]byte{"bag/x.jpg": nil, "bag/y.jpg": image}, []string{"x.jpg"}},
	} {
		var said []string
		cfg := FolderConfig{Width: 2, Cache: t.TempDir(), Skip: func(err error) { said = append(said, err.Error()) }}
		dir := cups(t, row.files)
		for _, read := range []string{"decoded", "from the cache, if it is there"} {
			said = nil
			l, err := ReadFolder(t.Context(), dir, cfg)
			if err != nil || !slices.Equal(l.Classes, []string{"bag", "mug", "pen"}) || l.Len() < 2 || len(said) != len(row.says) {
				t.Errorf("%s, %s: %q of %q, said is %q, error %v", row.why, read, l.Names, l.Classes, said, err)
				continue
			}
			for i, says := range row.says {
				if !strings.Contains(said[i], says) || !strings.Contains(said[i], filepath.Join(dir, "bag")) {
					t.Errorf("%s, %s: %q, want one that says %q", row.why, read, said[i], says)
				}
			}
		}
	}
	if l, err := ReadFolder(t.Context(), cups(t, map[string][]byte{"bag/Thumbs.db": nil}), FolderConfig{Width: 2}); err != nil || l.Len() != 2 || len(l.Classes) != 3 {
		t.Errorf("without Skip: %q of %q, %v", l.Names, l.Classes, err)
	}
}

// The error for a non-file in a class folder says what it is.
func TestUnusableKinds(t *testing.T) {
	dir := cups(t, map[string][]byte{"mug/inner/b.png": nil})
	link(t, "nowhere", filepath.Join(dir, "mug", "lost.png"))
	link(t, "loop.png", filepath.Join(dir, "mug", "loop.png"))
	link(t, os.DevNull, filepath.Join(dir, "mug", "null.png"))
	if err := os.WriteFile(filepath.Join(dir, "mug", ".c.png.icloud"), []byte("bplist00"), 0o666); err != nil {
		t.Fatal(err)
	}
	_, err := ReadFolder(t.Context(), dir, FolderConfig{Width: 2})
	for _, says := range []string{"inner: a folder", "lost.png: no such file", "loop.png: too many", "null.png: a device", ".c.png.icloud: the image is in iCloud"} {
		if err == nil || !strings.Contains(err.Error(), filepath.Join(dir, "mug")+string(filepath.Separator)+says) {
			t.Errorf("error %v, want one that says %q", err, says)
		}
	}
}

// A folder one level too high, as unpacked data sets often are, is not read as classes without
// images.
func TestFolderOneTooHigh(t *testing.T) {
	image := pngOf(t, plain(color.White))
	for _, outer := range []string{"images", "train"} {
		dir := tree(t, map[string][]byte{outer + "/mug/a.png": image, outer + "/pen/a.png": image})
		for _, skip := range []func(error){nil, func(error) {}} {
			_, err := ReadFolder(t.Context(), dir, FolderConfig{Width: 2, Skip: skip})
			if want := "read " + filepath.Join(dir, outer) + ","; err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("error %v, want one that says %q", err, want)
			}
		}
	}
}

// Two names that look the same are two classes for a classifier: the user cannot mean that.
func TestOneClassInTwoFormsOfUnicode(t *testing.T) {
	image := pngOf(t, plain(color.White))
	dir := tree(t, map[string][]byte{"caf\u00e9/a.png": image, "cafe\u0301/b.png": image})
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 2 {
		t.Skipf("%s: this file system takes them for one", t.Name())
	}
	_, err := ReadFolder(t.Context(), dir, FolderConfig{Width: 2})
	if err == nil || !strings.Contains(err.Error(), `"cafe\u0301" and "caf\u00e9" are one name in two forms of Unicode`) {
		t.Errorf("error %v, want one that spells both", err)
	}
}
