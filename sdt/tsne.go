package sdt

import (
	"fmt"
	"math"
	"runtime"
	"sync"
)

// Constants of t-SNE: the paper's, except for the rate, which grows with n as in Belkina et
// al. (Nature Communications, 2019).
const (
	tsneSteps        = 750
	tsneExaggeration = 12.0 // of the similarities, in the first steps
	tsneExaggerated  = 250
	tsneLeastRate    = 50
)

// TSNE returns n points in the plane, such that points are close if their features are:
// exact t-distributed stochastic neighbour embedding, starting from [PCA], so that the same
// features give the same points. features are [n, d]; perplexity, typically 30, is roughly
// how many neighbours a point has, and must be below n/3. Time and memory grow as n²: a few
// seconds for a thousand points. The distances between groups, and the groups' sizes, mean
// little.
//
// Van der Maaten and Hinton, Visualizing Data using t-SNE, JMLR 2008.
func TSNE(features []float32, d int, perplexity float64) ([][2]float64, error) {
	x, err := matrix(features, d)
	if err != nil {
		return nil, fmt.Errorf("t-SNE: %w", err)
	}
	n, _ := x.Dims()
	if !(perplexity >= 1 && perplexity < float64(n)/3) {
		return nil, fmt.Errorf("t-SNE: perplexity %v of %d points, want at least 1 and less than a third of them", perplexity, n)
	}
	y, _, err := PCA(features, d)
	if err != nil {
		return nil, fmt.Errorf("t-SNE: %w", err)
	}
	shrink(y)
	rows := make([][]float64, n)
	for i := range rows {
		rows[i] = x.RawRowView(i)
	}
	p := similarities(rows, perplexity)
	rate := max(float64(n)/tsneExaggeration/4, tsneLeastRate)
	speed, gains := make([][2]float64, n), make([][2]float64, n)
	for i := range gains {
		gains[i] = [2]float64{1, 1}
	}
	for step := range tsneSteps {
		exaggeration, momentum := 1.0, 0.8
		if step < tsneExaggerated {
			exaggeration, momentum = tsneExaggeration, 0.5
		}
		for i, g := range tsneGradient(p, y, exaggeration) {
			for a := range 2 {
				if g[a]*speed[i][a] < 0 { // still going down
					gains[i][a] += 0.2
				} else {
					gains[i][a] = max(gains[i][a]*0.8, 0.01)
				}
				speed[i][a] = momentum*speed[i][a] - rate*gains[i][a]*g[a]
				y[i][a] += speed[i][a]
			}
		}
	}
	return y, nil
}

// shrink scales points to a deviation of 1e-4 along the first axis, where t-SNE starts.
func shrink(y [][2]float64) {
	var square float64
	for _, p := range y {
		square += p[0] * p[0] / float64(len(y))
	}
	for i := range y {
		for a := range 2 {
			y[i][a] *= 1e-4 / math.Sqrt(square)
		}
	}
}

// similarities returns the joint p_ij of the rows of x, [n][n]: Gaussian, each row with the
// width that gives its neighbours the perplexity, then made symmetric. They sum to 1.
func similarities(x [][]float64, perplexity float64) [][]float64 {
	n := len(x)
	conditional := make([][]float64, n)
	inParallel(n, func(i int) {
		squares := make([]float64, n)
		for j := range x {
			for a := range x[i] {
				squares[j] += (x[i][a] - x[j][a]) * (x[i][a] - x[j][a])
			}
		}
		conditional[i] = neighbours(squares, i, math.Log(perplexity))
	})
	p := make([][]float64, n)
	for i := range p {
		p[i] = make([]float64, n)
		for j := range p[i] {
			p[i][j] = (conditional[i][j] + conditional[j][i]) / float64(2*n)
		}
	}
	return p
}

// neighbours returns p_{j|i} ∝ exp(−β·squares_j), 0 for i itself, with the β that gives the
// wanted entropy, in nats.
func neighbours(squares []float64, i int, entropy float64) []float64 {
	nearest := math.Inf(1)
	for j, s := range squares {
		if j != i {
			nearest = min(nearest, s)
		}
	}
	p := make([]float64, len(squares))
	low, high, beta := 0.0, math.Inf(1), 1.0
	for range 100 {
		sum, weighted := 0.0, 0.0
		for j, s := range squares {
			p[j] = 0
			if j != i {
				p[j] = math.Exp(-beta * (s - nearest))
				sum += p[j]
				weighted += p[j] * (s - nearest)
			}
		}
		for j := range p {
			p[j] /= sum
		}
		have := math.Log(sum) + beta*weighted/sum
		switch {
		case math.Abs(have-entropy) < 1e-6:
			return p
		case have > entropy: // too wide
			low = beta
		default:
			high = beta
		}
		if beta = (low + high) / 2; math.IsInf(high, 1) {
			beta = 2 * low
		}
	}
	return p // as near as ties among the distances allow
}

// tsneGradient returns the gradient of KL(exaggeration·P ‖ Q) with respect to y, where Q are
// the similarities of y by Student's t with one degree of freedom.
func tsneGradient(p [][]float64, y [][2]float64, exaggeration float64) [][2]float64 {
	sums := make([]float64, len(y))
	inParallel(len(y), func(i int) {
		for j := range y {
			if j != i {
				sums[i] += student(y[i], y[j])
			}
		}
	})
	var total float64
	for _, s := range sums {
		total += s
	}
	gradient := make([][2]float64, len(y))
	inParallel(len(y), func(i int) {
		for j := range y {
			t := student(y[i], y[j])
			force := 4 * (exaggeration*p[i][j] - t/total) * t
			gradient[i][0] += force * (y[i][0] - y[j][0])
			gradient[i][1] += force * (y[i][1] - y[j][1])
		}
	})
	return gradient
}

func student(a, b [2]float64) float64 {
	u, v := a[0]-b[0], a[1]-b[1]
	return 1 / (1 + u*u + v*v)
}

// inParallel calls f for 0 … n−1 on all processors; each takes every workers-th index.
func inParallel(n int, f func(i int)) {
	workers := runtime.GOMAXPROCS(0)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for i := w; i < n; i += workers {
				f(i)
			}
		})
	}
	wait.Wait()
}
