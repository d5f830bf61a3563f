package weightfile

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"

	"github.com/sdtlab/sdtlab/sdt/layer"
)

// Origin says how the files of other programs store the weights of one of our networks.
type Origin struct {
	network         string // ours
	layers          []foreignLayer
	classifier      string // the layer that is skipped
	weights, biases string // what follows a layer's name

	norms map[string]string // the batch norm in the file that follows a layer of ours, in place of biases
}

// foreignLayer is a convolution or a dense layer of a pretrained network.
type foreignLayer struct {
	name   string // ours, under θ_repr
	theirs string // in the file
	out    int    // filters or units
	in     int    // channels that a filter or a unit sees
	side   int    // of the square that it sees: the kernel, or the flattened image; 1: no square
	dense  bool
}

// CaffeNet is Caffe's reference CaffeNet.
var CaffeNet = Origin{network: "CaffeNet", classifier: "fc8", weights: " blob 0", biases: " blob 1", layers: []foreignLayer{
	{"conv1", "conv1", 96, 3, 11, false}, {"conv2", "conv2", 256, 96 / 2, 5, false}, {"conv3", "conv3", 384, 256, 3, false},
	{"conv4", "conv4", 384, 384 / 2, 3, false}, {"conv5", "conv5", 256, 384 / 2, 3, false},
	{"fc6", "fc6", 4096, 256, 6, true}, {"fc7", "fc7", 4096, 4096, 1, true}}}

// AlexNet is torchvision's AlexNet.
var AlexNet = Origin{network: "AlexNet", classifier: "classifier.6", weights: ".weight", biases: ".bias", layers: []foreignLayer{
	{"conv1", "features.0", 64, 3, 11, false}, {"conv2", "features.3", 192, 64, 5, false}, {"conv3", "features.6", 384, 192, 3, false},
	{"conv4", "features.8", 256, 384, 3, false}, {"conv5", "features.10", 256, 256, 3, false},
	{"fc6", "classifier.1", 4096, 256, 6, true}, {"fc7", "classifier.4", 4096, 4096, 1, true}}}

// shape returns the shape of the layer's weights in the file: channels first.
func (l foreignLayer) shape() []int {
	if l.dense {
		return []int{l.out, l.in * l.side * l.side}
	}
	return []int{l.out, l.in, l.side, l.side}
}

// ours returns the shape of the layer's variable "weights": channels last.
func (l foreignLayer) ours() []int {
	if l.dense {
		return []int{l.side * l.side * l.in, l.out}
	}
	return []int{l.side, l.side, l.in, l.out}
}

// foreignVariable is one variable of a network, and the tensor in the file that is it.
type foreignVariable struct {
	theirs, path  string // the tensor's name, and ours under θ_repr
	shape, ours   []int  // in the file, and here
	out, in, area int    // see channelsLast
}

// variables returns all variables of the network.
func (o Origin) variables() (all []foreignVariable) {
	for _, l := range o.layers {
		all = append(all, foreignVariable{l.theirs + o.weights, l.name + "/" + layer.Weights, l.shape(), l.ours(), l.out, l.in, l.side * l.side})
		row := func(theirs, path string) {
			all = append(all, foreignVariable{theirs, path, []int{l.out}, []int{l.out}, l.out, 1, 1})
		}
		norm, normed := o.norms[l.name]
		if !normed {
			row(l.theirs+o.biases, l.name+"/"+layer.Biases)
			continue
		}
		row(norm+o.weights, l.name+"/norm/"+layer.Weights)
		row(norm+o.biases, l.name+"/norm/"+layer.Biases)
		row(norm+".running_mean", l.name+"/norm/"+layer.Mean)
		row(norm+".running_var", l.name+"/norm/"+layer.Variance)
	}
	return all
}

// read puts the variable's numbers into flat. A negative variance is an error.
func (v foreignVariable) read(t foreignTensor, flat []float32) error {
	if err := t.channelsLast(flat, v.out, v.in, v.area); err != nil {
		return err
	}
	if i := slices.IndexFunc(flat, func(x float32) bool { return x < 0 }); i >= 0 && strings.HasSuffix(v.path, "/norm/"+layer.Variance) {
		return fmt.Errorf("number %d is %v, and a variance is not below 0", i, flat[i])
	}
	return nil
}

// take returns the network's variables, by path, from the tensors of a file, or an error
// that says what does not fit. It ignores a common prefix of the network's names, such as
// "module.", the other parts of a model that contains the network, the network's own
// classifier, integers (a program's counters), and scalars.
func (o Origin) take(all map[string]foreignTensor) (map[string]*tensors.Tensor, error) {
	all = withoutWrappers(all)
	prefix, fits, err := o.prefix(all)
	if err != nil {
		return nil, err
	}
	values := map[string]*tensors.Tensor{}
	wrong := misfits{network: o.network}
	one := func(v foreignVariable) {
		t, ok := all[prefix+v.theirs]
		delete(all, prefix+v.theirs)
		switch {
		case !ok:
			wrong.missing(prefix+v.theirs, v.shape)
		case !t.has(v.shape...):
			wrong.add("shape", t.name, fmt.Sprintf("has shape %v, want %v", t.shape, v.shape))
		case t.problem != "":
			wrong.add(t.problem, t.name, ": "+t.problem)
		default:
			var bad error
			values[v.path] = tensors.FromShape(shapes.Make(dtypes.Float32, v.ours...))
			err := tensors.MutableFlatData(values[v.path], func(flat []float32) { bad = v.read(t, flat) })
			if err := cmp.Or(err, bad); err != nil {
				wrong.add("number", t.name, fmt.Sprintf(": %v", err))
			}
		}
	}
	for _, v := range o.variables() {
		one(v)
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		part := fits && !strings.HasPrefix(name, prefix) // of another part of a model
		if t := all[name]; !part && !t.counts && len(t.shape) > 0 && !o.classifies(name, prefix, all) {
			wrong.extra(t.name, t.shape)
		}
	}
	if err := wrong.err(); err != nil {
		return nil, err
	}
	return values, nil
}

// classifies reports whether a tensor belongs to the file's own classifier: by its name, or
// because it has the shape of weights (of any name) from the network's features to classes,
// or of their biases.
func (o Origin) classifies(name, prefix string, all map[string]foreignTensor) bool {
	layer := name
	for _, ending := range []string{o.weights, o.biases} {
		layer = strings.TrimSuffix(layer, ending)
	}
	if layer == prefix+o.classifier || strings.HasPrefix(layer, prefix+o.classifier+".") {
		return true
	}
	w, b := all[layer+o.weights], all[layer+o.biases]
	n := len(w.shape)
	return n >= 2 && len(b.shape) > 0 && w.has(w.shape[n-2], o.layers[len(o.layers)-1].out) && b.has(w.shape[n-2])
}
