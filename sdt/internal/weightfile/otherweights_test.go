package weightfile

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

// zipped returns an archive of empty files.
func zipped(t testing.TB, names ...string) string {
	t.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for _, name := range names {
		if _, err := z.Create(name); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

// moduleReduced is a pickle of a Python object, as torch.save writes it for a model.
const moduleReduced = "\x80\x02ctorch.nn.modules.container\nSequential\nq\x00)\x81."

// zippedPickle returns a file of torch.save with that pickle.
func zippedPickle(t testing.TB, pickle string) string {
	return string(torchArchive(t, zip.Store, map[string]string{"a/data.pkl": pickle, "a/version": "3"}))
}

func zippedModule(t testing.TB) string { return zippedPickle(t, moduleReduced) }

// A file of another kind is named by its kind, with the way to convert it.
func TestReadWeightsOfAnotherKind(t *testing.T) {
	alex := func(path string) error { _, err := ReadTorch(path, AlexNet); return err }
	caffe := func(path string) error { _, err := ReadCaffe(path, CaffeNet); return err }
	for _, row := range []struct {
		why, name, content string
		read               func(string) error
		says               string
	}{
		{"torch.save of a model", "a.pth", zippedModule(t), alex, `torch.load(open(FILE, "rb"), map_location="cpu")`},
		{"torch.save under the name of what is wanted", "a.safetensors", zippedModule(t), alex, `a-tensors.safetensors")`},
		{"torch.save of more than tensors", "a.pth", zippedModule(t), alex, `if that fails with "Weights only load failed", the file holds Python objects besides tensors`},
		{"torch.save of a model before 1.6", "a.model", torchMagic + "\x80\x02M\xe9\x03." + "\x80\x02}." + moduleReduced, alex, "torch.load(open(FILE"},
		{"torch.save, cut off", "a.model", torchMagic, alex, "this is not a complete .pth file, or it is cut off: download or save it again"},
		{"torch.save of nothing", "a.pth", zippedPickle(t, "\x80\x02}."), alex, "it holds no dictionary of tensors"},
		{"the name of torch.save on something else", "a.pth", "????", alex, "it is not a PyTorch file"},
		{"a pickle of Python's own", "a.pkl", "\x80\x04\x95\x10", alex, "pickle.load(open(FILE"},
		{"one of protocol 0", "a.pkl", "(dp0\n", alex, "only if you trust its source"},
		{"before 0.2, a tar file", "a.pth.tar", "sys_info", alex, `/a.safetensors")`},
		{"TorchScript", "a.pt", zipped(t, "a/data.pkl", "a/constants.pkl"), alex, "torch.jit.load(FILE"},
		{"torch.export", "a.pt2", zipped(t, "a/archive_format", "a/data/weights/x.pkl"), alex, "torch.export.load(FILE).state_dict"},
		{"Keras", "a.keras", zipped(t, "config.json", "model.weights.h5"), alex, "a Keras file"},
		{"arrays", "a.npz", zipped(t, "conv1.npy"), alex, "save_file(dict(np.load(FILE)), OUT)"},
		{"some archive", "a.zip", zipped(t, "alexnet.safetensors"), alex, "a zip archive, want .safetensors or .onnx or .pth: unpack it first"},
		{"an archive that is cut", "a.pth", zipped(t, "a/data.pkl")[:40], alex, "zip archive that cannot be read"},
		{"HDF5", "a.onnx", "\x89HDF\r\n\x1a\n", alex, "HDF5"},
		{"HDF5 by its name", "a.H5", "?", alex, "HDF5"},
		{"GGUF", "a.gguf", "GGUF\x03", alex, "GGUF"},
		{"Flax", "flax_model.msgpack", "\x81\xa6", alex, "Flax"},
		{"Git LFS", "a.safetensors", "version https://git-lfs.github.com/spec/v1\n", alex, "git lfs pull"},
		{"a web page", "a.safetensors", "<!DOCTYPE html>", alex, "web page"},
		{"compressed", "a.safetensors.gz", "\x1f\x8b\x08", alex, "unpack it first"},
		{"the list of shards", "a.safetensors.index.json", "{}", alex, `glob("DIR/*-of-*.safetensors")`},
		{"an ONNX model's numbers", "a.onnx.data", "????", alex, "the .onnx file beside it"},
		{"a name that says nothing", "weights", "????", alex, "save_file"},
		{"Caffe's own HDF5", "a.caffemodel.h5", "\x89HDF\r\n\x1a\n", caffe, "HDF5 file, want .caffemodel"},
		{"a description", "deploy.prototxt", "name: \"CaffeNet\"\n", caffe, "without its weights"},
		{"a solver's state", "a.solverstate", "\x08\x01", caffe, ".caffemodel beside it"},
		{"PyTorch's for Caffe's: no line makes one of the other", "a.pth", zipped(t, "a/data.pkl"), caffe, "a pickle, want .caffemodel"},
		{"safetensors for Caffe's", "a.safetensors", string(safetensorsFile(t, nil, false)), caffe, "it is a safetensors file, want .caffemodel"},
		{"safetensors under the name of a pickle", "a.pth", string(safetensorsFile(t, nil, false)), caffe, "it is a safetensors file, want .caffemodel"},
		{"safetensors with a header as long as a pickle begins", "a.bin", string(longHeader(0x010280)), caffe, "it is a safetensors file, want .caffemodel"},
		{"safetensors under the name of arrays", "a.npz", string(safetensorsFile(t, nil, false)), caffe, "it is a safetensors file, want .caffemodel"},
		{"ONNX under the name of a pickle, for Caffe's", "a.pth", string(onnxForm{}.file(tiny(AlexNet).tensors())), caffe, "it is an ONNX model, want .caffemodel"},
		{"ONNX under the name of a pickle", "a.pth", string(onnxForm{}.file(tiny(AlexNet).tensors())), alex, "it is an ONNX model without the ending .onnx, want .safetensors or .onnx or .pth: rename it"},
		{"Caffe's under the name of a pickle", "a.pth", string(caffeForm{}.file(tiny(CaffeNet).tensors())), alex, "it is a Caffe model, want .safetensors or .onnx or .pth"},
		{"Caffe's under the name of ONNX", "a.onnx", string(caffeForm{}.file(tiny(CaffeNet).tensors())), alex, "it is a Caffe model, want .safetensors or .onnx or .pth"},
		{"Git LFS", "a.caffemodel", "version https://git-lfs.github.com/spec/v1\n", caffe, "git lfs pull"},
	} {
		path := write(t, row.name, []byte(row.content))
		says := strings.NewReplacer("FILE", fmt.Sprintf("%q", path), "DIR", filepath.Dir(path), "OUT", fmt.Sprintf("%q", strings.TrimSuffix(path, filepath.Ext(path))+".safetensors")).Replace(row.says)
		if err := row.read(path); err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: error %v, want one that says %s", row.why, err, says)
		}
	}
	for file, says := range map[string]string{"b.safetensors": "b.safetensors", "__0_0.distcp": "dcp_to_torch"} {
		folder := filepath.Dir(write(t, file, []byte("?")))
		if err := alex(folder); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("a folder of %s: %v", file, err)
		}
	}
}

