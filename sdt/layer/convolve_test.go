package layer

import (
	"fmt"
	"math"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"

	"github.com/sdtlab/sdtlab/sdt/internal/backendtest"
)

// picture is a batch [n, h, w, c] of float64 numbers that repeat nowhere nearby.
type picture struct {
	n, h, w, c int
	x          []float64
}

func madeImage(n, h, w, c int) picture {
	m := picture{n, h, w, c, make([]float64, n*h*w*c)}
	for i := range m.x {
		m.x[i] = math.Sin(float64(7*i + i*i%13))
	}
	return m
}

func (m picture) at(i, y, x, c int) float64 {
	if y < 0 || x < 0 || y >= m.h || x >= m.w {
		return 0
	}
	return m.x[((i*m.h+y)*m.w+x)*m.c+c]
}

func (m picture) tensor() *tensors.Tensor {
	return tensors.FromFlatDataAndDimensions(m.x, m.n, m.h, m.w, m.c)
}

// convolveByDefinition is the sum in Convolution's doc comment, written as loops.
func convolveByDefinition(c Convolution, x picture, w, b []float64) picture {
	per := x.c / c.Groups
	out := picture{n: x.n, h: (x.h+c.pads()-c.Kernel)/c.Stride + 1, w: (x.w+c.pads()-c.Kernel)/c.Stride + 1, c: c.Filters}
	for i := range out.n {
		for r := range out.h {
			for s := range out.w {
				for f := range out.c {
					sum, group := b[f], f/(c.Filters/c.Groups)
					for u := range c.Kernel {
						for v := range c.Kernel {
							for k := range per {
								sum += w[((u*c.Kernel+v)*per+k)*c.Filters+f] * x.at(i, r*c.Stride+u-c.Pad, s*c.Stride+v-c.Pad, group*per+k)
							}
						}
					}
					out.x = append(out.x, sum)
				}
			}
		}
	}
	return out
}

func TestConvolution(t *testing.T) {
	if testing.Short() {
		t.Skipf("%s: minutes under the race detector", t.Name())
	}
	for name, backend := range backendtest.All(t) {
		for _, c := range []struct {
			Convolution
			h, w, channels int
			why            string
		}{
			{Convolution{Filters: 4, Kernel: 5, Stride: 1, Groups: 1}, 12, 12, 3, "LeNet's"},
			{Convolution{Filters: 3, Kernel: 3, Stride: 1, Pad: 1, Groups: 1}, 8, 8, 2, "ConvNet's"},
			{Convolution{Filters: 3, Kernel: 3, Stride: 1, Pad: 1, Groups: 1}, 7, 5, 2, "odd sides that differ"},
			{Convolution{Filters: 4, Kernel: 11, Stride: 4, Groups: 1}, 23, 27, 3, "CaffeNet's first: windows with a stride"},
			{Convolution{Filters: 4, Kernel: 3, Stride: 2, Groups: 1}, 8, 8, 1, "what is left over at the right is not seen"},
			{Convolution{Filters: 6, Kernel: 5, Stride: 1, Pad: 2, Groups: 2}, 9, 9, 4, "CaffeNet's second: groups"},
			{Convolution{Filters: 2, Kernel: 1, Stride: 1, Groups: 1}, 3, 3, 5, "a 1×1 kernel"},
			{Convolution{Filters: 2, Kernel: 4, Stride: 1, Groups: 1}, 4, 4, 1, "one output"},
			{Convolution{Filters: 2, Kernel: 4, Stride: 2, Groups: 1}, 5, 5, 2, "one output, with pixels left over"},
			{Convolution{Filters: 2, Kernel: 3, Stride: 1, Groups: 1}, 3, 6, 2, "one row of outputs"},
			{Convolution{Filters: 4, Kernel: 4, Stride: 1, Pad: 1, Groups: 2}, 5, 6, 2, "an even window in groups"},
			{Convolution{Filters: 3, Kernel: 3, Stride: 2, PadEnd: 1, Groups: 1}, 6, 8, 2, "EfficientNet's stem: zeros at the end only"},
			{Convolution{Filters: 3, Kernel: 4, Stride: 1, Pad: 1, PadEnd: 1, Groups: 1}, 5, 4, 2, "an even window, padded to keep the size"},
			{Convolution{Filters: 4, Kernel: 3, Stride: 1, PadEnd: 2, Groups: 1}, 4, 3, 2, "zeros at the end only, all that the window reaches"},
			{Convolution{Filters: 3, Kernel: 3, Stride: 1, Pad: 1, Groups: 3}, 5, 4, 3, "depthwise"},
			{Convolution{Filters: 2, Kernel: 3, Stride: 2, PadEnd: 1, Groups: 2}, 6, 8, 2, "depthwise with a stride"},
			{Convolution{Filters: 2, Kernel: 5, Stride: 2, Pad: 1, PadEnd: 1, Groups: 2}, 6, 8, 2, "depthwise, a large window with a stride"},
			{Convolution{Filters: 2, Kernel: 5, Stride: 1, Pad: 2, Groups: 2}, 3, 7, 2, "depthwise, windows larger than the image"},
			{Convolution{Filters: 2, Kernel: 3, Stride: 3, Groups: 2}, 7, 8, 2, "depthwise, with rows and columns left over"},
			{Convolution{Filters: 2, Kernel: 2, Stride: 1, PadEnd: 3, Groups: 2}, 4, 3, 2, "depthwise, an even window, more zeros than it"},
			{Convolution{Filters: 4, Kernel: 3, Stride: 1, Groups: 2}, 4, 4, 2, "two filters for each channel"},
		} {
			t.Run(name+"/"+c.why, func(t *testing.T) {
				x := madeImage(2, c.h, c.w, c.channels)
				w := madeImage(c.Kernel, c.Kernel, c.channels/c.Groups, c.Filters)
				b := madeImage(1, 1, 1, c.Filters)
				checkAgainst(t, backend, convolveByDefinition(c.Convolution, x, w.x, b.x), func(in []*graph.Node) *graph.Node {
					return c.convolve(in[0], in[1], in[2])
				}, x.tensor(), w.tensor(), tensors.FromFlatDataAndDimensions(b.x, c.Filters))
			})
		}
	}
}

