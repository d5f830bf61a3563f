package datasets

import (
	"encoding/json"
	"image/color"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sdtlab/sdtlab/sdt"
)

// listedFiles writes images of two domains and two classes, and the given lists beside them. Every
// image is of a colour of its own.
func listedFiles(t *testing.T, lists map[string]string) (root string) {
	t.Helper()
	files := map[string][]byte{}
	for i, name := range []string{"shop/mug/1.png", "shop/mug/2.png", "shop/pen/1.png", "desk/images/mug/a b.png", "desk/images/mug/c.png", "desk/images/pen/d.png",
		"desk/images/pen/e.png", "desk/images/pen/f.png"} {
		files[name] = pngOf(t, plain(color.NRGBA{R: uint8(10 * i), G: 7, B: 9, A: 255}))
	}
	for name, text := range lists {
		files["txt/"+name] = []byte(text)
	}
	return tree(t, files)
}

// published are lists as those of Office-31 are, in which two images choose settings.
func published() map[string]string {
	return map[string]string{
		"s": "shop/pen/1.png 1\nshop/mug/2.png 0\nshop/mug/1.png 0\n",
		"t": "desk/images/pen/e.png 1\ndesk/images/mug/a b.png 0\n",
		"u": "desk/images/pen/f.png 1\r\ndesk/images/mug/c.png 0\r\n\r\ndesk/images/pen/d.png 1\r\n",
		"v": "desk/images/pen/f.png 1\ndesk/images/pen/e.png 1\n",
	}
}

// in returns the paths of the lists s, t, u; test and validation may be "".
func in(root, test, validation string) Lists {
	at := func(name string) string {
		if name == "" {
			return ""
		}
		return filepath.Join(root, "txt", name)
	}
	return Lists{Source: at("s"), Target: at("t"), Unlabelled: at("u"), Test: at(test), Validation: at(validation)}
}

func TestReadLists(t *testing.T) {
	for _, row := range []struct {
		test, validation string
		tested           string
		split            sdt.Split
		why              string
	}{
		{"", "", "mug/c pen/d pen/f", sdt.Split{Test: []int{1, 2, 4}}, "as in the paper, the test is the unlabelled list"},
		{"", "v", "mug/c pen/d", sdt.Split{Test: []int{1, 2}, Unlabelled: []int{1, 2, 4}}, "images that choose settings leave the test, not the training"},
		{"v", "", "pen/f", sdt.Split{Test: []int{4}, Unlabelled: []int{1, 2, 4}}, "the test is the list, without its labelled image"},
	} {
		root := listedFiles(t, published())
		task, err := ReadLists(t.Context(), root, in(root, row.test, row.validation), FolderConfig{Width: 2})
		if err != nil {
			t.Fatalf("%s: %v", row.why, err)
		}
		names := func(e sdt.Examples) string {
			short := strings.NewReplacer("desk/images/", "", "shop/", "", ".png", "")
			return short.Replace(strings.Join(e.Names, " "))
		}
		row.split.Protocol, row.split.Source, row.split.Target = "lists", []int{0, 1, 2}, []int{0, 3}
		if diff := cmp.Diff(row.split, task.Split); diff != "" {
			t.Errorf("%s: the split differs (−want +got):\n%s", row.why, diff)
		}
		if got := names(task.Test.Examples); got != row.tested {
			t.Errorf("%s: tested are %q, want %q", row.why, got, row.tested)
		}
		if got := names(task.Unlabelled); got != "mug/c pen/d pen/f" {
			t.Errorf("%s: unlabelled are %q", row.why, got)
		}
		if got := names(task.Sources[0].Examples) + ", " + names(task.Target.Examples); got != "mug/1 mug/2 pen/1, mug/a b pen/e" {
			t.Errorf("%s: source and labelled target are %q", row.why, got)
		}
		if !slices.Equal(task.Sources[0].Labels, []int32{0, 0, 1}) || !slices.Equal(task.Target.Labels, []int32{0, 1}) || !slices.Equal(task.Classes(), []string{"mug", "pen"}) || task.Name != "shop→desk" || task.HeldOut != nil {
			t.Errorf("%s: %s has labels %v, %v, classes %q, held out %v", row.why, task.Name, task.Sources[0].Labels, task.Target.Labels, task.Classes(), task.HeldOut)
		}
		for i, red := range []uint8{0, 10, 20} { // in order of path
			if got := task.Sources[0].Pixels[12*i]; got != red {
				t.Errorf("%s: image %d of the source has red %d, want %d", row.why, i, got, red)
			}
		}
		// The split makes the task again, from folders read as folders.
		source, err := ReadFolder(t.Context(), filepath.Join(root, "shop"), FolderConfig{Width: 2})
		if err != nil {
			t.Fatal(err)
		}
		target, err := ReadFolder(t.Context(), filepath.Join(root, "desk", "images"), FolderConfig{Width: 2})
		if err != nil {
			t.Fatal(err)
		}
		written, err := json.Marshal(task.Split)
		if err != nil {
			t.Fatal(err)
		}
		var split sdt.Split
		if err := json.Unmarshal(written, &split); err != nil {
			t.Fatal(err)
		}
		again, err := FromSplit(source, target, split, sdt.Alignment{})
		if err != nil || again.Fingerprint() != task.Fingerprint() || again.Test.Fingerprint() != task.Test.Fingerprint() {
			t.Errorf("%s: the split makes another task: %v", row.why, err)
		}
	}
}

