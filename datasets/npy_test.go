package datasets

import (
	"archive/zip"
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// npy returns a version-1 file with the given dictionary.
func npy(dict, data string) []byte {
	return append([]byte("\x93NUMPY\x01\x00"+string([]byte{byte(len(dict)), byte(len(dict) >> 8)})+dict), data...)
}

// plainNpy returns a file of one dimension with numbers of the given type.
func plainNpy(descr string, n int, data string) []byte {
	return npy(fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%d,), }\n", descr, n), data)
}

// npyKinds is the archive of all kinds of array; testdata/arrays.py makes it with NumPy.
const npyKinds = "testdata/kinds.npz"

// madeFeatures are the twelve numbers that testdata/arrays.py saves in many ways.
func madeFeatures() (x []float32) {
	for i := range 12 {
		x = append(x, float32(i)/4-1.25)
	}
	return x
}

// Features and labels are the same whatever type, order and shape NumPy saves them in.
func TestReadFeaturesOfEveryKind(t *testing.T) {
	classes := []string{"a", "b"}
	var features, labels []string
	for _, order := range []string{"<", ">"} {
		for _, kind := range []string{"f2", "f4", "f8"} {
			features = append(features, "features "+order+kind)
			labels = append(labels, "whole "+order+kind)
		}
		for _, width := range []string{"1", "2", "4", "8"} {
			labels = append(labels, "labels "+order+"i"+width, "labels "+order+"u"+width)
		}
	}
	features = append(features, "x", "features Fortran", "features big-endian Fortran", "features transposed", "features pooled", "features pooled, channels last")
	labels = append(labels, "labels bool", "labels column", "labels row", "labels column, Fortran")
	check := func(x, y string) {
		l, err := ReadFeatures("d", npyKinds+":"+x, npyKinds+":"+y, classes)
		if err != nil {
			t.Errorf("%s, %s: %v", x, y, err)
			return
		}
		if !slices.Equal(l.Values, madeFeatures()) || !slices.Equal(l.Shape, []int{3}) || !slices.Equal(l.Labels, []int32{0, 1, 1, 0}) {
			t.Errorf("%s, %s: %v, %v, %v", x, y, l.Shape, l.Values, l.Labels)
		}
	}
	for _, x := range features {
		check(x, labels[0])
	}
	for _, y := range labels {
		check(features[0], y)
	}
}

func TestReadNpyIntegersOfEveryWidth(t *testing.T) {
	want := []int{-128, 127, -1, 3}
	for _, order := range []string{"<", ">"} {
		for _, width := range []string{"1", "2", "4", "8"} {
			a, err := ReadNpy(npyKinds + ":wide " + order + "i" + width)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := a.Ints(); err != nil || !slices.Equal(got, want) {
				t.Errorf("%si%s: %v, %v", order, width, got, err)
			}
			if got := a.Float32s(); !slices.Equal(got, []float32{-128, 127, -1, 3}) {
				t.Errorf("%si%s: %v", order, width, got)
			}
		}
	}
}

// A float16 has ten bits of fraction after five of exponent: all values are checked.
func TestReadNpyFloat16IsExact(t *testing.T) {
	var all []byte
	for bits := range 1 << 16 {
		all = append(all, byte(bits), byte(bits>>8))
	}
	a, err := ReadNpy(write(t, "a.npy", plainNpy("<f2", 1<<16, string(all))))
	if err != nil {
		t.Fatal(err)
	}
	for bits, got := range a.Float32s() {
		sign, exponent, fraction := 1-2*float64(bits>>15), bits>>10&31, float64(bits&1023)/1024
		want := sign * math.Ldexp(1+fraction, exponent-15)
		switch {
		case exponent == 0:
			want = sign * math.Ldexp(fraction, -14)
		case exponent == 31 && fraction > 0:
			want = math.NaN()
		case exponent == 31:
			want = sign * math.Inf(1)
		}
		if float64(got) != want && !(math.IsNaN(want) && got != got) || math.Signbit(float64(got)) != (bits>>15 == 1) && got == got {
			t.Fatalf("bits %04x: %v, want %v", bits, got, want)
		}
	}
}