// longHeader returns a safetensors file without tensors, whose header has n bytes.
func longHeader(n int) []byte {
	return append(binary.LittleEndian.AppendUint64(nil, uint64(n)), "{"+strings.Repeat(" ", n-2)+"}"...)
}

// Weights are read by a file's content, whatever its name; the two bytes at the beginning of a
// pickle may also be the length of a safetensors file's header.
func TestReadWeightsWhateverTheName(t *testing.T) {
	torch, caffe := tiny(AlexNet), tiny(CaffeNet)
	file := safetensorsFile(t, torch.tensors(), false)
	for _, name := range []string{"a.bin", "weights", "a.onnx", "a.SafeTensors"} {
		must(t)(ReadTorch(write(t, name, file), torch))
	}
	must(t)(ReadTorch(write(t, "A.ONNX", onnxForm{}.file(torch.tensors())), torch))
	must(t)(ReadCaffe(write(t, "a.bin", caffeForm{}.file(caffe.tensors())), caffe))
	if isPickle([]byte{0x80, 2, 0, 0, 0, 0, 0, 0, '{'}) || !isPickle([]byte{0x80, 2, '}'}) {
		t.Error("the length of a header is read as a pickle, or a pickle is not")
	}
}

// A message about many tensors has each reason once, with one example and the count.
func TestTensorsThatDoNotFitAreCounted(t *testing.T) {
	o := tiny(AlexNet)
	named := func(rename func(string) string) []fileTensor {
		all := o.tensors()
		for i := range all {
			all[i].name = rename(all[i].name)
		}
		return all
	}
	float8 := strings.NewReplacer(`"F32"`, `"F8_E4M3"`).Replace(string(safetensorsFile(t, o.tensors(), false)))
	for _, row := range []struct{ why, file, says string }{
		{"all of another type", strings.Replace(float8, float8[:1], string([]byte{float8[0] + 4*8}), 1), `"one.weight": the element type is "F8_E4M3", want float16, bfloat16, float32 or float64: save model.float().state_dict() (and 5 more like it)`},
		{"all renamed", string(safetensorsFile(t, named(strings.ToUpper), false)), `"one.weight" and 5 more are missing ("ONE.WEIGHT" has the shape of "one.weight": if it is the same tensor, rename it); "ONE.BIAS" and 7 more do not belong to Tiny`},
		{"one renamed", string(safetensorsFile(t, named(func(n string) string { return strings.Replace(n, "two.weight", "second.weight", 1) }), false)), `"two.weight" is missing ("second.weight" has the shape of "two.weight": if it is the same tensor, rename it); "second.weight" does not belong to Tiny`},
		{"one missing behind a prefix", string(safetensorsFile(t, changed(named(func(n string) string { return "net." + n }), "net.two.bias", nil), false)), `: "net.two.bias" is missing`},
		{"all biases of another shape", string(safetensorsFile(t, named(func(n string) string {
			return strings.NewReplacer("one.bias", "two.bias", "two.bias", "three.bias", "three.bias", "one.bias").Replace(n)
		}), false)), `"one.bias" has shape [4], want [3] (and 2 more like it)`},
	} {
		_, err := ReadTorch(write(t, "a.safetensors", []byte(row.file)), o)
		if err == nil || !strings.HasSuffix(err.Error(), row.says) {
			t.Errorf("%s: error %v, want %s at its end", row.why, err, row.says)
		}
	}
}