// Which images are tested does not change what is trained.
func TestListsOfTheTestDoNotChangeTheTraining(t *testing.T) {
	root := listedFiles(t, published())
	var prints []string
	for _, l := range []Lists{in(root, "", ""), in(root, "", "v"), in(root, "v", "")} {
		task, err := ReadLists(t.Context(), root, l, FolderConfig{Width: 2})
		if err != nil {
			t.Fatal(err)
		}
		prints = append(prints, task.Fingerprint())
	}
	if len(slices.Compact(prints)) != 1 {
		t.Errorf("fingerprints are %q", prints)
	}
}

func TestListsThatDisagree(t *testing.T) {
	for _, row := range []struct{ list, text, want, why string }{
		{"t", "desk/images/pen/e.png 0\n", `t:1: label 0 is "pen", but in ROOT/txt/s:2 it is "mug"`, "one label, two names"},
		{"t", "desk/images/pen/e.png 2\n", `t:1: "pen" has label 2, but in ROOT/txt/s:1 it has 1`, "one name, two labels"},
		{"v", "desk/images/mug/c.png 0\ndesk/images/pen/f.png 0\n", `v:2: label 0 is "pen"`, "in a list that only chooses"},
		{"t", "desk/images/mug/c.png 0\n", "u:2: desk/images/mug/c.png is labelled in ROOT/txt/t:1", "labelled and unlabelled"},
		{"t", "shop/mug/1.png 0\n", "t:1: shop/mug/1.png is a source image in ROOT/txt/s:3", "of both domains"},
		{"u", "desk/images/pen/x.png 1\n", "u:1: ROOT/desk/images/pen/x.png: no such file", "an image that is not there"},
		{"u", "desk/images/pen 1\n", `u:1: label 1 is "images"`, "a folder in place of an image"},
		{"u", "txt/pen/s 1\n", "u:1: ROOT/txt/pen/s: ", "beside the images"},
		{"s", "", "s: it is empty", "no line"},
		{"s", "shop/mug/1.png 0\n\nshop/mug/1.png 0\n", "s:3: shop/mug/1.png is listed twice", "a line twice"},
		{"v", "desk/images/pen/f.png 1\ndesk/images/pen/d.png 1\ndesk/images/mug/c.png 0\n", "no image is left to test", "all choose"},
	} {
		lists := published()
		lists[row.list] = row.text
		root := listedFiles(t, lists)
		_, err := ReadLists(t.Context(), root, in(root, "", "v"), FolderConfig{Width: 2})
		if err == nil || !strings.Contains(strings.ReplaceAll(err.Error(), root, "ROOT"), row.want) {
			t.Errorf("%s: %v\nwant %s", row.why, err, row.want)
		}
	}
	lists := published()
	for name := range lists {
		lists[name] = strings.ReplaceAll(lists[name], ".png 1", ".png 3")
	}
	root := listedFiles(t, lists)
	if _, err := ReadLists(t.Context(), root, in(root, "", ""), FolderConfig{Width: 2}); err == nil || !strings.Contains(err.Error(), "s:1: label 3, but the lists have only 2 different labels") {
		t.Errorf("a gap in the labels: %v", err)
	}
	root = listedFiles(t, published())
	l := in(root, "", "")
	l.Source = ""
	if _, err := ReadLists(t.Context(), root, l, FolderConfig{}); err == nil || !strings.Contains(err.Error(), `list Source is ""`) {
		t.Errorf("no source: %v", err)
	}
	l.Source = filepath.Join(root, "txt")
	if _, err := ReadLists(t.Context(), root, l, FolderConfig{}); err == nil || !strings.Contains(err.Error(), "txt: a folder") {
		t.Errorf("a folder as a list: %v", err)
	}
	if _, err := ReadLists(t.Context(), root, in(root, "", ""), FolderConfig{Domain: "x"}); err == nil || !strings.Contains(err.Error(), `Domain is "x"`) {
		t.Errorf("a domain's name: %v", err)
	}
}