// Headers as programs other than the current NumPy write them; the array is 1, −2.
func TestReadNpyHeaders(t *testing.T) {
	const data = "\x00\x00\x80\x3f\x00\x00\x00\xc0"
	for why, dict := range map[string]string{
		"NumPy's":                   "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }\n",
		"Python 2's long integers":  "{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 1L), }\n",
		"another order":             "{'shape': (2, 1), 'fortran_order': False, 'descr': '<f4'}",
		"no spaces":                 "{'descr':'<f4','fortran_order':False,'shape':(2,1)}",
		"many spaces":               "{ 'descr' :  '<f4' ,\n 'fortran_order' : False , 'shape' : ( 2 , 1 ) }   ",
		"double quotes":             `{"descr": "<f4", "fortran_order": False, "shape": (2, 1)}`,
		"a unicode string":          "{'descr': u'<f4', 'fortran_order': False, 'shape': (2, 1), }",
		"the machine's byte order":  "{'descr': '=f4', 'fortran_order': False, 'shape': (2, 1), }",
		"no byte order":             "{'descr': 'f4', 'fortran_order': False, 'shape': (2, 1), }",
		"MATLAB's, always Fortran":  "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 1), }",
		"no comma at the end":       "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1)}",
		"five more dimensions of 1": "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2, 1, 1, 1, 1, 1, 1), }",
	} {
		a, err := ReadNpy(write(t, "a.npy", npy(dict, data)))
		if err != nil || !slices.Equal(a.Float32s(), []float32{1, -2}) {
			t.Errorf("%s: %v, %v", why, a, err)
		}
	}
	const dict = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }\n"
	for _, version := range []string{"\x02\x00", "\x03\x00"} { // four bytes of length
		file := "\x93NUMPY" + version + string([]byte{byte(len(dict)), 0, 0, 0}) + dict + data
		if a, err := ReadNpy(write(t, "a.npy", []byte(file))); err != nil || !slices.Equal(a.Float32s(), []float32{1, -2}) {
			t.Errorf("version %q: %v", version, err)
		}
	}
}

func TestReadNpyShapes(t *testing.T) {
	for name, want := range map[string]struct {
		shape []int
		flat  []float32
	}{
		"scalar":           {nil, []float32{7}},
		"empty":            {[]int{0}, []float32{}},
		"no rows":          {[]int{0, 3}, []float32{}},
		"features Fortran": {[]int{4, 3}, madeFeatures()},
		"three axes, Fortran": {[]int{2, 3, 4}, []float32{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
			12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23}},
	} {
		a, err := ReadNpy(npyKinds + ":" + name)
		if err != nil || !slices.Equal(a.Shape, want.shape) || !slices.Equal(a.Float32s(), want.flat) {
			t.Errorf("%s: %v %v, %v", name, a.Shape, a.Float32s(), err)
		}
	}
	b, err := ReadNpy(write(t, "b.npy", plainNpy("|b1", 3, "\x00\x01\x02")))
	if err != nil || !slices.Equal(b.Float32s(), []float32{0, 1, 1}) {
		t.Errorf("a bool of another bit pattern than 0 and 1 is true: %v, %v", b.Float32s(), err)
	}
}

