package onnxnet

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/gomlx/gomlx/core/tensors"

	"github.com/sdtlab/sdtlab/sdt/internal/weightfile"
)

// images are what a model takes.
type images struct {
	tensor        string
	batch         int // rows, if the file fixes their number; 0: any
	height, width int // 0: the file leaves them open
	channels      int
	channelsFirst bool // [n, C, H, W] as PyTorch's, otherwise [n, H, W, C] as Keras's
}

// imagesOf returns what the model's input is.
func imagesOf(file *weightfile.ONNX) (images, error) {
	if len(file.Inputs) != 1 {
		var names []string
		for _, in := range file.Inputs {
			names = append(names, in.Name)
		}
		return images{}, fmt.Errorf("it has %d inputs (%s), want one, images", len(names), strings.Join(names, ", "))
	}
	in := file.Inputs[0]
	if len(in.Dims) != 4 {
		return images{}, fmt.Errorf("its input %q has shape %s, want images, [n, C, H, W] or [n, H, W, C]", in.Name, dims(in.Dims))
	}
	im := images{tensor: in.Name, batch: in.Dims[0], channelsFirst: true, channels: in.Dims[1], height: in.Dims[2], width: in.Dims[3]}
	isChannels := func(d int) bool { return d == 1 || d == 3 }
	if !isChannels(in.Dims[1]) && isChannels(in.Dims[3]) {
		im.channelsFirst, im.height, im.width, im.channels = false, in.Dims[1], in.Dims[2], in.Dims[3]
	}
	if !isChannels(im.channels) {
		return images{}, fmt.Errorf("its input %q has shape %s, want 3 channels or 1, first or last: fix that dimension when you export it", in.Name, dims(in.Dims))
	}
	return im, nil
}

// dims writes a shape, with ? for a dimension that is open.
func dims(d []int) string {
	var all []string
	for _, v := range d {
		if v <= 0 {
			all = append(all, "?")
		} else {
			all = append(all, strconv.Itoa(v))
		}
	}
	return "[" + strings.Join(all, ", ") + "]"
}

// ownScaling is what the nodes at the beginning of a model do to its pixels.
type ownScaling struct {
	any     bool            // there are such nodes
	bytes   bool            // they take pixels in 0…255, otherwise in 0…1
	weights map[string]bool // the initializers with which they do it
}

// scalingOf follows the input through additions and multiplications by fixed numbers. A model
// that multiplies by less than 0.1, or adds more than 10, takes pixels in 0…255.
func scalingOf(nodes []weightfile.ONNXNode, im images, fixed func(tensor string) *tensors.Tensor) ownScaling {
	s := ownScaling{weights: map[string]bool{}}
	user := users(nodes)
	factor, shift := 1.0, 0.0 // the largest of any channel
	for tensor := im.tensor; ; {
		var n weightfile.ONNXNode
		takers := 0
		for _, i := range user[tensor] {
			if !ofInputShape(nodes[i], im.tensor) {
				n, takers = nodes[i], takers+1
			}
		}
		if takers != 1 {
			break
		}
		if n.Op == "Transpose" || n.Op == "Cast" || n.Op == "Identity" {
			tensor = n.Outputs[0]
			continue
		}
		if len(n.Inputs) != 2 {
			break
		}
		other := n.Inputs[1]
		if other == tensor {
			other = n.Inputs[0]
		}
		value := fixed(other)
		if value == nil {
			break
		}
		size := largest(value)
		switch {
		case n.Op == "Add" || n.Op == "Sub":
			shift += size
		case n.Op == "Mul":
			factor, shift = factor*size, shift*size
		case n.Op == "Div" && n.Inputs[0] == tensor && size > 0:
			factor, shift = factor/size, shift/size
		default:
			value = nil
		}
		if value == nil {
			break
		}
		s.any, s.weights[other], tensor = true, true, n.Outputs[0]
	}
	s.bytes = factor < 0.1 || shift > 10
	return s
}

// largest returns the largest magnitude in a float32 tensor, 0 if it is of another type.
func largest(t *tensors.Tensor) float64 {
	flat, err := tensors.CopyFlatData[float32](t)
	if err != nil {
		return 0
	}
	top := 0.0
	for _, v := range flat {
		top = max(top, math.Abs(float64(v)))
	}
	return top
}

// metadata are the keys under which programs that export models write what a network takes:
// timm's and our own names, Ultralytics', and those of Hugging Face's image processors.
var metadata = struct{ size, mean, deviation []string }{
	size:      []string{"input_size", "imgsz", "size"},
	mean:      []string{"mean", "image_mean"},
	deviation: []string{"std", "deviation", "image_std"},
}

var number = regexp.MustCompile(`[-+]?\d+(\.\d*)?([eE][-+]?\d+)?`)

// numbersOf returns the numbers in the text of the first of the keys that the metadata has, by
// itself or as a field of JSON such as timm's pretrained_cfg: [3, 224, 224] or (0.5, 0.5, 0.5).
func numbersOf(all map[string]string, keys []string) []float64 {
	text := ""
	for _, key := range keys {
		if text = all[key]; text != "" {
			break
		}
		field := regexp.MustCompile(`["']` + key + `["']\s*:\s*[\[(]([^\])]*)[\])]`)
		for _, config := range []string{"pretrained_cfg", "preprocessor_config", "config"} {
			if found := field.FindStringSubmatch(all[config]); found != nil {
				text = found[1]
			}
		}
		if text != "" {
			break
		}
	}
	var out []float64
	for _, v := range number.FindAllString(text, 16) {
		if f, err := strconv.ParseFloat(v, 64); err == nil {
			out = append(out, f)
		}
	}
	return out
}
