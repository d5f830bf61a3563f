package datasets

import (
	"encoding/binary"
	"image/color"
	"path/filepath"
	"strings"
	"testing"
)

// The layouts that sets of images are handed around in, each with two domains of two classes.
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

// No other set's folder is taken for one's own, and of two that may be meant none is.
func TestLayoutsThatAreNotTaken(t *testing.T) {
	image := pngOf(t, plain(color.White))
	for _, row := range []struct {
		why   string
		files []string
		says  []string
	}{
		{"the domain of another set", []string{"office_caltech_10/amazon/mug/a.jpg"}, []string{"nothing of it"}},
		{"two copies", []string{"office31/amazon/mug/a.jpg", "Office-31/amazon/mug/a.jpg"}, []string{"office31", "Office-31", "the one that is meant"}},
		{"packed still", []string{"amazon.tar.gz"}, []string{"nothing of it", "unpack what lies there", "amazon.tar.gz"}},
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

// The names that MNIST's files, and USPS's after them, are handed around under.
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
	// Half of a half is no reason to leave it out in silence.
	for have, lacks := range map[string]string{"train-images-idx3-ubyte": "train-labels-idx1-ubyte", "train-labels-idx1-ubyte": "train-images-idx3-ubyte"} {
		dir := tree(t, map[string][]byte{have: images, "t10k-images-idx3-ubyte": images, "t10k-labels-idx1-ubyte": labels})
		if _, err := Open(t.Context(), "mnist", dir, OpenConfig{Partial: true}); err == nil || !strings.Contains(err.Error(), have) || !strings.Contains(err.Error(), "no "+lacks) {
			t.Errorf("error %v, want that %s is missing", err, lacks)
		}
	}
	// Fashion-MNIST's files have the same names.
	dir := tree(t, map[string][]byte{"FashionMNIST/raw/train-images-idx3-ubyte": images, "FashionMNIST/raw/train-labels-idx1-ubyte": labels})
	if _, err := Open(t.Context(), "mnist", dir, OpenConfig{Partial: true}); err == nil || !strings.Contains(err.Error(), "nothing of it") {
		t.Errorf("error %v: another set was taken for MNIST", err)
	}
}