func TestReadNpyRefuses(t *testing.T) {
	const plain = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n"
	for _, row := range []struct {
		why     string
		content []byte
		says    string
	}{
		{"empty", nil, "no header"},
		{"version 9", []byte("\x93NUMPY\x09\x00"), "version 9.0"},
		{"cut in the header", npy(plain, "")[:20], "header"},
		{"truncated", npy(plain, "1234567"), "truncated: 7 of 8 bytes: save or download it again"},
		{"longer", npy(plain, "123456789"), "more bytes follow"},
		{"a dimension beyond int", npy("{'descr': '|u1', 'fortran_order': False, 'shape': (99999999999999999999,), }\n", "1"), "out of range"},
		{"a negative dimension", npy("{'descr': '|u1', 'fortran_order': False, 'shape': (-1,), }\n", "1"), "has no plain"},
		{"a product beyond int", npy("{'descr': '|u1', 'fortran_order': False, 'shape': (4000000000, 4000000000, 4000000000), }\n", "1"), "needs more than 4294967296"},
		{"nine dimensions", npy("{'descr': '|u1', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1), }\n", "1"), "9 dimensions"},
		{"a header of 4 GB", []byte("\x93NUMPY\x02\x00\xff\xff\xff\xff"), "header of 4294967295 bytes"},
		{"no type", npy("{'fortran_order': False, 'shape': (2,), }\n", "12"), "has no plain"},
		{"a type that NumPy does not have", plainNpy("<q4", 2, "12345678"), `type "<q4"`},
		{"a type that is no word", plainNpy("float", 2, "12345678"), `type "float"`},
		{"96 bits, as 32-bit machines have", plainNpy("<f12", 1, "123456789012"), `x.astype("float64")`},
		{"integers of 128 bits", plainNpy("<i16", 1, "1234567890123456"), `x.astype("float32")`},
	} {
		path := write(t, "features.npy", row.content)
		_, err := ReadNpy(path)
		if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s: error %v, want one that names the file and says %q", row.why, err, row.says)
		}
	}
	for name, says := range map[string]string{ // what to type
		"longdouble": `x.astype("float64")`,
		"complex64":  "abs(x)",
		"complex128": "abs(x)",
		"strings":    "[classes.index(k) for k in x]",
		"bytes":      "[classes.index(k.decode()) for k in x]",
		"objects":    "numpy.stack(x)",
		"ragged":     "numpy.stack(x)",
		"void":       `x.astype("float32")`,
		"dates":      `x.astype("int64")`,
		"spans":      `x.astype("int64")`,
		"records":    `x["width"]`,
	} {
		if _, err := ReadNpy(npyKinds + ":" + name); err == nil || !strings.Contains(err.Error(), npyKinds+":"+name) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: error %v, want one that names it and says %q", name, err, says)
		}
	}
}

func TestIntsRefuses(t *testing.T) {
	for _, row := range []struct{ why, descr, data, says string }{
		{"half", "<f4", "\x00\x00\x00\x3f", "element 0 is 0.5, of type float32"},
		{"NaN", "<f2", "\x00\x7e", "element 0 is NaN"},
		{"infinite", "<f2", "\x00\xfc", "element 0 is -Inf"},
		{"2³¹, which not every float32 beside it is", "<f4", "\x00\x00\x00\x4f", "element 0 is 2.1474836e+09"},
		{"beyond int64", "<u8", "\xff\xff\xff\xff\xff\xff\xff\xff", "element 0 is 18446744073709551615"},
	} {
		a, err := ReadNpy(write(t, "a.npy", plainNpy(row.descr, 1, row.data)))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := a.Ints(); err == nil || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s: %v, error %v, want %q", row.why, got, err, row.says)
		}
	}
}

