package datasets

import (
	"encoding/binary"
	"image/color"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/sdt"
)

// The layouts in which sets of images circulate, each with two domains of two classes.
func TestLayoutsOfImages(t *testing.T) {
	image := pngOf(t, plain(color.White))
	for _, row := range []struct {
		set, below string
		domains    [2]string
		why        string
	}{
		{"office-31", "", [2]string{"amazon/images", "webcam/images"}, "as the archive's folders are"},
		{"office-31", "", [2]string{"amazon", "webcam"}, "as common mirrors have it"},
		{"office-31", "", [2]string{"Amazon", "Webcam"}, "in capitals"},
		{"office-31", "", [2]string{"amazon/Images", "webcam"}, "one in each way"},
		{"office-31", "domain_adaptation_images", [2]string{"amazon/images", "webcam/images"}, "as the archive unpacks"},
		{"office-31", "office31", [2]string{"amazon", "webcam"}, "with an outer folder"},
		{"office-31", "Office-31", [2]string{"amazon/images", "webcam/images"}, "with another"},
		{"office-31", "Original_images", [2]string{"amazon/images", "webcam/images"}, "as a copy calls them"},
		{"office-31", "office31_raw_image/Original_images", [2]string{"amazon/images", "webcam/images"}, "two of them"},
		{"office-31", "OFFICE31/images", [2]string{"AMAZON", "WEBCAM"}, "domains in a folder images"},
		{"office-caltech-10", "", [2]string{"amazon", "webcam"}, "plain"},
		{"office-caltech-10", "images", [2]string{"amazon", "webcam"}, "domains in a folder images"},
		{"office-caltech-10", "Office_Caltech_10", [2]string{"amazon/images", "webcam/images"}, "with an outer folder"},
	} {
		files := map[string][]byte{}
		for i, class := range []string{"back_pack", "mug"} {
			for _, domain := range row.domains {
				files[filepath.ToSlash(filepath.Join(row.below, domain, class, "frame_000"+string(rune('1'+i))+".jpg"))] = image
			}
		}
		files[".DS_Store"], files["README.txt"] = nil, nil
		dir := tree(t, files)
		for _, domains := range [][]string{nil, {"amazon", "webcam"}} {
			got, err := Open(t.Context(), row.set, dir, OpenConfig{Partial: true, Domains: domains, Folder: FolderConfig{Width: 2}})
			if err != nil || len(got) != 2 || got["amazon"].Len() != 2 || got["amazon"].Classes[0] != "back_pack" || got["webcam"].Domain != "webcam" {
				t.Errorf("%s, %s, domains %q: %v, %v", row.set, row.why, domains, got, err)
			}
		}
	}
	// Caltech's ten classes go by two names.
	dir := tree(t, map[string][]byte{"caltech/mug/a.jpg": image})
	if got, err := Open(t.Context(), "office-caltech-10", dir, OpenConfig{Partial: true, Folder: FolderConfig{Width: 2}}); err != nil || got["caltech10"].Len() != 1 {
		t.Errorf("%v, %v", got, err)
	}
}

// Another set's folder is never used, and two candidates are an error.
func TestLayoutsThatAreNotTaken(t *testing.T) {
	image := pngOf(t, plain(color.White))
	for _, row := range []struct {
		why   string
		files []string
		says  []string
	}{
		{"the domain of another set", []string{"office_caltech_10/amazon/mug/a.jpg"}, []string{"not found in"}},
		{"two copies", []string{"office31/amazon/mug/a.jpg", "Office-31/amazon/mug/a.jpg"}, []string{"office31", "Office-31", "the one to use"}},
		{"packed still", []string{"amazon.tar.gz"}, []string{"not found in", "unpack the archives there", "amazon.tar.gz"}},
	} {
		files := map[string][]byte{}
		for _, name := range row.files {
			files[name] = image
		}
		_, err := Open(t.Context(), "office-31", tree(t, files), OpenConfig{Partial: true, Folder: FolderConfig{Width: 2}})
		for _, says := range row.says {
			if err == nil || !strings.Contains(err.Error(), says) {
				t.Errorf("%s: error %v, want one that says %q", row.why, err, says)
			}
		}
	}
}

// idxOf returns an IDX file of bytes in order.
func idxOf(shape ...uint32) []byte {
	out, size := []byte{0, 0, 8, byte(len(shape))}, 1
	for _, d := range shape {
		out, size = binary.BigEndian.AppendUint32(out, d), size*int(d)
	}
	for i := range size {
		out = append(out, byte(i%10))
	}
	return out
}

