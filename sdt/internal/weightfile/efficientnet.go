package weightfile

import "fmt"

// EfficientNetLite0 is EfficientNet-Lite0 as the Python package efficientnet_lite_pytorch
// names it.
var EfficientNetLite0 = efficientNetLite0()

func efficientNetLite0() Origin {
	o := Origin{network: "EfficientNetLite0", classifier: "_fc", weights: ".weight", biases: ".bias", norms: map[string]string{}}
	add := func(name, theirs, norm string, out, in, side int) {
		o.layers = append(o.layers, foreignLayer{name, theirs, out, in, side, false})
		o.norms[name] = norm
	}
	add("stem", "_conv_stem", "_bn0", 32, 3, 3)
	in := 32
	for i, b := range []struct{ kernel, expansion, channels int }{
		{3, 1, 16},
		{3, 6, 24}, {3, 6, 24},
		{5, 6, 40}, {5, 6, 40},
		{3, 6, 80}, {3, 6, 80}, {3, 6, 80},
		{5, 6, 112}, {5, 6, 112}, {5, 6, 112},
		{5, 6, 192}, {5, 6, 192}, {5, 6, 192}, {5, 6, 192},
		{3, 6, 320},
	} {
		ours, theirs := fmt.Sprintf("block%d/", i+1), fmt.Sprintf("_blocks.%d.", i)
		wide := b.expansion * in
		if b.expansion > 1 {
			add(ours+"expand", theirs+"_expand_conv", theirs+"_bn0", wide, in, 1)
		}
		add(ours+"depthwise", theirs+"_depthwise_conv", theirs+"_bn1", wide, 1, b.kernel)
		add(ours+"project", theirs+"_project_conv", theirs+"_bn2", b.channels, wide, 1)
		in = b.channels
	}
	add("head", "_conv_head", "_bn1", 1280, in, 1)
	return o
}