// zipped returns an archive of the given members.
func zipped(t testing.TB, names ...string) []byte {
	t.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for i, name := range names {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name}) // stored, not deflated
		if err != nil {
			t.Fatal(err)
		}
		w.Write(plainNpy("|u1", 1, string([]byte{byte(i)})))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestReadNpz(t *testing.T) {
	one := write(t, "one.npz", zipped(t, "arr_0.npy"))
	two := write(t, "two.npz", zipped(t, "x.npy", "y.npy", "README"))
	for path, want := range map[string]float32{one: 0, one + ":arr_0": 0, two + ":y": 1, two + ":y.npy": 1} {
		if a, err := ReadNpy(path); err != nil || !slices.Equal(a.Float32s(), []float32{want}) {
			t.Errorf("%s: %v, %v", path, a, err)
		}
	}
	// zipfile.ZipFile(…, "w", zipfile.ZIP_BZIP2), as NumPy reads it too
	packed := write(t, "bzip2.npz", based(t, "UEsDBC4AAAAMAAAAIQDZH8YjewAAAIgAAAAFAAAAeC5ucHlCWmg5MUFZJlNZDhWdAAAAJ9+wYBBA5BRUQQNCIK9F3QoIAEAAIABURJ6RpoNBkDQZGTaEU8o0A9T1GgGQMmmhGUryyOFIIYCQkjmiqAyKRWC180TgC74zMjuxr+MXSHCR4h7SeAQ0GLSIBKxXAbtGYu5IpwoSAcKzoABQSwECLgMuAAAADAAAACEA2R/GI3sAAACIAAAABQAAAAAAAAAAAAAAgAEAAAAAeC5ucHlQSwUGAAAAAAEAAQAzAAAAngAAAAAA"))
	if a, err := ReadNpy(packed); err != nil || !slices.Equal(a.Float32s(), []float32{3, 5}) {
		t.Errorf("by bzip2: %v, %v", a, err)
	}
	var many []string
	for i := range 12 {
		many = append(many, fmt.Sprint(i, ".npy"))
	}
	plain := write(t, "a.npy", plainNpy("|u1", 1, "\x00"))
	cut := zipped(t, "x.npy")
	for path, says := range map[string][]string{
		two:                                      {`the arrays "x", "y"`, fmt.Sprintf("%q", two+":x")},
		two + ":z":                               {`no array "z": it has "x", "y"`},
		plain + ":x":                             {`omit ":x"`},
		write(t, "many.npz", zipped(t, many...)): {`"9", and 2 more`},
		write(t, "none.npz", zipped(t)):          {"without an array"},
		write(t, "docs.zip", zipped(t, "README")):                                    {"without an array"},
		write(t, "cut.npz", cut[:len(cut)-9]):                                        {"its end is missing: the file is truncated", "save or download it again"},
		write(t, "half.npz", cut[:len(cut)/2]):                                       {"its end is missing: the file is truncated", "save or download it again"},
		write(t, "lzma.npz", zipRaw(t, zip.FileHeader{Name: "x.npy", Method: 14})):   {`array "x.npy" is compressed by LZMA`, `lzma-plain.npz", **np.load("`},
		write(t, "new.npz", zipRaw(t, zip.FileHeader{Name: "x.npy", Method: 200})):   {`"x.npy"`, "unknown method 200"},
		write(t, "aes.npz", zipRaw(t, zip.FileHeader{Name: "x.npy", Flags: 1})):      {`"x.npy"`, "is encrypted"},
		write(t, "a.pt", zipped(t, "a/data.pkl", "a/version")):                       {"torch.load("},
		filepath.Join(t.TempDir(), "none.npz:x"):                                     {"none.npz:x: no such file"},
		write(t, "bad.npz", bytes.Replace(cut, []byte("NUMPY"), []byte("NUMPE"), 1)): {`array "x.npy"`},
	} {
		_, err := ReadNpy(path)
		if err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: error %v, want one that names it", path, err)
			continue
		}
		for _, want := range says {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: error %v, want one that says %q", path, err, want)
			}
		}
	}
}