// An image that is missing is skipped if that is wanted, and its line is reported.
func TestListsSkip(t *testing.T) {
	lists := published()
	lists["u"] += "desk/images/pen/x.png 1\n"
	root := listedFiles(t, lists)
	var skipped []string
	task, err := ReadLists(t.Context(), root, in(root, "", ""), FolderConfig{Width: 2, Skip: func(err error) { skipped = append(skipped, err.Error()) }})
	if err != nil || task.Test.Len() != 3 || len(skipped) != 1 || !strings.Contains(skipped[0], "u:5: ") {
		t.Errorf("%d are tested, skipped are %q, %v", task.Test.Len(), skipped, err)
	}
}

// Paths that begin with the class folder name no domain.
func TestListsOfOneFolder(t *testing.T) {
	root := tree(t, map[string][]byte{"mug/1.png": pngOf(t, plain(color.Black)), "pen/1.png": pngOf(t, plain(color.White)), "mug/2.png": pngOf(t, plain(color.White)), "pen/2.png": pngOf(t, plain(color.Black)),
		"txt/s": []byte("mug/1.png 0\npen/1.png 1\n"), "txt/u": []byte("mug/2.png 0\npen/2.png 1\n")})
	task, err := ReadLists(t.Context(), root, Lists{Source: filepath.Join(root, "txt/s"), Unlabelled: filepath.Join(root, "txt/u")}, FolderConfig{Width: 2})
	if err != nil || task.Name != "source→target" || task.Target.Len() != 0 {
		t.Errorf("%q with %d labelled: %v", task.Name, task.Target.Len(), err)
	}
}

// A list of which no image can be used is an error, also if unusable images are skipped: without
// rows the task would be another one, whose unlabelled images are those of the test.
func TestListsWithoutUsableImages(t *testing.T) {
	for name, text := range map[string]string{"t": "desk/images/pen/lost.png 1\n", "u": "desk/images/mug/lost.png 0\n"} {
		lists := published()
		lists[name], lists["w"] = text, "desk/images/pen/d.png 1\n"
		root := listedFiles(t, lists)
		skipped := 0
		_, err := ReadLists(t.Context(), root, in(root, "w", ""), FolderConfig{Width: 2, Skip: func(error) { skipped++ }})
		if want := filepath.Join("txt", name) + ": none of its images can be used"; err == nil || !strings.Contains(err.Error(), want) || skipped != 1 {
			t.Errorf("%s: %v, want %s; %d skipped, want 1", name, err, want, skipped)
		}
	}
}