// checkAgainst compares an operation on images with the expected result, and its gradients with
// central differences, which are computed in float64 on the pure Go back end. There the
// operation runs in float64 too; elsewhere it runs in float32, in which we train and which is
// all that some back ends have.
func checkAgainst(t *testing.T, backend compute.Backend, want picture, op func(in []*graph.Node) *graph.Node, args ...*tensors.Tensor) {
	t.Helper()
	reference := backendtest.Go(t)
	dtype, tolerance := dtypes.Float64, 1e-7
	if backend.Name() != reference.Name() {
		dtype, tolerance = dtypes.Float32, 2e-4
	}
	inDType := func(f func(in []*graph.Node) *graph.Node) func(in []*graph.Node) *graph.Node {
		return func(in []*graph.Node) *graph.Node {
			var cast []*graph.Node
			for _, x := range in {
				cast = append(cast, graph.ConvertDType(x, dtype))
			}
			return graph.ConvertDType(f(cast), dtypes.Float64)
		}
	}
	var anys []any
	for _, a := range args {
		anys = append(anys, a)
	}
	out, err := graph.CallOnce(backend, inDType(op), backendtest.Local(t, anys)...)
	if err != nil {
		t.Fatal(err)
	}
	if dims := fmt.Sprint(out.Shape().Dimensions); dims != fmt.Sprint([]int{want.n, want.h, want.w, want.c}) {
		t.Fatalf("shape %s, want %v", dims, want)
	}
	for i, got := range tensors.MustCopyFlatData[float64](out) {
		if math.Abs(got-want.x[i]) > tolerance {
			t.Fatalf("number %d is %v, by definition %v", i, got, want.x[i])
		}
	}
	weight := make([]float64, len(want.x)) // so that every output has another ∂L/∂y
	for i := range weight {
		weight[i] = math.Sin(float64(i))
	}
	loss := func(in []*graph.Node) *graph.Node {
		y := op(in)
		w := graph.ConstAsDType(y.Graph(), y.DType(), weight)
		return graph.ReduceAllSum(graph.Mul(y, graph.ReshapeWithShape(w, y.Shape())))
	}
	for i := range args {
		first := func(in []*graph.Node) *graph.Node {
			turned := append([]*graph.Node(nil), in...)
			turned[0], turned[i] = turned[i], turned[0]
			return loss(turned)
		}
		turned := append([]any(nil), anys...)
		turned[0], turned[i] = turned[i], turned[0]
		got := backendtest.Gradient(t, backend, inDType(first), turned...)
		for j, want := range backendtest.CentralDifferences(t, reference, first, args[i], turned[1:]...) {
			if math.Abs(got[j]-want) > 10*tolerance {
				t.Fatalf("gradient %d of input %d is %v, central differences give %v", j, i, got[j], want)
			}
		}
	}
}

