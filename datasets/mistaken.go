package datasets

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
)

// otherKinds are the kinds of file that are given for a .npy by mistake: how they begin,
// or what their names end in, and what to type in Python, where FILE stands for the
// file, quoted, NPY for the array's, and np for numpy. The first that fits is taken.
var otherKinds = []struct {
	begins, ends, is, do string
}{
	{"version https://git-lfs", "", "a pointer of Git LFS", `fetch it: git lfs pull`},
	{"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19", "", torchKind, torchLine},
	{"", ".pth", torchKind, torchLine},
	{"", ".pt", torchKind, torchLine},
	{"", ".pkl", pickleKind, pickleLine},
	{"", ".pickle", pickleKind, pickleLine},
	{"\x80\x02", "", pickleKind, pickleLine},
	{"\x80\x03", "", pickleKind, pickleLine},
	{"\x80\x04", "", pickleKind, pickleLine},
	{"\x80\x05", "", pickleKind, pickleLine},
	{"MATLAB 7.3", "", "a .mat file of MATLAB 7.3", `np.save(NPY, h5py.File(FILE)["NAME"][()].T)`},
	{"MATLAB", "", "a .mat file of MATLAB", `np.save(NPY, scipy.io.loadmat(FILE)["NAME"])`},
	{"\x89HDF\r\n\x1a\n", "", "an HDF5 file", `np.save(NPY, h5py.File(FILE)["NAME"][()])`},
	{"", ".mat", "a .mat file", `np.save(NPY, scipy.io.loadmat(FILE)["NAME"])`},
	{"PAR1", "", "a Parquet file", `np.save(NPY, pandas.read_parquet(FILE).to_numpy())`},
	{"ARROW1", "", "an Arrow file", `np.save(NPY, pandas.read_feather(FILE).to_numpy())`},
	{"\x1f\x8b", "", "compressed with gzip", `unpack it: gunzip FILE`},
	{"BZh", "", "compressed with bzip2", `unpack it: bunzip2 FILE`},
	{"\xfd7zXZ\x00", "", "compressed with xz", `unpack it: unxz FILE`},
	{"\x28\xb5\x2f\xfd", "", "compressed with Zstandard", `unpack it: unzstd FILE`},
	{"\xff\xfe", "", "text in UTF-16", `np.save(NPY, np.loadtxt(FILE, delimiter=",", encoding="utf-16"))`},
	{"\x00\x00\x08", "", "an IDX file, as MNIST has", `read it with ReadIDX`},
	{"\x89PNG", "", "an image", `ReadFolder reads folders of images`},
	{"\xff\xd8\xff", "", "an image", `ReadFolder reads folders of images`},
}

const (
	pickleKind = "a Python pickle, which is never unpickled here"
	pickleLine = `np.save(NPY, np.load(FILE, allow_pickle=True))`
	torchKind  = "a file of PyTorch, a pickle"
	torchLine  = `np.save(NPY, torch.load(FILE, map_location="cpu").numpy())`
)

// mistaken says what a file is that does not begin as .npy does, and what to do.
func mistaken(path string, start []byte) string {
	if len(start) == 0 {
		return "no header: the file is empty"
	}
	lower := strings.ToLower(path)
	for _, k := range otherKinds {
		if bytes.HasPrefix(start, []byte(k.begins)) && strings.HasSuffix(lower, k.ends) {
			return advice(path, k.is, k.do)
		}
	}
	if len(start) > 9 && start[8] == '{' && start[9] == '"' {
		return advice(path, "a .safetensors file", `np.save(NPY, safetensors.numpy.load_file(FILE)["NAME"])`)
	}
	if text := bytes.TrimSpace(start); isText(start) && len(text) > 0 {
		switch html := bytes.ToLower(text); {
		case bytes.HasPrefix(html, []byte("<!doctype")) || bytes.HasPrefix(html, []byte("<html")):
			return "it is a web page, not the file that its link leads to: fetch that"
		case text[0] == '[' || text[0] == '{':
			return advice(path, "JSON", `np.save(NPY, np.array(json.load(open(FILE))))`)
		}
		return advice(path, "text", textLine(text))
	}
	return advice(path, fmt.Sprintf("of no known kind, it begins with %q", start[:min(6, len(start))]), `save the array with numpy.save; if these are bare numbers, in Python type np.save(NPY, np.fromfile(FILE, "float32").reshape(N, D))`)
}

// ofTorch says what to do with a file that torch.save wrote.
func ofTorch(path string) string { return advice(path, torchKind, torchLine) }

// advice fills the file's names into what to do.
func advice(path, is, do string) string {
	npy := strings.TrimSuffix(path, filepath.Ext(path)) + ".npy"
	if npy == path {
		npy = strings.TrimSuffix(path, ".npy") + "-array.npy"
	}
	if strings.HasPrefix(do, "np.") {
		do = "in Python type " + do
	}
	return "it is " + is + ", not .npy: " + strings.NewReplacer("NPY", strconv.Quote(npy), "FILE", strconv.Quote(path)).Replace(do)
}

// textLine is what to type for a table of numbers that begins with text.
func textLine(text []byte) string {
	var options string
	text, marked := bytes.CutPrefix(text, []byte("\ufeff"))
	if marked {
		options = `, encoding="utf-8-sig"`
	}
	line, _, _ := bytes.Cut(text, []byte("\n"))
	for _, d := range []string{",", ";", "\t"} {
		if bytes.Contains(line, []byte(d)) {
			options += fmt.Sprintf(", delimiter=%q", d)
			break
		}
	}
	first := bytes.TrimSpace(line)
	if i := bytes.IndexAny(first, ",; \t"); i >= 0 {
		first = first[:i]
	}
	if _, err := strconv.ParseFloat(string(first), 64); err != nil {
		options += ", skiprows=1" // names of columns
	}
	return `np.save(NPY, np.loadtxt(FILE` + options + `))`
}