// Names with a prefix, in the formats for which PyTorch writes no such file.
func TestPrefixes(t *testing.T) {
	caffe, torch := tiny(CaffeNet), tiny(AlexNet)
	before := func(all []fileTensor, p string) []fileTensor {
		for i := range all {
			all[i].name = p + all[i].name
		}
		return all
	}
	must(t)(ReadCaffe(write(t, "a.caffemodel", caffeForm{}.file(before(caffe.tensors(), "net/"))), caffe))
	must(t)(ReadTorch(write(t, "a.onnx", onnxForm{}.file(before(torch.tensors(), "features.one."))), torch))
	must(t)(ReadTorch(write(t, "a.onnx", onnxForm{}.file(append(torch.tensors(), fileTensor{"val_7", nil, []float32{.5}}))), torch)) // the rate of Dropout
	for why, all := range map[string][]fileTensor{
		"no boundary":         before(torch.tensors(), "net"),
		"of some, not of all": append(before(torch.tensors()[:4], "net."), torch.tensors()[4:]...),
		"a layer in between":  append(before(torch.tensors(), "net."), fileTensor{"net.norm.weight", []int{3}, []float32{1, 2, 3}}),
	} {
		if _, err := ReadTorch(write(t, "a.onnx", onnxForm{}.file(all)), torch); err == nil {
			t.Errorf("%s: it was read", why)
		}
	}
}