func TestMaxPool(t *testing.T) {
	for name, backend := range backendtest.All(t) {
		for _, c := range []struct{ h, w, size, stride int }{
			{4, 6, 2, 2}, // tiles the image
			{5, 7, 2, 2}, // leaves a row and a column over
			{7, 7, 3, 2}, // overlaps, like CaffeNet's
			{6, 6, 3, 3},
			{3, 3, 3, 1}, // one window
		} {
			t.Run(fmt.Sprintf("%s/%+v", name, c), func(t *testing.T) {
				x := madeImage(2, c.h, c.w, 3)
				want := picture{n: 2, h: (c.h-c.size)/c.stride + 1, w: (c.w-c.size)/c.stride + 1, c: 3}
				for i := range want.n {
					for r := range want.h {
						for s := range want.w {
							for k := range want.c {
								best := math.Inf(-1)
								for u := range c.size {
									for v := range c.size {
										best = max(best, x.at(i, r*c.stride+u, s*c.stride+v, k))
									}
								}
								want.x = append(want.x, best)
							}
						}
					}
				}
				checkAgainst(t, backend, want, func(in []*graph.Node) *graph.Node { return MaxPool(in[0], c.size, c.stride) }, x.tensor())
			})
		}
	}
}

func TestMaxPoolGradientGoesToTheFirstMaximum(t *testing.T) {
	for name, backend := range backendtest.All(t) {
		flat := tensors.FromFlatDataAndDimensions(make([]float64, 16), 1, 4, 4, 1) // all equal
		got := backendtest.Gradient(t, backend, func(in []*graph.Node) *graph.Node {
			y := MaxPool(graph.ConvertDType(in[0], dtypes.Float32), 2, 2)
			return graph.ConvertDType(graph.ReduceAllSum(y), in[0].DType())
		}, flat)
		want := []float64{1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: gradient %v, want %v", name, got, want)
		}
	}
}

func TestLocalResponseNorm(t *testing.T) {
	for name, backend := range backendtest.All(t) {
		t.Run(name, func(t *testing.T) {
			x := madeImage(2, 2, 3, 7)
			want := x
			want.x = nil
			const size, alpha, beta = 5, 0.3, 0.75
			for i := range x.x {
				pixel, c := i/x.c, i%x.c
				energy := 0.0
				for j := max(0, c-2); j <= min(x.c-1, c+2); j++ {
					energy += x.x[pixel*x.c+j] * x.x[pixel*x.c+j]
				}
				want.x = append(want.x, x.x[i]/math.Pow(1+alpha/size*energy, beta))
			}
			norm := func(x *graph.Node) *graph.Node { return LocalResponseNorm(x, size, alpha, beta) }
			checkAgainst(t, backend, want, func(in []*graph.Node) *graph.Node { return norm(in[0]) }, x.tensor())
			checkAgainst(t, backend, want, func(in []*graph.Node) *graph.Node { return norm(images(planes(in[0]))) }, x.tensor())
		})
	}
}

func TestAffineGradient(t *testing.T) {
	for name, backend := range backendtest.All(t) {
		for _, c := range []struct{ n, d, m int }{{3, 4, 2}, {2, 3, 5}, {1, 1, 1}} {
			t.Run(fmt.Sprintf("%s/%+v", name, c), func(t *testing.T) {
				x, w, b := madeImage(1, 1, c.n, c.d), madeImage(1, 1, c.d, c.m), madeImage(1, 1, 1, c.m)
				want := picture{n: 1, h: 1, w: c.n, c: c.m}
				for i := range c.n {
					for j := range c.m {
						sum := b.x[j]
						for k := range c.d {
							sum += x.at(0, 0, i, k) * w.at(0, 0, k, j)
						}
						want.x = append(want.x, sum)
					}
				}
				checkAgainst(t, backend, want, func(in []*graph.Node) *graph.Node {
					return graph.Reshape(Affine(in[0], in[1], in[2]), 1, 1, c.n, c.m)
				}, tensors.FromFlatDataAndDimensions(x.x, c.n, c.d), tensors.FromFlatDataAndDimensions(w.x, c.d, c.m), tensors.FromFlatDataAndDimensions(b.x, c.m))
			})
		}
	}
}

func TestRelu(t *testing.T) {
	for name, backend := range backendtest.All(t) {
		t.Run(name, func(t *testing.T) {
			x := madeImage(1, 2, 3, 4)
			want := x
			want.x = nil
			for _, v := range x.x {
				want.x = append(want.x, max(v, 0))
			}
			x.x[0], want.x[0] = -0.5, 0 // away from the kink
			checkAgainst(t, backend, want, func(in []*graph.Node) *graph.Node { return Relu(in[0]) }, x.tensor())
			checkAgainst(t, backend, want, func(in []*graph.Node) *graph.Node { return Relu(images(planes(in[0]))) }, x.tensor())
		})
	}
}
