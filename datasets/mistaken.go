package datasets

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
)

// arrayEnds are the extensions of files that cannot be recognized by their content, with
// what to type in Python, as in [todo].
var arrayEnds = []struct{ end, is, do string }{
	{".pth", torchKind, torchLine},
	{".pt", torchKind, torchLine},
	{".pkl", pickleKind, pickleLine},
	{".pickle", pickleKind, pickleLine},
	{".mat", "a .mat file", `np.save(NPY, scipy.io.loadmat(FILE)["NAME"])`},
}

// mistaken says what a file is that does not begin like a .npy file, and what to do.
func mistaken(path string, start []byte) string {
	if len(start) == 0 {
		return "no header: the file is empty"
	}
	k, known := kindOf(start)
	if !known || k.array == "" || k.name == pickleKind {
		lower := strings.ToLower(path)
		for _, by := range arrayEnds {
			if strings.HasSuffix(lower, by.end) {
				return advice(path, by.is, by.do)
			}
		}
	}
	switch {
	case known && k.array != "":
		return advice(path, k.name, k.array)
	case isText(start):
		return advice(path, k.name, textLine(bytes.TrimSpace(start)))
	}
	return advice(path, fmt.Sprintf("a file of unknown kind that begins with %q", start[:min(6, len(start))]), `save the array with numpy.save; if it holds raw numbers, in Python type np.save(NPY, np.fromfile(FILE, "float32").reshape(N, D))`)
}

// ofTorch says what to do with a file that torch.save wrote.
func ofTorch(path string) string { return advice(path, torchKind, torchLine) }

// advice says what a file is and what to do, with the file's names filled in.
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

// textLine returns what to type for a table of numbers whose text begins with text.
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
