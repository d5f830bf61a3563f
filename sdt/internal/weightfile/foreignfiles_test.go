package weightfile

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

// fileTensor is one tensor of a file that a test writes.
type fileTensor struct {
	name  string
	shape []int
	flat  []float32
}

// little returns the numbers' bytes, as float64 if double is set.
func little(flat []float32, double bool) []byte {
	out := make([]byte, 0, 8*len(flat))
	for _, v := range flat {
		if double {
			out = binary.LittleEndian.AppendUint64(out, math.Float64bits(float64(v)))
		} else {
			out = binary.LittleEndian.AppendUint32(out, math.Float32bits(v))
		}
	}
	return out
}

// message appends a field of bytes.
func message(to []byte, number protowire.Number, content []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(to, number, protowire.BytesType), content)
}

// varint appends a field of an integer.
func varint(to []byte, number protowire.Number, v int) []byte {
	return protowire.AppendVarint(protowire.AppendTag(to, number, protowire.VarintType), uint64(v))
}

// caffeForm says in which of Caffe's forms a test writes a file.
type caffeForm struct {
	v1       bool // layers of V1LayerParameter
	v0       bool // in each of them one of V0LayerParameter
	old      bool // num, channels, height, width
	unpacked bool // each number with its own tag
	double   bool // double_data
	raw      bool // raw_data, as in NVIDIA's Caffe
}

// blob returns a BlobProto.
func (c caffeForm) blob(t fileTensor) (b []byte) {
	if c.old {
		four := append(slices.Repeat([]int{1}, 4-len(t.shape)), t.shape...)
		for i, d := range four {
			b = varint(b, protowire.Number(i+1), d)
		}
	} else {
		var dims []byte
		for _, d := range t.shape {
			dims = protowire.AppendVarint(dims, uint64(d))
		}
		b = message(b, 7, message(nil, 1, dims))
	}
	number, size, kind := protowire.Number(5), 4, protowire.Fixed32Type
	if c.double {
		number, size, kind = 8, 8, protowire.Fixed64Type
	}
	raw := little(t.flat, c.double)
	if c.raw {
		kind := 1 // FLOAT
		if c.double {
			kind = 0
		}
		return message(varint(b, 10, kind), 12, raw)
	}
	if !c.unpacked {
		return message(b, number, raw)
	}
	for v := range slices.Chunk(raw, size) {
		b = append(protowire.AppendTag(b, number, kind), v...)
	}
	return b
}

// file returns a .caffemodel file; a tensor "conv1 blob 0" is the first of layer conv1, and
// layers without blobs are among them, as in Caffe's.
func (c caffeForm) file(all []fileTensor) []byte {
	net := message(nil, 1, []byte("Net"))
	layer := func(name string, kind int, blobs []byte) {
		if c.v0 {
			v0 := append(message(message(nil, 1, []byte(name)), 2, []byte("kind")), blobs...)
			net = message(net, 2, message(message(message(nil, 1, v0), 2, []byte("below")), 3, []byte(name)))
		} else if c.v1 {
			net = message(net, 2, append(varint(message(message(nil, 2, []byte("below")), 4, []byte(name)), 5, kind), blobs...))
		} else {
			net = message(net, 100, append(message(message(nil, 1, []byte(name)), 2, []byte("Kind")), blobs...))
		}
	}
	layer("data", 5, nil)
	for i := 0; i < len(all); {
		name, _, _ := strings.Cut(all[i].name, " ")
		var blobs []byte
		for ; i < len(all) && strings.HasPrefix(all[i].name, name+" "); i++ {
			number := protowire.Number(7)
			if c.v0 {
				number = 50
			} else if c.v1 {
				number = 6
			}
			blobs = message(blobs, number, c.blob(all[i]))
		}
		layer("before "+name, 18, nil)
		layer(name, 4, blobs)
	}
	return net
}

// onnxForm says how a test writes an ONNX model.
type onnxForm struct {
	typed  bool // float_data, not raw_data
	double bool
}