// The error for a file of another kind names the kind, with what to type.
func TestReadNpyOfAnotherKind(t *testing.T) {
	for _, row := range []struct{ why, name, content, says string }{
		{"a table", "x.csv", "1,2\n3,4\n", `np.save(NPY, np.loadtxt(FILE, delimiter=","))`},
		{"with names of columns", "x.csv", "width,height\n3,4\n", `np.loadtxt(FILE, delimiter=",", skiprows=1)`},
		{"with the mark of Windows", "x.csv", "\ufeff1;2\n", `np.loadtxt(FILE, encoding="utf-8-sig", delimiter=";")`},
		{"in UTF-16", "x.csv", "\xff\xfe1\x00,\x002\x00", `encoding="utf-16"`},
		{"by tabs", "x.tsv", "1\t2\n", `np.loadtxt(FILE, delimiter="\t")`},
		{"by spaces, cut in a letter at the end of what is looked at", "x.txt", strings.Repeat("1 2\n", 127) + "#  é\n", `np.save(NPY, np.loadtxt(FILE))`},
		{"a table called .npy", "x.npy", "1 2\n", `-array.npy", np.loadtxt(FILE))`},
		{"nested lists", "x.json", "[[1, 2]]", "json.load(open(FILE))"},
		{"a pickle", "x.pkl", "\x80\x04\x95", "np.load(FILE, allow_pickle=True)"},
		{"a pickle of another name", "x.bin", "\x80\x05\x95", "np.load(FILE, allow_pickle=True)"},
		{"a pickle of protocol 0 under an array's name", "x.npy", "cnumpy.core.multiarray\n_reconstruct\np0\n", "np.load(FILE, allow_pickle=True)"},
		{"a list of protocol 0", "x.npy", "(lp0\nF1.5\naF2.5\na.", "np.load(FILE, allow_pickle=True)"},
		{"a pickle of protocol 0, which is text", "x.pkl", "cnumpy._core.multiarray\n_reconstruct\n", "np.load(FILE, allow_pickle=True)"},
		{"a tensor as PyTorch saved it before 1.6", "x.dat", "\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.", "torch.load(open(FILE, \"rb\"), map_location=\"cpu\").detach().numpy()"},
		{"PyTorch's by its name", "x.PTH", "whatever\x00", "torch.load(open(FILE"},
		{"MATLAB 5", "x.mat", "MATLAB 5.0 MAT-file, Platform: GLNXA64", "scipy.io.loadmat(FILE)"},
		{"MATLAB 4, which does not say so", "x.mat", "\x00\x00\x00\x00\x04\x00", "scipy.io.loadmat(FILE)"},
		{"MATLAB 7.3, columns first", "x.mat", "MATLAB 7.3 MAT-file", `h5py.File(FILE)["NAME"][()].T`},
		{"HDF5", "x.h5", "\x89HDF\r\n\x1a\n", `h5py.File(FILE)["NAME"][()]`},
		{"Parquet", "x.parquet", "PAR1\x15", "pandas.read_parquet(FILE)"},
		{"Arrow", "x.feather", "ARROW1\x00", "pandas.read_feather(FILE)"},
		{"safetensors", "x.safetensors", "\x40\x00\x00\x00\x00\x00\x00\x00{\"a\"", "load_file(FILE)"},
		{"compressed", "x.npy.gz", "\x1f\x8b\x08", "gunzip FILE"},
		{"Git LFS", "x.npy", "version https://git-lfs.github.com/spec/v1\n", "git lfs pull"},
		{"a web page", "x.npy", "\n<!DOCTYPE html><html>", "web page"},
		{"MNIST", "x.npy", "\x00\x00\x08\x03", "ReadIDX"},
		{"an image", "x.npy", "\x89PNG\r\n", "ReadFolder"},
		{"bare numbers", "x.bin", "\x00\x00\x80\x3f", `np.fromfile(FILE, "float32").reshape(N, D)`},
	} {
		path := write(t, row.name, []byte(row.content))
		npy := strings.TrimSuffix(path, filepath.Ext(path)) + ".npy"
		says := strings.NewReplacer("NPY", fmt.Sprintf("%q", npy), "FILE", fmt.Sprintf("%q", path)).Replace(row.says)
		if _, err := ReadNpy(path); err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: error %v, want one that says %s", row.why, err, says)
		}
	}
	if _, err := ReadNpy(t.TempDir()); err == nil || !strings.Contains(err.Error(), "folder") {
		t.Errorf("a folder: %v", err)
	}
}

