package datasets

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
)

// Set describes a data set.
type Set struct {
	Name     string         // its name for [Open]: "office-31"
	Title    string         // what it is, in a line
	Home     string         // page of its makers or keepers
	Licence  string         // as its makers state it
	Citation string         // the publication to cite
	Images   map[string]int // images of each domain: "amazon" → 2817
	Classes  int            // K
	Layout   string         // the files in its directory
	Files    []File         // files that [Fetch] can download; none: see Obtain
	Obtain   string         // how to get it if it cannot be fetched
	Checked  string         // how its content is verified
}

// Sets returns every set that [Open] knows, in order of name.
func Sets() []Set {
	return []Set{
		{
			Name:     "glyphs31",
			Title:    "31 digits and capitals of Go's fonts in three visual domains, drawn on demand",
			Home:     "https://blog.golang.org/go-fonts",
			Licence:  "the fonts: BSD-style, © 2016 Bigelow & Holmes Inc.; the images: as this project",
			Citation: "this project; image counts from Saenko et al., ECCV 2010",
			Images:   map[string]int{"catalogue": 2817, "dslr": 498, "webcam": 795},
			Classes:  31,
			Layout:   "no files",
			Obtain:   "made by Glyphs31",
			Checked:  "a test checks the SHA-256 of the complete default set",
		},
		{
			Name:     "mnist",
			Title:    "handwritten digits, 28×28 grey, white on black",
			Home:     "http://yann.lecun.com/exdb/mnist/",
			Licence:  "CC BY-SA 3.0, © Yann LeCun and Corinna Cortes",
			Citation: "LeCun, Bottou, Bengio, Haffner: Gradient-Based Learning Applied to Document Recognition, Proc. IEEE 86 (1998)",
			Images:   map[string]int{"train": 60000, "test": 10000},
			Classes:  10,
			Layout:   "train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte, or train-images.idx3-ubyte and so on, each plain or .gz, in the directory itself, in mnist or in MNIST/raw; one half is enough",
			Files: []File{
				mnistFile("train-images-idx3-ubyte.gz", 9912422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
				mnistFile("train-labels-idx1-ubyte.gz", 28881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
				mnistFile("t10k-images-idx3-ubyte.gz", 1648877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
				mnistFile("t10k-labels-idx1-ubyte.gz", 4542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
			},
			Checked: "SHA-256 when fetched; counts when opened",
		},
		{
			Name:     "office-31",
			Title:    "office objects from a catalogue, a DSLR camera and a webcam",
			Home:     "https://faculty.cc.gatech.edu/~judy/domainadapt/",
			Licence:  "none stated: for research",
			Citation: "Saenko, Kulis, Fritz, Darrell: Adapting Visual Category Models to New Domains, ECCV 2010",
			Images:   map[string]int{"amazon": 2817, "dslr": 498, "webcam": 795},
			Classes:  31,
			Layout:   "amazon/images/back_pack/frame_0001.jpg … webcam/images/trash_can/…, with or without the folder images, in the directory itself or in domain_adaptation_images, Original_images or office31; one domain is enough",
			Obtain:   "download the original images from its home page by hand and unpack them: no digest of the archive is known for certain, so Fetch cannot do it",
			Checked:  "counts per domain when opened",
		},
		{
			Name:     "office-caltech-10",
			Title:    "the ten classes that Office-31 and Caltech-256 share, four domains",
			Home:     "https://faculty.cc.gatech.edu/~judy/domainadapt/",
			Licence:  "none stated: for research",
			Citation: "Gong, Shi, Sha, Grauman: Geodesic Flow Kernel for Unsupervised Domain Adaptation, CVPR 2012",
			Images:   map[string]int{"amazon": 958, "caltech10": 1123, "dslr": 157, "webcam": 295},
			Classes:  10,
			Layout:   "amazon/backpack/*.jpg … webcam/projector/*.jpg, with or without a folder images above or below the domain, in the directory itself or in office_caltech_10; one domain is enough",
			Obtain:   "download it from its home page by hand and unpack it",
			Checked:  "counts per domain when opened",
		},
		{
			Name:     "usps",
			Title:    "handwritten digits from postal codes, 16×16 grey, white on black",
			Home:     "https://www.csie.ntu.edu.tw/~cjlin/libsvmtools/datasets/multiclass.html#usps",
			Licence:  "none stated: for research",
			Citation: "Hull: A Database for Handwritten Text Recognition Research, IEEE PAMI 16 (1994)",
			Images:   map[string]int{"train": 7291, "test": 2007},
			Classes:  10,
			Layout:   "usps-train-images-idx3-ubyte, usps-train-labels-idx1-ubyte, usps-test-images-idx3-ubyte, usps-test-labels-idx1-ubyte, each plain or .gz; one half is enough",
			Obtain:   "its home page has it as text: convert it to IDX files of unsigned bytes",
			Checked:  "counts when opened",
		},
	}
}

// mnistFile returns one of MNIST's files, with the two mirrors that PyTorch and TensorFlow
// use. MNIST's own page no longer serves the files.
func mnistFile(name string, size int64, sum string) File {
	return File{Name: name, Size: size, SHA256: sum, URLs: []string{
		"https://ossci-datasets.s3.amazonaws.com/mnist/" + name,
		"https://storage.googleapis.com/cvdf-datasets/mnist/" + name,
	}}
}

// Lookup returns the set with a name; the error lists the known names.
func Lookup(name string) (Set, error) {
	var names []string
	for _, s := range Sets() {
		if s.Name == name {
			return s, nil
		}
		names = append(names, s.Name)
	}
	slices.Sort(names)
	return Set{}, fmt.Errorf("no set is called %q: want one of %s", name, strings.Join(names, ", "))
}

// DataDir returns the directory of the sets on disk: given or, if that is "",
// $SDT_DATA. It is an error if neither names a directory.
func DataDir(given string) (string, error) {
	from := "the data directory"
	if given == "" {
		given, from = os.Getenv("SDT_DATA"), "$SDT_DATA"
	}
	if given == "" {
		return "", errors.New("no directory given: pass one, or set SDT_DATA")
	}
	if info, err := os.Stat(given); err != nil {
		return "", fmt.Errorf("%s: %w", from, err)
	} else if !info.IsDir() {
		return "", fmt.Errorf("%s: %s is not a directory", from, given)
	}
	return given, nil
}