// tensor returns a TensorProto.
func (c onnxForm) tensor(t fileTensor) (b []byte) {
	for _, d := range t.shape {
		b = varint(b, 1, d)
	}
	kind, number := 1, protowire.Number(4) // FLOAT
	if c.double {
		kind, number = 11, 10 // DOUBLE
	}
	if !c.typed {
		number = 9
	}
	return message(message(varint(b, 2, kind), 8, []byte(t.name)), number, little(t.flat, c.double))
}

func (c onnxForm) file(all []fileTensor) []byte {
	graph := message(message(nil, 1, []byte{}), 2, []byte("graph"))
	for _, t := range all {
		graph = message(graph, 5, c.tensor(t))
	}
	return message(varint(nil, 1, 7), 7, graph)
}

// onnxTransposed returns a model with matrices [inputs, outputs], for nodes that multiply by them
// directly.
func onnxTransposed(all []fileTensor, op string) []byte {
	graph := message(nil, 2, []byte("graph"))
	for i, t := range all {
		if len(t.shape) == 2 {
			out, in := t.shape[0], t.shape[1]
			flat := make([]float32, len(t.flat))
			for j, v := range t.flat {
				flat[j%in*out+j/in] = v
			}
			t.shape, t.flat = []int{in, out}, flat
			node := message(message(message(nil, 1, []byte("x")), 1, []byte(t.name)), 4, []byte(op))
			if i%4 == 2 { // the default, or explicitly
				node = message(node, 5, varint(message(nil, 1, []byte("transB")), 3, 0))
			}
			graph = message(graph, 1, node)
		}
		graph = message(graph, 5, onnxForm{}.tensor(t))
	}
	return message(varint(nil, 1, 7), 7, graph)
}

// safetensorsFile returns a safetensors file as other programs write it: without our hash.
func safetensorsFile(t testing.TB, all []fileTensor, double bool) []byte {
	t.Helper()
	header, at := map[string]any{"__metadata__": map[string]string{"format": "pt"}}, 0
	var body []byte
	for _, x := range all {
		raw := little(x.flat, double)
		kind := "F32"
		if double {
			kind = "F64"
		}
		header[x.name] = map[string]any{"dtype": kind, "shape": x.shape, "data_offsets": []int{at, at + len(raw)}}
		at += len(raw)
		body = append(body, raw...)
	}
	head, err := json.Marshal(header)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Concat(binary.LittleEndian.AppendUint64(nil, uint64(len(head))), head, body)
}

// tiny is a network of a convolution, a dense layer on the flattened image, and another, small
// enough to check by eye.
func tiny(like Origin) Origin {
	like.network = "Tiny"
	like.layers = []foreignLayer{{"conv1", "one", 3, 2, 4, false}, {"fc2", "two", 5, 3, 2, true}, {"fc3", "three", 4, 5, 1, true}}
	like.classifier = "top"
	return like
}

// tensors returns the network's tensors, with a classifier of two classes, in which the
// number at output o, input i, row h, column w is 1000·o + 100·i + 10·h + w, and bias o
// is −o.
func (o Origin) tensors() (all []fileTensor) {
	for _, l := range append(slices.Clone(o.layers), foreignLayer{theirs: o.classifier, out: 2, in: o.layers[len(o.layers)-1].out, side: 1, dense: true}) {
		w := fileTensor{name: l.theirs + o.weights, shape: l.shape()}
		b := fileTensor{name: l.theirs + o.biases, shape: []int{l.out}}
		for out := range l.out {
			b.flat = append(b.flat, -float32(out))
			for i := range l.in {
				for h := range l.side {
					for c := range l.side {
						w.flat = append(w.flat, float32(1000*out+100*i+10*h+c))
					}
				}
			}
		}
		all = append(all, w, b)
	}
	return all
}

// changed returns the tensors after applying change to the one with that name; nil removes it.
func changed(all []fileTensor, name string, change func(*fileTensor)) (out []fileTensor) {
	for _, t := range all {
		if t.name == name {
			if change == nil {
				continue
			}
			t.flat, t.shape = slices.Clone(t.flat), slices.Clone(t.shape)
			change(&t)
		}
		out = append(out, t)
	}
	return out
}
