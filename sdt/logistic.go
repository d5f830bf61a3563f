package sdt

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/optimize"
)

// logistic is a linear classifier of two classes on features [d], which it standardises
// with the mean and variance of those that it was fitted to.
type logistic struct {
	mean, scale []float64 // [d]
	w           []float64 // [d], then the bias
}

// fitLogistic fits the classifier to rows x [n, d] by
//
//	min (1/n)·(Σᵢ log(1 + exp(−sᵢ zᵢ)) + ½‖w‖²),  z = wᵀx + b,  s = ±1,
//
// which is scikit-learn's LogisticRegression with C = 1 on standardised features. second
// says which rows are of the second class, [n]; both classes must occur.
func fitLogistic(x []float32, second []bool, d int) (logistic, error) {
	n := len(second)
	if d < 1 || len(x) != n*d {
		return logistic{}, fmt.Errorf("logistic regression: %d numbers are not %d rows of %d", len(x), n, d)
	}
	count := 0
	for _, is := range second {
		if is {
			count++
		}
	}
	if count == 0 || count == n {
		return logistic{}, fmt.Errorf("logistic regression: %d of %d rows are of the second class: want some of both", count, n)
	}
	l := logistic{mean: make([]float64, d), scale: make([]float64, d), w: make([]float64, d+1)}
	for i, v := range x {
		l.mean[i%d] += float64(v) / float64(n)
	}
	for i, v := range x {
		l.scale[i%d] += (float64(v) - l.mean[i%d]) * (float64(v) - l.mean[i%d]) / float64(n)
	}
	for j, variance := range l.scale {
		if l.scale[j] = 0; variance > 1e-14*l.mean[j]*l.mean[j] { // variation from rounding carries no information
			l.scale[j] = 1 / math.Sqrt(variance)
		}
	}
	rows := blas64.General{Rows: n, Cols: d, Stride: d, Data: make([]float64, n*d)}
	for i, v := range x {
		rows.Data[i] = (float64(v) - l.mean[i%d]) * l.scale[i%d]
	}
	vector := func(x []float64) blas64.Vector { return blas64.Vector{N: len(x), Inc: 1, Data: x} }
	z := make([]float64, n)
	logits := func(w []float64) {
		for i := range z {
			z[i] = w[d]
		}
		blas64.Gemv(blas.NoTrans, 1, rows, vector(w[:d]), 1, vector(z))
	}
	problem := optimize.Problem{
		Func: func(w []float64) float64 {
			logits(w)
			sum := blas64.Dot(vector(w[:d]), vector(w[:d])) / 2
			for i := range z {
				sum += softplus(sign(!second[i]) * z[i])
			}
			return sum / float64(n)
		},
		Grad: func(gradient, w []float64) {
			logits(w)
			for i := range z { // becomes ∂/∂z
				s := sign(!second[i])
				z[i] = s / (1 + math.Exp(-s*z[i])) / float64(n)
			}
			for j := range d {
				gradient[j] = w[j] / float64(n)
			}
			blas64.Gemv(blas.Trans, 1, rows, vector(z), 1, vector(gradient[:d]))
			gradient[d] = mean(z) * float64(n)
		},
	}
	// The search may stop where rounding prevents further progress: that is the minimum too.
	found, err := optimize.Minimize(problem, l.w, &optimize.Settings{GradientThreshold: 1e-6, MajorIterations: 300}, &optimize.LBFGS{})
	if found == nil || math.IsNaN(found.F) {
		return logistic{}, fmt.Errorf("logistic regression: %w", err)
	}
	copy(l.w, found.X)
	return l, nil
}

// score returns the log odds of the second class for one row [d].
func (l logistic) score(row []float32) float64 {
	z := l.w[len(row)]
	for j, v := range row {
		z += l.w[j] * (float64(v) - l.mean[j]) * l.scale[j]
	}
	return z
}

// softplus returns log(1 + exp(x)).
func softplus(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

// sign returns 1 for true, −1 for false.
func sign(positive bool) float64 {
	if positive {
		return 1
	}
	return -1
}