func TestONNXInTwoFiles(t *testing.T) {
	o := tiny(AlexNet)
	entry := func(key, value string) []byte {
		return message(message(nil, 1, []byte(key)), 2, []byte(value))
	}
	// model returns a model whose numbers are all in one other file, and that file.
	model := func(location string) (model, data []byte) {
		graph := message(nil, 2, []byte("graph"))
		for _, x := range o.tensors() {
			b := varint(message(nil, 8, []byte(x.name)), 2, 1)
			for _, d := range x.shape {
				b = varint(b, 1, d)
			}
			raw := little(x.flat, false)
			b = message(b, 13, entry("location", location))
			if len(data) > 0 { // the first begins at 0, which is the default
				b = message(b, 13, entry("offset", fmt.Sprint(len(data))))
			}
			graph = message(graph, 5, varint(message(b, 13, entry("length", fmt.Sprint(len(raw)))), 14, 1))
			data = append(data, raw...)
		}
		return message(varint(nil, 1, 7), 7, graph), data
	}
	beside, data := model("weights/a.data")
	path := write(t, "a.onnx", beside)
	_, err := ReadTorch(path, o)
	if err == nil || !strings.Contains(err.Error(), "a.data") || !strings.Contains(err.Error(), "external_data=False") {
		t.Errorf("without its numbers: %v", err)
	}
	folder := filepath.Join(filepath.Dir(path), "weights")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	keep := func(data []byte) {
		if err := os.WriteFile(filepath.Join(folder, "a.data"), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	keep(data)
	w := must(t)(ReadTorch(path, o))
	want := must(t)(ReadTorch(write(t, "one.onnx", onnxForm{}.file(o.tensors())), o))
	for name, v := range want.Values {
		if !v.Equal(w.Values[name]) {
			t.Errorf("%s is %v, in one file %v", name, w.Values[name], v)
		}
	}
	other := append([]byte{}, data...)
	other[0]++
	keep(other)
	if again := must(t)(ReadTorch(path, o)); again.SHA256 == w.SHA256 {
		t.Error("other numbers have the same fingerprint")
	}
	keep(data[:len(data)/2])
	if _, err := ReadTorch(path, o); err == nil || !strings.Contains(err.Error(), "check that the file is complete and belongs to this model") {
		t.Errorf("half the numbers: %v", err)
	}
	for _, location := range []string{"../a.data", "/etc/passwd", ""} {
		outside, _ := model(location)
		if _, err := ReadTorch(write(t, "a.onnx", outside), o); err == nil || !strings.Contains(err.Error(), "not a file beside the model") {
			t.Errorf("numbers at %q: %v", location, err)
		}
	}
}

// Half-precision numbers of all bit patterns are as the formats define them; those of PyTorch and
// Caffe use the same readers.
func TestHalfPrecisionIsExact(t *testing.T) {
	for bits := range 1 << 16 {
		raw := []byte{byte(bits), byte(bits >> 8)}
		for _, k := range []struct {
			name                string
			kind                numberKind
			exponents, fraction int
		}{{"float16", half, 5, 10}, {"bfloat16", brain, 8, 7}} {
			want := ieee(uint64(bits), k.exponents, k.fraction)
			if got := float64(k.kind.read(raw)); got != want && !(got != got && want != want) {
				t.Fatalf("%s %04x: %v, want %v", k.name, bits, got, want)
			}
		}
	}
}

// ieee returns the number with the given bits: a sign, then exponent and fraction.
func ieee(bits uint64, exponents, fraction int) float64 {
	most := uint64(1)<<exponents - 1
	e, f := bits>>fraction&most, math.Ldexp(float64(bits&(1<<fraction-1)), -fraction)
	sign := 1.0
	if bits>>(exponents+fraction) == 1 {
		sign = -1
	}
	switch {
	case e == most && f > 0:
		return math.NaN()
	case e == most:
		return sign * math.Inf(1)
	case e == 0:
		return sign * math.Ldexp(f, 1-int(most/2))
	}
	return sign * math.Ldexp(1+f, int(e)-int(most/2))
}

// float16 and bfloat16 in an ONNX model may be the low bits of integers.
func TestONNXHalvesAsIntegers(t *testing.T) {
	for number, bits := range map[int][2]uint64{10: {0x3e00, 0xc000}, 16: {0x3fc0, 0xc000}} { // 1.5, −2
		head := varint(varint(message(nil, 8, []byte("w")), 1, 2), 2, number)
		packed := protowire.AppendVarint(protowire.AppendVarint(nil, bits[0]), bits[1])
		for _, tensor := range [][]byte{message(head, 5, packed), varint(varint(head, 5, int(bits[0])), 5, int(bits[1]))} {
			all, err := decodeONNX(message(nil, 7, message(nil, 5, tensor)))
			if err != nil {
				t.Fatal(err)
			}
			if w := all["w"]; w.at(0) != 1.5 || w.at(1) != -2 {
				t.Errorf("type %d: %v, %v", number, w.at(0), w.at(1))
			}
		}
	}
}
