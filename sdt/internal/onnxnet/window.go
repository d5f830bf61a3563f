package onnxnet

import (
	"fmt"

	"github.com/gomlx/gomlx/support/exceptions"

	"github.com/sdtlab/sdtlab/sdt/internal/weightfile"
)

// window is the window of a convolution or a pooling, over height and width.
type window struct {
	size     [2]int
	stride   int
	dilation [2]int
	pads     [4]int // top, left, bottom, right
}

// windowOf reads a node's window over images of the given height and width. size is the
// kernel's, if the node does not state it.
func windowOf(n weightfile.ONNXNode, size [2]int, height, width int) (window, error) {
	w := window{size: size, stride: 1, dilation: [2]int{1, 1}}
	pair := func(name string) ([2]int, bool, error) {
		a, ok := n.Attributes[name]
		if !ok || len(a.Ints) == 0 {
			return [2]int{}, false, nil
		}
		if len(a.Ints) != 2 || a.Ints[0] < 1 || a.Ints[1] < 1 {
			return [2]int{}, false, fmt.Errorf("attribute %s is %v, want two numbers above 0", name, a.Ints)
		}
		return [2]int{int(a.Ints[0]), int(a.Ints[1])}, true, nil
	}
	if kernel, ok, err := pair("kernel_shape"); err != nil {
		return w, err
	} else if ok {
		w.size = kernel
	}
	if stride, ok, err := pair("strides"); err != nil {
		return w, err
	} else if ok {
		if stride[0] != stride[1] {
			return w, fmt.Errorf("its strides %v differ, which is not supported", stride)
		}
		w.stride = stride[0]
	}
	if dilation, ok, err := pair("dilations"); err != nil {
		return w, err
	} else if ok {
		w.dilation = dilation
	}
	if p := n.Attributes["pads"].Ints; len(p) == 4 {
		for i, v := range p {
			if v < 0 {
				return w, fmt.Errorf("attribute pads is %v, want 0 or more", p)
			}
			w.pads[i] = int(v)
		}
	} else if len(p) != 0 {
		return w, fmt.Errorf("attribute pads is %v, want four numbers", p)
	}
	for axis, side := range []int{height, width} {
		seen := w.extent(axis)
		same := max(0, ((side+w.stride-1)/w.stride-1)*w.stride+seen-side)
		switch auto := n.Attributes["auto_pad"].Text; auto {
		case "", "NOTSET":
		case "VALID":
			w.pads[axis], w.pads[axis+2] = 0, 0
		case "SAME_UPPER":
			w.pads[axis], w.pads[axis+2] = same/2, same-same/2
		case "SAME_LOWER":
			w.pads[axis], w.pads[axis+2] = same-same/2, same/2
		default:
			return w, fmt.Errorf("attribute auto_pad is %q", auto)
		}
		if n.Attributes["ceil_mode"].Int == 1 { // the last window may begin inside and end outside
			if rest := (side + w.pads[axis] + w.pads[axis+2] - seen) % w.stride; rest > 0 && side+w.pads[axis]+w.pads[axis+2] > seen {
				begins := side + w.pads[axis] + w.pads[axis+2] - seen - rest + w.stride
				if begins < side+w.pads[axis] {
					w.pads[axis+2] += w.stride - rest
				}
			}
		}
		if side+w.pads[axis]+w.pads[axis+2] < seen {
			return w, fmt.Errorf("its window of %d does not fit images of %d×%d", seen, height, width)
		}
	}
	return w, nil
}

// extent returns how many places the window spans along an axis.
func (w window) extent(axis int) int { return (w.size[axis]-1)*w.dilation[axis] + 1 }

// needSquare panics if the window is not square, or has gaps.
func (w window) needSquare() {
	if w.size[0] != w.size[1] || w.dilation != [2]int{1, 1} {
		exceptions.Panicf("a window of %v with dilation %v is not supported, want a square one without gaps", w.size, w.dilation)
	}
}