// The names under which MNIST's files, and similarly USPS's, circulate.
func TestLayoutsOfDigits(t *testing.T) {
	images, labels := idxOf(3, 2, 2), idxOf(3)
	zipped := gzipped(t, images)
	for _, row := range []struct {
		why, set, half string
		files          map[string][]byte
	}{
		{"as its page named them", "mnist", "test", map[string][]byte{"t10k-images-idx3-ubyte": images, "t10k-labels-idx1-ubyte": labels}},
		{"gzipped", "mnist", "test", map[string][]byte{"t10k-images-idx3-ubyte.gz": zipped, "t10k-labels-idx1-ubyte": labels}},
		{"with a dot, as some unpackers name them", "mnist", "train", map[string][]byte{"train-images.idx3-ubyte": images, "train-labels.idx1-ubyte": labels}},
		{"with a dot, gzipped", "mnist", "train", map[string][]byte{"train-images.idx3-ubyte.gz": zipped, "train-labels.idx1-ubyte.GZ": gzipped(t, labels)}},
		{"in torchvision's folders", "mnist", "train", map[string][]byte{"MNIST/raw/train-images-idx3-ubyte": images, "MNIST/raw/train-labels-idx1-ubyte": labels}},
		{"in those folders, from within", "mnist", "train", map[string][]byte{"raw/train-images-idx3-ubyte": images, "raw/train-labels-idx1-ubyte.gz": gzipped(t, labels)}},
		{"each in a folder of its own name", "mnist", "train", map[string][]byte{
			"train-images-idx3-ubyte/train-images-idx3-ubyte": images, "train-labels-idx1-ubyte/train-labels-idx1-ubyte": labels}},
		{"a plain file goes before a gzipped one", "mnist", "train", map[string][]byte{
			"train-images-idx3-ubyte.gz": nil, "train-images-idx3-ubyte": images, "train-labels-idx1-ubyte": labels}},
		{"a download that was not finished beside it", "mnist", "train", map[string][]byte{
			"train-images-idx3-ubyte.gz.part": nil, "train-images-idx3-ubyte": images, "train-labels-idx1-ubyte": labels}},
		{"USPS, in a folder", "usps", "test", map[string][]byte{"USPS/usps-test-images.idx3-ubyte": images, "USPS/usps-test-labels.idx1-ubyte": labels}},
	} {
		for _, domains := range [][]string{nil, {row.half}} {
			got, err := Open(t.Context(), row.set, tree(t, row.files), OpenConfig{Partial: true, Domains: domains})
			if err != nil || len(got) != 1 || got[row.half].Len() != 3 || got[row.half].Domain != row.set {
				t.Errorf("%s: %v, %v", row.why, got, err)
			}
		}
	}
	// A half with only one of its files is not omitted silently.
	for have, lacks := range map[string]string{"train-images-idx3-ubyte": "train-labels-idx1-ubyte", "train-labels-idx1-ubyte": "train-images-idx3-ubyte"} {
		dir := tree(t, map[string][]byte{have: images, "t10k-images-idx3-ubyte": images, "t10k-labels-idx1-ubyte": labels})
		if _, err := Open(t.Context(), "mnist", dir, OpenConfig{Partial: true}); err == nil || !strings.Contains(err.Error(), have) || !strings.Contains(err.Error(), "no "+lacks) {
			t.Errorf("error %v, want that %s is missing", err, lacks)
		}
	}
}

// Folders that wrap a set are distinguished from those of other sets, with similar names and the
// same file names: every wrapping name is accepted, and no other name.
func TestWrappingFolders(t *testing.T) {
	image := pngOf(t, plain(color.White))
	files := map[string]map[string][]byte{
		"mnist":             {"train-images-idx3-ubyte": idxOf(3, 2, 2), "train-labels-idx1-ubyte": idxOf(3)},
		"usps":              {"usps-train-images-idx3-ubyte": idxOf(3, 2, 2), "usps-train-labels-idx1-ubyte": idxOf(3)},
		"office-31":         {"amazon/mug/a.jpg": image},
		"office-caltech-10": {"amazon/mug/a.jpg": image},
	}
	in := func(folder, set string) map[string][]byte {
		below := map[string][]byte{}
		for name, content := range files[set] {
			below[folder+"/"+name] = content
		}
		return below
	}
	open := func(set string, files map[string][]byte) (map[string]sdt.Labelled, error) {
		return Open(t.Context(), set, tree(t, files), OpenConfig{Partial: true, Folder: FolderConfig{Width: 2}})
	}
	for set, names := range wrapping {
		for _, name := range names {
			if got, err := open(set, in(name, set)); err != nil || len(got) != 1 {
				t.Errorf("%s in %s: %v, %v", set, name, got, err)
			}
		}
	}
	for set, others := range map[string][]string{
		"mnist": {"MNIST-M", "mnistm", "mnist_m", "mnist-fashion", "MNIST_fashion", "FashionMNIST", "fashion", "KMNIST", "EMNIST", "QMNIST",
			"mnist-c", "mnist_corrupted", "mnist-rot", "MNIST-1D", "mnist_usps", "notMNIST", "ColoredMNIST", "usps", "MNISTM/raw", "mnist/mnist_m"},
		"usps":              {"usps_m", "usps-vs-mnist", "USPS2MNIST", "mnist"},
		"office-31":         {"office31_surf", "office31-decaf6", "Office31_features", "office_home", "OfficeHome", "office_caltech_10", "office10", "modern_office_31"},
		"office-caltech-10": {"officecaltech_surf", "office-caltech-decaf", "office31", "office_home", "office"},
	} {
		for _, name := range others {
			if got, err := open(set, in(name, set)); err == nil || !strings.Contains(err.Error(), "not found in") {
				t.Errorf("%s was taken for %s: %v, %v", name, set, got, err)
			}
		}
	}
}