func TestReadFeaturesRefuses(t *testing.T) {
	array := func(descr, shape, data string) string {
		return write(t, "a.npy", npy(fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%s), }\n", descr, shape), data))
	}
	x, y := array("|u1", "3, 2", "123456"), array("|u1", "3,", "\x00\x01\x01")
	const two64 = "\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00"
	for _, row := range []struct {
		why, features, labels string
		says                  []string
	}{
		{"a label beyond the classes", x, array("|u1", "3,", "\x00\x01\x02"), []string{"label 2 of row 2 is outside 0…1"}},
		{"labels that count from 1", x, array("|u1", "3,", "\x01\x02\x01"), []string{"label 2 of row 1", "labels - 1"}},
		{"a negative label", x, array("|i1", "3,", "\x00\xff\x01"), []string{"label -1 of row 1"}},
		{"a label beyond int64", x, array("<u8", "3,", two64), []string{"label 9223372036854775809 of row 1"}},
		{"a label that is not whole", x, array("<f2", "3,", "\x00\x00\x00\x3c\x00\x3e"), []string{"label 1.5 of row 2", `labels.astype("int32")`}},
		{"a label that is NaN", x, array("<f2", "3,", "\x00\x7e\x00\x3c\x00\x3e"), []string{"label NaN of row 0"}},
		{"one label for each class", x, array("|u1", "3, 3", "\x01\x00\x00\x00\x01\x00\x00\x01\x00"), []string{"shape [3 3]", "labels.argmax(1)"}},
		{"as many labels as columns", x, array("|u1", "2,", "\x00\x01"), []string{"each of the 3 rows", "features.T"}},
		{"a matrix of as many labels", array("|u1", "6, 2", "123456123456"), array("|u1", "2, 3", "\x00\x01\x00\x01\x00\x01"), []string{"shape [2 3]"}},
		{"too few labels", x, array("|u1", "1,", "\x00"), []string{"shape [1]", "belong together"}},
		{"the files taken for one another", y, x, []string{"shape [3]", "reshape(-1, 1)"}},
		{"no feature", array("|u1", "3, 0", ""), y, []string{"it is empty"}},
		{"a scalar", array("|u1", "", "1"), y, []string{"shape []", "reshape(1, -1)"}},
		{"maps that nothing has pooled", array("|u1", "3, 1, 2, 2", "123456123456"), y, []string{"shape [3 1 2 2]", "x.reshape(len(x), -1)"}},
		{"NaN", array("<f2", "3, 1", "\x00\x00\x00\x7e\x00\x7c"), y, []string{"row 1, column 0 holds NaN (and 1 more"}},
		{"infinite in float32", array("<f8", "3, 1", "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xf0\x7e"+"\x00\x00\x00\x00\x00\x00\x00\x00"), y, []string{"row 1, column 0 holds ", "e+303, which is +Inf as float32:"}},
	} {
		_, err := ReadFeatures("d", row.features, row.labels, []string{"a", "b"})
		for _, says := range append(row.says, "a.npy: ") {
			if err == nil || !strings.Contains(err.Error(), says) {
				t.Errorf("%s: error %v, want one that says %q", row.why, err, says)
			}
		}
	}
	if l, err := ReadFeatures("d", array("|u1", "1, 2", "12"), array("|u1", "", "\x01"), []string{"a", "b"}); err != nil || l.Labels[0] != 1 {
		t.Errorf("a scalar label of one row: %v, %v", l.Labels, err)
	}
}

// checkNpy checks that the data match the shape, whatever the file was.
func checkNpy(t *testing.T, a Npy) {
	size := 1
	for _, d := range a.Shape {
		size *= d
	}
	if n := len(a.Float32s()); n != size {
		t.Errorf("%d numbers of shape %v", n, a.Shape)
	}
	if ints, err := a.Ints(); err == nil && len(ints) != size {
		t.Errorf("%d integers of shape %v", len(ints), a.Shape)
	}
}

func FuzzNpy(f *testing.F) {
	for _, n := range npyNumbers {
		f.Add(plainNpy("<"+n.code, 1, "12345678"[:n.width]))
	}
	f.Add(npy("{'descr': '>i2', 'fortran_order': True, 'shape': (2L, 1, 2), }\n", "12345678"))
	f.Add([]byte("\x93NUMPY\x02\x00\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, content []byte) {
		if a, err := parseNpy(bytes.NewReader(content)); err == nil {
			checkNpy(t, a)
		}
		mistaken("x.npy", content)
	})
}

func FuzzNpz(f *testing.F) {
	f.Add(zipped(f, "x.npy"), "")
	f.Add(zipped(f, "x.npy", "../y.npy"), "x")
	f.Add(zipped(f, "a/data.pkl"), "")
	if content, err := os.ReadFile(npyKinds); err == nil {
		f.Add(content[:400], "x")
	}
	f.Fuzz(func(t *testing.T, content []byte, member string) {
		if a, err := parseNpz(bytes.NewReader(content), int64(len(content)), "x.npz", member); err == nil {
			checkNpy(t, a)
		}
	})
}
