package onnxnet

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"

	"github.com/sdtlab/sdtlab/sdt/internal/weightfile"
)

// Config is what the user says about a model.
type Config struct {
	Output          string
	Height, Width   int
	Mean, Deviation []float64
}

// Model is an ONNX model from its input to its features.
type Model struct {
	file      *weightfile.ONNX
	nodes     []weightfile.ONNXNode // that lead to the features, in order
	images    images
	features  string
	weights   map[string]weight
	constants map[string]*tensors.Tensor
	scale     []float64 // of the pixels, per channel: pixel·scale + shift goes in
	shift     []float64

	Blocks []Block
}

// Read reads a model and finds its features and the places where it can be divided. Errors
// name the file.
func Read(path string, c Config) (*Model, error) {
	file, err := weightfile.ReadONNX(path)
	if err != nil {
		return nil, err
	}
	m, err := modelOf(file, c)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return m, nil
}

// SHA256 is the fingerprint of the model's files.
func (m *Model) SHA256() string { return m.file.SHA256 }

// Want returns height, width and channels of the images that the model takes.
func (m *Model) Want() []int { return []int{m.images.height, m.images.width, m.images.channels} }

func modelOf(file *weightfile.ONNX, c Config) (*Model, error) {
	m := &Model{file: file}
	var err error
	if m.images, err = imagesOf(file); err != nil {
		return nil, err
	}
	given := func(t string) bool { _, weight := file.Weights[t]; return weight || t == m.images.tensor }
	if m.features, err = m.chosen(c.Output, given); err != nil {
		return nil, err
	}
	if m.nodes, err = order(file.Nodes, m.features, given); err != nil {
		return nil, err
	}
	if err := check(m.nodes); err != nil {
		return nil, err
	}
	if err := m.size(c); err != nil {
		return nil, err
	}
	scaling := scalingOf(m.nodes, m.images, m.fixed)
	m.weights, m.constants = weightsOf(file, m.nodes, scaling.weights)
	if err := m.scaling(c, scaling); err != nil {
		return nil, err
	}
	return m, m.divide()
}

// fixed returns the value of a tensor that is an initializer or a Constant node's output.
func (m *Model) fixed(tensor string) *tensors.Tensor {
	if t, ok := m.file.Weights[tensor]; ok {
		return t
	}
	for _, n := range m.nodes {
		if n.Op == "Constant" && n.Outputs[0] == tensor {
			return constantOf(n)
		}
	}
	return nil
}

// chosen returns the tensor of the features: the one named, or what goes into the classifier.
func (m *Model) chosen(name string, given func(string) bool) (string, error) {
	if name != "" {
		tensor, ok := tensorOf(m.file.Nodes, name)
		if !ok {
			return "", fmt.Errorf("it has no tensor and no node %q: near its output it has %s", name, strings.Join(m.lastNames(8), ", "))
		}
		return tensor, nil
	}
	if len(m.file.Outputs) == 0 {
		return "", errors.New("it has no output")
	}
	output := m.file.Outputs[0]
	if _, err := order(m.file.Nodes, output, given); err != nil {
		return "", err
	}
	return featuresOf(m.file.Nodes, output, func(t string) bool { _, ok := m.file.Weights[t]; return ok }), nil
}

// lastNames returns the readable names of what the last nodes make.
func (m *Model) lastNames(most int) []string {
	var names []string
	for i := max(0, len(m.file.Nodes)-most); i < len(m.file.Nodes); i++ {
		if out := m.file.Nodes[i].Outputs; len(out) > 0 {
			names = append(names, readable(out[0]))
		}
	}
	return names
}

// size settles height and width: the file's, else the user's, else the metadata's.
func (m *Model) size(c Config) error {
	im := &m.images
	stated := numbersOf(m.file.Metadata, metadata.size)
	var sides []int
	for _, v := range stated {
		if v > 3 && v == math.Trunc(v) && v < 1<<16 {
			sides = append(sides, int(v))
		}
	}
	if len(sides) == 1 {
		sides = append(sides, sides[0])
	}
	for i, side := range []*int{&im.height, &im.width} {
		user := []int{c.Height, c.Width}[i]
		switch {
		case user < 0:
			return fmt.Errorf("the configuration's Height and Width are %d and %d, want 1 or more", c.Height, c.Width)
		case *side > 0 && user > 0 && user != *side:
			return fmt.Errorf("it takes images of %d×%d, and not of %d×%d: leave Height and Width 0", im.height, im.width, c.Height, c.Width)
		case *side <= 0 && user > 0:
			*side = user
		case *side <= 0 && len(sides) == 2:
			*side = sides[i]
		case *side <= 0:
			return errors.New("it does not say how large its images are: set Height and Width")
		}
	}
	return nil
}

// scaling settles how pixels are scaled: as the user says, else as the metadata says, else as
// the model's own first nodes need it.
func (m *Model) scaling(c Config, own ownScaling) error {
	mean, deviation := c.Mean, c.Deviation
	if mean == nil && deviation == nil {
		mean, deviation = numbersOf(m.file.Metadata, metadata.mean), numbersOf(m.file.Metadata, metadata.deviation)
		if len(mean) == 0 && len(deviation) == 0 && own.any {
			mean, deviation = slices.Repeat([]float64{0}, m.images.channels), slices.Repeat([]float64{1}, m.images.channels)
			if own.bytes {
				deviation = slices.Repeat([]float64{1. / 255}, m.images.channels)
			}
		}
	}
	switch {
	case len(mean) == 0 && len(deviation) == 0:
		return errors.New("it does not say how its pixels are scaled: set Mean and Deviation, for torchvision's networks {0.485, 0.456, 0.406} and {0.229, 0.224, 0.225}")
	case len(mean) != m.images.channels || len(deviation) != m.images.channels:
		return fmt.Errorf("the configuration's or the file's Mean %v and Deviation %v: want %d numbers each, one for each channel", mean, deviation, m.images.channels)
	}
	for i := range mean {
		if d := deviation[i]; !(d > 0) || math.IsInf(d, 0) || math.IsNaN(mean[i]) || math.IsInf(mean[i], 0) {
			return fmt.Errorf("the configuration's or the file's Mean %v and Deviation %v: want finite numbers, deviations above 0", mean, deviation)
		}
		m.scale, m.shift = append(m.scale, 1/(255*deviation[i])), append(m.shift, -mean[i]/deviation[i])
	}
	return nil
}

// enter returns pixels x [n, H, W, C] in 0…255 as the model's input.
func (m *Model) enter(x *graph.Node) value {
	perChannel := func(values []float64) *graph.Node {
		return graph.Reshape(graph.ConstAsDType(x.Graph(), x.DType(), values), 1, 1, 1, m.images.channels)
	}
	x = graph.Add(graph.Mul(x, perChannel(m.scale)), perChannel(m.shift))
	if m.images.channelsFirst {
		return value{images: x}
	}
	return value{node: x}
}

// Fits reports whether examples of the given shape, with the batch first, are what the model takes.
func (m *Model) Fits(dims []int) bool { return len(dims) == 4 && slices.Equal(dims[1:], m.Want()) }
