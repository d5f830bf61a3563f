package weightfile

import (
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

func caffeBlobs(data []byte) (map[string]foreignTensor, error) {
	blobs, _, err := decodeCaffeModel(data)
	return blobs, err
}

// Every form of every format gives the same variables, each number at its place in our layout.
func TestForeignForms(t *testing.T) {
	caffe, torch := tiny(CaffeNet), tiny(AlexNet)
	type form struct {
		origin Origin
		data   []byte
		decode func([]byte) (map[string]foreignTensor, error)
	}
	forms := map[string]form{}
	for _, v1 := range []bool{false, true} {
		for _, old := range []bool{false, true} {
			for _, unpacked := range []bool{false, true} {
				for _, double := range []bool{false, true} {
					c := caffeForm{v1: v1, old: old, unpacked: unpacked, double: double}
					forms[fmt.Sprintf("caffe %+v", c)] = form{caffe, c.file(caffe.tensors()), caffeBlobs}
				}
			}
		}
	}
	for _, typed := range []bool{false, true} {
		for _, double := range []bool{false, true} {
			c := onnxForm{typed, double}
			forms[fmt.Sprintf("onnx %+v", c)] = form{torch, c.file(torch.tensors()), decodeONNX}
		}
	}
	forms["caffe V0"] = form{caffe, caffeForm{v1: true, v0: true, old: true}.file(caffe.tensors()), caffeBlobs}
	for _, double := range []bool{false, true} {
		forms[fmt.Sprintf("caffe of NVIDIA, double:%v", double)] = form{caffe, caffeForm{raw: true, double: double}.file(caffe.tensors()), caffeBlobs}
	}
	for _, node := range []string{"MatMul", "Gemm"} {
		forms["onnx, matrices for "+node] = form{torch, onnxTransposed(torch.tensors(), node), decodeONNX}
	}
	for _, double := range []bool{false, true} {
		forms[fmt.Sprintf("safetensors double:%v", double)] = form{torch, safetensorsFile(t, torch.tensors(), double), decodeForeignTensors}
	}
	for name, f := range forms {
		t.Run(name, func(t *testing.T) {
			all, err := f.decode(f.data)
			if err != nil {
				t.Fatal(err)
			}
			got, err := f.origin.take(all)
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != 6 {
				t.Errorf("variables %v, want six", slices.Sorted(maps.Keys(got)))
			}
			kernel := got["conv1/weights"].Value().([][][][]float32)
			for h := range 4 {
				for w := range 4 {
					for i := range 2 {
						for o := range 3 {
							if v := kernel[h][w][i][o]; v != float32(1000*o+100*i+10*h+w) {
								t.Fatalf("conv1: %v at row %d, column %d, channel %d of filter %d", v, h, w, i, o)
							}
						}
					}
				}
			}
			flattened := got["fc2/weights"].Value().([][]float32)
			for o := range 5 {
				row := 0
				for h := range 2 { // as Reshape flattens [H, W, C]
					for w := range 2 {
						for i := range 3 {
							if v := flattened[row][o]; v != float32(1000*o+100*i+10*h+w) {
								t.Fatalf("fc2: %v at row %d of unit %d", v, row, o)
							}
							row++
						}
					}
				}
			}
			if v := got["fc3/weights"].Value().([][]float32)[4][3]; v != 3400 {
				t.Errorf("fc3: %v from input 4 to unit 3", v)
			}
			if v := got["fc3/biases"].Value().([]float32); !slices.Equal(v, []float32{0, -1, -2, -3}) {
				t.Errorf("fc3: biases %v", v)
			}
		})
	}
}

// In every format the error for a tensor names it.
func TestForeignTensorsThatDoNotFitAreNamed(t *testing.T) {
	for format, f := range map[string]struct {
		origin Origin
		file   func([]fileTensor) []byte
		decode func([]byte) (map[string]foreignTensor, error)
	}{
		"caffe v1":    {tiny(CaffeNet), caffeForm{v1: true, old: true}.file, caffeBlobs},
		"caffe":       {tiny(CaffeNet), caffeForm{}.file, caffeBlobs},
		"onnx":        {tiny(AlexNet), onnxForm{}.file, decodeONNX},
		"safetensors": {tiny(AlexNet), func(all []fileTensor) []byte { return safetensorsFile(t, all, false) }, decodeForeignTensors},
	} {
		o := f.origin
		w, b := o.layers[1].theirs+o.weights, o.layers[2].theirs+o.biases
		for name, c := range map[string]struct {
			all  []fileTensor
			want []string
		}{
			"weights missing":       {changed(o.tensors(), w, nil), []string{fmt.Sprintf("%q is missing", o.layers[1].theirs+o.biases), fmt.Sprintf("%q", w)}},
			"biases missing":        {changed(o.tensors(), b, nil), []string{fmt.Sprintf("%q is missing", b)}},
			"another shape":         {changed(o.tensors(), w, func(x *fileTensor) { x.shape = []int{12, 5} }), []string{fmt.Sprintf("%q has shape", w), "12 5]", "want [5 12]"}},
			"not finite":            {changed(o.tensors(), w, func(x *fileTensor) { x.flat[7] = float32(math.NaN()) }), []string{w, "number 7 is NaN"}},
			"infinite":              {changed(o.tensors(), b, func(x *fileTensor) { x.flat[2] = float32(math.Inf(-1)) }), []string{b, "number 2 is -Inf"}},
			"fewer numbers":         {changed(o.tensors(), w, func(x *fileTensor) { x.flat = x.flat[1:] }), []string{w, "shape"}},
			"more numbers":          {changed(o.tensors(), w, func(x *fileTensor) { x.flat = append(x.flat, 1) }), []string{w, "shape"}},
			"an extra tensor":       {append(o.tensors(), fileTensor{"four" + o.weights, []int{1}, []float32{1}}), []string{fmt.Sprintf("%q does not belong to Tiny", "four"+o.weights)}},
			"no classifier":         {o.tensors()[:6], nil},
			"a classifier of three": {changed(o.tensors(), "top"+o.biases, func(x *fileTensor) { x.shape, x.flat = []int{3}, []float32{1, 2, 3} }), nil},
		} {
			if strings.HasPrefix(format, "caffe") && name == "weights missing" {
				c.want = []string{fmt.Sprintf("%q is missing", o.layers[1].theirs+o.biases), fmt.Sprintf("%q has shape", w)} // Caffe's blobs have no names: the biases come first
			} else if name == "weights missing" {
				c.want = []string{fmt.Sprintf("%q is missing", w)}
			}
			all, err := f.decode(f.file(c.all))
			if err == nil {
				_, err = o.take(all)
			}
			if len(c.want) == 0 && err != nil || len(c.want) > 0 && err == nil {
				t.Errorf("%s, %s: error %v", format, name, err)
			}
			for _, want := range c.want {
				if err != nil && !strings.Contains(err.Error(), want) {
					t.Errorf("%s, %s: error %q does not say %q", format, name, err, want)
				}
			}
		}
	}
}

// Damage that is specific to one file format.
func TestForeignFilesThatAreDamaged(t *testing.T) {
	one := []fileTensor{{"one blob 0", []int{2}, []float32{1, 2}}, {"one blob 1", []int{1}, []float32{1}}}
	caffe := caffeForm{}.file(one)
	onnx := func(tensor []byte) []byte { return message(nil, 7, message(nil, 5, tensor)) }
	header := func(text string, body int) []byte {
		return slices.Concat(binary.LittleEndian.AppendUint64(nil, uint64(len(text))), []byte(text), make([]byte, body))
	}
	named := message(varint(nil, 1, 2), 8, []byte("w"))
	for name, c := range map[string]struct {
		decode func([]byte) (map[string]foreignTensor, error)
		data   []byte
		want   string
	}{
		"caffe: a layer twice":                {caffeBlobs, slices.Concat(caffe, caffe), `"one blob 0" appears twice`},
		"caffe: in both formats":              {caffeBlobs, slices.Concat(caffe, caffeForm{v1: true}.file(one)), `"one blob 0" appears twice`},
		"caffe: V0, a blob that is damaged":   {caffeBlobs, message(nil, 2, message(nil, 1, message(message(nil, 1, []byte("one")), 50, message(nil, 5, []byte{1, 2, 3})))), `"one blob 0": field 5`},
		"caffe: V0, a layer that is a number": {caffeBlobs, message(nil, 2, varint(nil, 1, 3)), "layer 0"},
		"caffe: raw data of three bytes":      {caffeBlobs, message(nil, 100, message(message(nil, 1, []byte("one")), 7, message(varint(nil, 10, 2), 12, []byte{1, 2, 3}))), `"one blob 0": 1 numbers`},
		"caffe: a huge length":                {caffeBlobs, append(protowire.AppendTag(nil, 100, protowire.BytesType), 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f), "EOF"},
		"caffe: a huge shape":                 {caffeBlobs, message(nil, 100, message(message(nil, 1, []byte("one")), 7, caffeForm{old: true}.blob(fileTensor{"", []int{1 << 30, 1 << 30, 1 << 30, 4}, nil}))), `"one blob 0": shape`},
		"caffe: a negative shape":             {caffeBlobs, message(nil, 100, message(message(nil, 1, []byte("one")), 7, caffeForm{old: true}.blob(fileTensor{"", []int{-1}, nil}))), `"one blob 0": dimensions [-1]`},
		"caffe: nine axes":                    {caffeBlobs, message(nil, 100, message(message(nil, 1, []byte("one")), 7, caffeForm{}.blob(fileTensor{"", []int{1, 1, 1, 1, 1, 1, 1, 1, 1}, []float32{1}}))), `"one blob 0"`},
		"caffe: float and double":             {caffeBlobs, message(nil, 100, message(message(nil, 1, []byte("one")), 7, message(caffeForm{}.blob(one[0]), 8, little(one[0].flat, true)))), "more than one of float, double and raw data"},
		"caffe: data of three bytes":          {caffeBlobs, message(nil, 100, message(message(nil, 1, []byte("one")), 7, message(nil, 5, []byte{1, 2, 3}))), `"one blob 0": field 5`},
		"caffe: a name that is a number":      {caffeBlobs, message(nil, 100, varint(nil, 1, 3)), "layer 0"},
		"caffe: text":                         {caffeBlobs, []byte("name: \"CaffeNet\"\n"), "field"},
		"onnx: twice":                         {decodeONNX, message(nil, 7, slices.Concat(message(nil, 5, onnxForm{}.tensor(one[1])), message(nil, 5, onnxForm{}.tensor(one[1])))), `"one blob 1" appears twice`},
		"onnx: no graph":                      {decodeONNX, varint(nil, 1, 7), "0 graphs"},
		"onnx: empty":                         {decodeONNX, nil, "0 graphs"},
		"onnx: raw and typed":                 {decodeONNX, onnx(message(message(varint(named, 2, 1), 4, make([]byte, 8)), 9, make([]byte, 8))), `"w": the tensor has both`},
		"onnx: a huge shape":                  {decodeONNX, onnx(varint(varint(varint(named, 1, 1<<31-1), 1, 1<<31-1), 2, 1)), `"w": shape`},
		"onnx: a raw length of three":         {decodeONNX, onnx(message(varint(named, 2, 1), 9, make([]byte, 3))), `"w": shape`},
		"safetensors: a name twice":           {decodeForeignTensors, header(`{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`, 8), `"w" appears twice`},
		"safetensors: a gap":                  {decodeForeignTensors, header(`{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`, 8), "gap"},
		"safetensors: an overlap":             {decodeForeignTensors, header(`{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"v":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}`, 12), "overlap"},
		"safetensors: bytes left":             {decodeForeignTensors, header(`{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 5), "4 bytes, but the file has 5"},
		"safetensors: offsets outside":        {decodeForeignTensors, header(`{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`, 4), `the file is incomplete: tensor "w" ends at byte 8 of 4`},
		"safetensors: offsets turned round":   {decodeForeignTensors, header(`{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}`, 4), `"w": shape`},
		"safetensors: a huge shape":           {decodeForeignTensors, header(`{"w":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}`, 0), `"w": shape`},
		"safetensors: a negative shape":       {decodeForeignTensors, header(`{"w":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}`, 4), `"w": shape`},
		"safetensors: a huge header":          {decodeForeignTensors, []byte{255, 255, 255, 255, 255, 255, 255, 127, '{', '}'}, "or it is cut off"},
		"safetensors: other data":             {decodeForeignTensors, []byte("bare numbers of someone"), "this is not a .safetensors file, or it is cut off: download or save it again"},
		"safetensors: a damaged header":       {decodeForeignTensors, header(`{"w":}`, 0), "this is not a .safetensors file, or it is cut off"},
		"safetensors: more behind the end":    {decodeForeignTensors, header(`{} {}`, 0), "header is followed by {"},
		"safetensors: a list":                 {decodeForeignTensors, header(`[1]`, 0), "want {"},
	} {
		if _, err := c.decode(c.data); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", name, err, c.want)
		}
	}

	// A tensor with numbers that cannot be read is an error only if it is needed.
	of := func(kind int) []byte {
		return onnx(varint(varint(message(nil, 8, []byte("three.bias")), 1, 4), 2, kind))
	}
	for name, c := range map[string]struct {
		decode func([]byte) (map[string]foreignTensor, error)
		data   []byte
		want   string
	}{
		"onnx: float8":        {decodeONNX, of(17), "FLOAT8E4M3FN"},
		"onnx: quantized":     {decodeONNX, of(3), "INT8"},
		"onnx: no type":       {decodeONNX, of(0), "UNDEFINED"},
		"onnx: another type":  {decodeONNX, of(99), "no. 99 of ONNX"},
		"onnx: external":      {decodeONNX, onnx(varint(varint(varint(message(nil, 8, []byte("three.bias")), 1, 4), 2, 1), 14, 1)), "another file"},
		"onnx: external, old": {decodeONNX, onnx(message(varint(varint(message(nil, 8, []byte("three.bias")), 1, 4), 2, 1), 13, nil)), "another file"},
		"safetensors: float8": {decodeForeignTensors, header(`{"three.bias":{"dtype":"F8_E5M2","shape":[4],"data_offsets":[0,4]}}`, 4), `"F8_E5M2"`},
		"safetensors: int8":   {decodeForeignTensors, header(`{"three.bias":{"dtype":"I8","shape":[4],"data_offsets":[0,4]}}`, 4), `"I8"`},
		"caffe: raw integers": {caffeBlobs, message(nil, 100, message(message(nil, 1, []byte("three")), 7, message(varint(varint(nil, 10, 3), 1, 4), 12, make([]byte, 16)))), "no. 3 of NVIDIA's Caffe"},
	} {
		all, err := c.decode(c.data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		o := tiny(AlexNet)
		if strings.HasPrefix(name, "caffe") {
			o = tiny(CaffeNet)
			all["three blob 1"] = all["three blob 0"]
			b := all["three blob 1"]
			b.shape = []int{4}
			all["three blob 1"] = b
		}
		_, err = o.take(all)
		if err == nil || !strings.Contains(err.Error(), "three"+o.biases) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want three%s and %s", name, err, o.biases, c.want)
		}
	}
}

// A file that is cut off anywhere is an error.
func TestForeignFilesThatAreCut(t *testing.T) {
	caffe, torch := tiny(CaffeNet), tiny(AlexNet)
	for name, f := range map[string]struct {
		origin Origin
		data   []byte
		decode func([]byte) (map[string]foreignTensor, error)
	}{
		"caffe v1":    {caffe, caffeForm{v1: true, old: true}.file(caffe.tensors()[:6]), caffeBlobs},
		"caffe":       {caffe, caffeForm{}.file(caffe.tensors()[:6]), caffeBlobs},
		"onnx":        {torch, onnxForm{}.file(torch.tensors()), decodeONNX},
		"safetensors": {torch, safetensorsFile(t, torch.tensors(), false), decodeForeignTensors},
	} {
		for n := range f.data {
			all, err := f.decode(f.data[:n])
			if err == nil {
				_, err = f.origin.take(all)
			}
			if name == "safetensors" && err != nil && !strings.Contains(err.Error(), "or save it again") {
				t.Fatalf("%s: cut to %d of %d bytes: error %v, want one that says what to do", name, n, len(f.data), err)
			}
			if err == nil {
				t.Fatalf("%s: cut to %d of %d bytes it was read", name, n, len(f.data))
			}
		}
	}
}

// fuzzForeign checks that what a decoder returns has as many numbers as its shape.
func fuzzForeign(f *testing.F, decode func([]byte) (map[string]foreignTensor, error)) {
	f.Add([]byte(zipped(f, "a/data.pkl")))
	f.Fuzz(func(t *testing.T, data []byte) {
		otherWeights("a.pth", data, ".safetensors")
		all, err := decode(data)
		if err != nil {
			return
		}
		for name, x := range all {
			if x.external != nil {
				x, err = x.from(data)
			}
			if x.problem != "" || err != nil {
				continue
			}
			if err := x.checkSize(); err != nil {
				t.Errorf("%q: %v", name, err)
			}
			n := len(x.raw) / x.kind.size
			if err := x.channelsLast(make([]float32, n), n, 1, 1); err != nil && !strings.Contains(err.Error(), "in float32") {
				t.Errorf("%q: %v", name, err)
			}
		}
		tiny(CaffeNet).take(all)
		tiny(AlexNet).take(all)
	})
}

func FuzzReadCaffeModel(f *testing.F) {
	all := tiny(CaffeNet).tensors()
	for _, c := range []caffeForm{{}, {v1: true, old: true}, {v1: true, v0: true}, {unpacked: true}, {double: true}, {raw: true}} {
		f.Add(c.file(all))
		f.Add(c.file(all[4:]))
	}
	fuzzForeign(f, caffeBlobs)
}

func FuzzReadONNXModel(f *testing.F) {
	all := tiny(AlexNet).tensors()
	for _, c := range []onnxForm{{}, {typed: true}, {double: true}, {typed: true, double: true}} {
		f.Add(c.file(all))
		f.Add(c.file(all[4:]))
	}
	f.Add(onnxTransposed(all[4:], "Gemm"))
	external := message(message(message(nil, 1, []byte("offset")), 2, []byte("3")), 3, nil)
	f.Add(message(nil, 7, message(nil, 5, message(varint(message(nil, 8, []byte("three.bias")), 2, 10), 13, external))))
	fuzzForeign(f, decodeONNX)
}

func FuzzReadForeignSafetensors(f *testing.F) {
	all := tiny(AlexNet).tensors()
	f.Add(safetensorsFile(f, all[5:6], false)) // small: minimising a large one takes longer than fuzzing it
	f.Add(safetensorsFile(f, all[7:], true))
	fuzzForeign(f, decodeForeignTensors)
}