// digitsOf returns the files of a training set whose images are all of one value.
func digitsOf(value byte) map[string][]byte {
	return map[string][]byte{
		"train-images-idx3-ubyte": append([]byte{0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1}, value, value),
		"train-labels-idx1-ubyte": {0, 0, 8, 1, 0, 0, 0, 2, 1, 7},
	}
}

// If several sets lie beside one another, MNIST is the one with its name, and both files of a
// half come from one folder; ambiguity is an error.
func TestDigitsBesideOthers(t *testing.T) {
	const mine, other = 100, 200
	for _, row := range []struct {
		why   string
		files map[string]byte // a folder, or a folder and the file of it that is there, and its value
		says  string          // "": MNIST is read
	}{
		{"MNIST-M beside it", map[string]byte{"mnist": mine, "MNIST-M": other}, ""},
		{"Fashion-MNIST beside it, and nearer", map[string]byte{"mnist/raw": mine, "MNIST_Fashion": other}, ""},
		{"torchvision's folders of both", map[string]byte{"MNIST/raw": mine, "FashionMNIST/raw": other, "KMNIST/raw": other}, ""},
		{"a hidden folder", map[string]byte{"mnist": mine, ".mnist": other}, ""},
		{"the nearer copy", map[string]byte{".": mine, "mnist": other}, ""},
		{"a file of another copy beside it, without its labels", map[string]byte{"train-images-idx3-ubyte": other, "mnist": mine}, ""},
		{"two copies, equally near", map[string]byte{"mnist": mine, "mnist_data": other}, "name the directory of the one to use"},
		{"images and labels in two folders of the set's names", map[string]byte{"MNIST/train-images-idx3-ubyte": mine, "mnist_data/train-labels-idx1-ubyte": other}, "put both in one folder"},
		{"images of it and labels of another set", map[string]byte{"MNIST/train-images-idx3-ubyte": mine, "mnist_m/train-labels-idx1-ubyte": other}, "no train-labels-idx1-ubyte beside it: put both in one folder"},
	} {
		files := map[string][]byte{}
		for place, value := range row.files {
			folder, only := filepath.Split(place)
			if !strings.HasSuffix(only, "ubyte") {
				folder, only = place, ""
			}
			for name, content := range digitsOf(value) {
				if only == "" || only == name {
					files[filepath.ToSlash(filepath.Join(folder, name))] = content
				}
			}
		}
		got, err := Open(t.Context(), "mnist", tree(t, files), OpenConfig{Partial: true})
		switch {
		case row.says != "" && (err == nil || !strings.Contains(err.Error(), row.says)):
			t.Errorf("%s: error %v, want one that says %q", row.why, err, row.says)
		case row.says == "" && (err != nil || got["train"].Pixels[0] != mine):
			t.Errorf("%s: %v, %v", row.why, got["train"].Pixels, err)
		}
	}
	// A link to the folder is not a second copy.
	dir := tree(t, map[string][]byte{"data/train-images-idx3-ubyte": digitsOf(mine)["train-images-idx3-ubyte"], "data/train-labels-idx1-ubyte": digitsOf(mine)["train-labels-idx1-ubyte"],
		"amazon/mug/a.jpg": pngOf(t, plain(color.White))})
	link(t, "data", filepath.Join(dir, "mnist"))
	link(t, "data", filepath.Join(dir, "raw"))
	link(t, "amazon", filepath.Join(dir, "AMAZON."))
	if got, err := Open(t.Context(), "mnist", dir, OpenConfig{Partial: true}); err != nil || got["train"].Len() != 2 {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := Open(t.Context(), "office-31", dir, OpenConfig{Partial: true, Folder: FolderConfig{Width: 2}}); err != nil || got["amazon"].Len() != 1 {
		t.Errorf("%v, %v", got, err)
	}
}
