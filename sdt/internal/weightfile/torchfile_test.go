package weightfile

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// torchArchive returns an archive of files, by name, compressed by a method.
func torchArchive(t testing.TB, method uint16, files map[string]string) []byte {
	t.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(files[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// A pickled string, and integers as a tuple.
func pickledText(s string) string {
	return "X" + string(binary.LittleEndian.AppendUint32(nil, uint32(len(s)))) + s
}
func pickledInts(all ...int) string {
	text := "("
	for _, n := range all {
		text += "J" + string(binary.LittleEndian.AppendUint32(nil, uint32(int32(n))))
	}
	return text + "t"
}

// pickledFloats is a tensor in storage "0" of count float32 numbers.
func pickledFloats(count, offset int, shape, stride []int) string {
	return "ctorch._utils\n_rebuild_tensor_v2\n((" + pickledText("storage") + "ctorch\nFloatStorage\n" + pickledText("0") + pickledText("cpu") +
		pickledInts(count)[1:6] + "tQ" + pickledInts(offset)[1:6] + pickledInts(shape...) + pickledInts(stride...) + "\x89}tR"
}

// dictOf is the pickle of a dictionary with a value named "w".
func dictOf(value string) string { return "\x80\x02}" + pickledText("w") + value + "s." }

// What a tensor of a .pth file has, by hand: storage 0 … 5 as [2, 3], its transpose, a part.
func TestTensorsOfTorchFiles(t *testing.T) {
	numbers := string(little([]float32{0, 1, 2, 3, 4, 5}, false))
	for _, row := range []struct {
		why           string
		offset        int
		shape, stride []int
		want          []float32
	}{
		{"in order", 0, []int{2, 3}, []int{3, 1}, []float32{0, 1, 2, 3, 4, 5}},
		{"a transpose", 0, []int{3, 2}, []int{1, 3}, []float32{0, 3, 1, 4, 2, 5}},
		{"from the second number, every other", 1, []int{3}, []int{2}, []float32{1, 3, 5}},
		{"the last row", 3, []int{1, 3}, []int{3, 1}, []float32{3, 4, 5}},
		{"the stride of an axis of one does not matter", 2, []int{1, 2}, []int{999, 1}, []float32{2, 3}},
		{"one number repeated", 4, []int{3}, []int{0}, []float32{4, 4, 4}},
		{"no number", 6, []int{0, 3}, []int{3, 1}, nil},
		{"a scalar", 5, nil, nil, []float32{5}},
	} {
		for name, method := range map[string]uint16{"stored": zip.Store, "compressed": zip.Deflate} {
			file := torchArchive(t, method, map[string]string{"x/data.pkl": dictOf(pickledFloats(6, row.offset, row.shape, row.stride)), "x/data/0": numbers, "x/byteorder": "little"})
			all, err := decodeTorch(file)
			if err != nil {
				t.Errorf("%s, %s: %v", row.why, name, err)
				continue
			}
			var got []float32
			for i := range len(all["w"].raw) / 4 {
				got = append(got, all["w"].at(i))
			}
			if !slices.Equal(got, row.want) || !slices.Equal(all["w"].shape, append([]int{}, row.shape...)) {
				t.Errorf("%s, %s: %v of shape %v, want %v of %v", row.why, name, got, all["w"].shape, row.want, row.shape)
			}
		}
	}
}

// A file with anything but tensors is refused by name, and nothing in it is run; so is one with
// tensors that do not lie in it, or that would fill the memory.
func TestTorchFilesThatAreRefused(t *testing.T) {
	marker := filepath.Join(t.TempDir(), "ran")
	whole := []int{2, 3}
	deep := "\x80\x02" + strings.Repeat("]", 200_000) + strings.Repeat("a", 199_999) + "."
	for _, row := range []struct{ why, pickle, numbers, order, says string }{
		{"a command", "\x80\x02cposix\nsystem\n" + pickledText("touch "+marker) + "\x85R.", "", "", "it holds posix.system, and Go reads dictionaries of tensors only: in Python type"},
		{"a command, in protocol 4", "\x80\x04" + pickledText("builtins") + pickledText("exec") + "\x93" + pickledText("1") + "\x85R.", "", "", "it holds builtins.exec"},
		{"a command as an instance of protocol 0", "(S'touch " + marker + "'\nios\nsystem\n.", "", "", "unknown operation"},
		{"a class of PyTorch", dictOf("ctorch._utils\n_rebuild_sparse_tensor\n)R"), "", "", "it holds torch._utils._rebuild_sparse_tensor"},
		{"a function without arguments", dictOf("ctorch._utils\n_rebuild_tensor_v2\n)R"), "", "", "it calls something that is not a function"},
		{"attributes of a class", dictOf("ccollections\nOrderedDict\n}b"), "", "", "attributes of something"},
		{"an integer as a function", dictOf("K\x01)R"), "", "", "it calls something"},
		{"another object outside", dictOf(pickledText("x") + "\x85Q"), "", "", "not a storage"},
		{"no value", "\x80\x02.", "", "", "a value is missing"},
		{"no mark", "\x80\x02t.", "", "", "a mark is missing"},
		{"a value of an outer mark", "\x80\x02N(0.", "", "", "a value is missing"},
		{"a value that is not kept", "\x80\x02h\x07.", "", "", "refers to value 7"},
		{"a text longer than the file", "\x80\x02X\xff\xff\xff\xff.", "", "", "ends too early"},
		{"bytes of 2⁶³", "\x80\x05\x8e\x00\x00\x00\x00\x00\x00\x00\x80.", "", "", "ends too early"},
		{"a key without a value", "\x80\x02}(K\x01u.", "", "", "a key has no value"},
		{"lists in lists", deep, "", "", "it holds no dictionary of tensors"},
		{"the same list a million times", "\x80\x02" + "]q\x00" + strings.Repeat("(h\x00h\x00h\x00tq\x00", 100_000) + ".", "", "", "it holds no dictionary of tensors"},
		{"too many operations", "\x80\x02" + strings.Repeat("N", maxOperations) + ".", "", "", "operations"},
		{"a storage that is not there", dictOf(pickledFloats(6, 0, whole, []int{3, 1})), "", "", "has no x/data/0"},
		{"a storage of another size", dictOf(pickledFloats(5, 0, []int{5}, []int{1})), "6", "", `"w": its storage has 24 bytes, want 20`},
		{"a tensor beyond its storage", dictOf(pickledFloats(6, 1, whole, []int{3, 1})), "6", "", `"w": shape [2 3] from number 1 ends beyond`},
		{"by its strides", dictOf(pickledFloats(6, 0, whole, []int{4, 1})), "6", "", "ends beyond"},
		{"a negative offset", dictOf(pickledFloats(6, -1, whole, []int{3, 1})), "6", "", "no storage, offset"},
		{"a negative stride", dictOf(pickledFloats(6, 5, []int{6}, []int{-1})), "6", "", "does not fit its storage"},
		{"a negative shape", dictOf(pickledFloats(6, 0, []int{-2, -3}, []int{3, 1})), "6", "", "does not fit its storage"},
		{"a huge shape", dictOf(pickledFloats(6, 0, []int{1 << 30, 1 << 30, 1 << 30}, []int{0, 0, 0})), "6", "", "does not fit its storage"},
		{"one number repeated a billion times", dictOf(pickledFloats(6, 0, []int{1 << 30}, []int{0})), "6", "", "does not fit its storage"},
		{"a huge storage", dictOf(pickledFloats(1<<31-1, 0, []int{6}, []int{1})), "6", "", "of a storage of 2147483647"},
		{"big endian", dictOf(pickledFloats(6, 0, whole, []int{3, 1})), "6", "big", `byte order is "big"`},
	} {
		files := map[string]string{"x/data.pkl": row.pickle}
		if row.numbers != "" {
			files["x/data/0"] = string(make([]byte, 24))
		}
		if row.order != "" {
			files["x/byteorder"] = row.order
		}
		path := write(t, "a.pth", torchArchive(t, zip.Store, files))
		if _, err := ReadTorch(path, tiny(AlexNet)); err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s: error %v, want one that says %s", row.why, err, row.says)
		}
	}
	if _, err := os.Stat(marker); err == nil {
		t.Error("a command was run")
	}
}

// Tensors that share numbers cannot fill the memory; nor can a compressed file.
func TestTorchFilesThatWouldFillTheMemory(t *testing.T) {
	pickle := "\x80\x02}"
	for i := range 100 {
		pickle += pickledText(fmt.Sprint(i)) + pickledFloats(10_000, 0, []int{100, 100}, []int{1, 100}) + "s"
	}
	file := torchArchive(t, zip.Store, map[string]string{"x/data.pkl": pickle + ".", "x/data/0": string(make([]byte, 40_000))})
	if _, err := decodeTorch(file); err == nil || !strings.Contains(err.Error(), "more than four times the file's size") {
		t.Errorf("a hundred transposes of one tensor: %v", err)
	}
	compressed := torchArchive(t, zip.Deflate, map[string]string{"x": string(make([]byte, 40_000))})
	z, err := zip.NewReader(bytes.NewReader(compressed), int64(len(compressed)))
	if err != nil {
		t.Fatal(err)
	}
	for spare, fits := range map[int]bool{40_000: true, 39_999: false} {
		inflated := maxBytes - spare
		if _, err := unzip(compressed, z.File[0], &inflated); (err == nil) != fits {
			t.Errorf("40,000 bytes with %d left: %v", spare, err)
		}
	}
}

// A .pth file that is cut off or damaged anywhere is an error or is read, and nothing panics.
func TestTorchFilesThatAreCut(t *testing.T) {
	z, err := zip.OpenReader(filepath.Join("testdata", "torch-1.13.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	dir := t.TempDir()
	if err := os.CopyFS(dir, z); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"saved.pth", "legacy.pth", "legacy-views.pth", "protocol-4.pth"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		for n := range len(data) {
			all, err := decodeTorch(data[:n:n])
			if err == nil {
				_, err = tiny(AlexNet).take(all)
			}
			if err == nil {
				t.Fatalf("%s: cut to %d of %d bytes it was read", name, n, len(data))
			}
			damaged := slices.Clone(data)
			damaged[n] ^= 0x55
			decodeTorch(damaged)
		}
	}
}

// An archive with one .pth file in it, such as a wheel, is read as that file; its fingerprint is
// that file's.
func TestReadWeightsInAnArchive(t *testing.T) {
	z, err := zip.OpenReader(filepath.Join("testdata", "torch-1.13.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	dir := t.TempDir()
	if err := os.CopyFS(dir, z); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "saved.pth"))
	if err != nil {
		t.Fatal(err)
	}
	want := must(t)(ReadTorch(filepath.Join(dir, "saved.pth"), tiny(AlexNet)))
	for _, method := range []uint16{zip.Store, zip.Deflate} {
		wheel := write(t, "a.whl", torchArchive(t, method, map[string]string{"p/__init__.py": "", "p/models/net.pth": string(data)}))
		got := must(t)(ReadTorch(wheel, tiny(AlexNet)))
		checkCounting(t, "a wheel", got)
		if got.SHA256 != want.SHA256 {
			t.Errorf("the fingerprint is %s, of the file %s", got.SHA256, want.SHA256)
		}
	}
	two := write(t, "two.zip", torchArchive(t, zip.Store, map[string]string{"a.pth": string(data), "b.pth": string(data)}))
	if _, err := ReadTorch(two, tiny(AlexNet)); err == nil || !strings.Contains(err.Error(), "a zip archive") {
		t.Errorf("an archive with two: %v", err)
	}
}

// A batch norm's variance is not negative; 0 is one.
func TestNegativeVarianceIsRefused(t *testing.T) {
	refused := 0
	for _, v := range EfficientNetLite0.variables() {
		if len(v.shape) > 1 {
			continue
		}
		for _, last := range []float32{0, -1} {
			numbers := make([]float32, v.out)
			numbers[v.out-1] = last
			err := v.read(foreignTensor{shape: v.shape, kind: single, raw: little(numbers, false)}, make([]float32, v.out))
			if want := last < 0 && strings.HasSuffix(v.theirs, ".running_var"); (err != nil) != want {
				t.Errorf("%s with %v: %v", v.theirs, last, err)
			} else if want {
				refused++
			}
		}
	}
	if refused != 49 { // convolutions: the stem's, three in each of 16 blocks but the first, which has two, the head's
		t.Errorf("%d variances", refused)
	}
}

func FuzzReadTorch(f *testing.F) {
	numbers := string(make([]byte, 24))
	f.Add(torchArchive(f, zip.Store, map[string]string{"x/data.pkl": dictOf(pickledFloats(6, 0, []int{3, 2}, []int{1, 3})), "x/data/0": numbers}))
	f.Add(torchArchive(f, zip.Deflate, map[string]string{"x/data.pkl": dictOf(pickledFloats(6, 0, []int{6}, []int{1})), "x/data/0": numbers}))
	object := dictOf(pickledFloats(6, 1, []int{2}, []int{2}))
	f.Add([]byte(torchMagic + "\x80\x02M\xe9\x03." + "\x80\x02}." + object + "\x80\x02]" + pickledText("0") + "a." + "\x06\x00\x00\x00\x00\x00\x00\x00" + numbers))
	fuzzForeign(f, decodeTorch)
}

func FuzzUnpickle(f *testing.F) {
	f.Add([]byte(dictOf(pickledFloats(6, 0, []int{6}, []int{1}))))
	f.Add([]byte("\x80\x04\x95\x00\x00\x00\x00\x00\x00\x00\x00}\x94(\x8c\x01a\x94\x8a\x02\xff\xff\x8c\x01b\x94]\x94(K\x01\x88eu."))
	f.Fuzz(func(t *testing.T, data []byte) {
		if v, _, err := unpickle(data); err == nil {
			largestDict(v)
			storageSizes(v, map[string]int64{})
		}
	})
}
