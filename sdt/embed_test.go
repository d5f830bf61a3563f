package sdt

import (
	"math"
	"math/rand/v2"
	"testing"
)

// An ellipse along (3, 4)/5: variances 9 and 1 in the plane, none along a third axis.
func TestPCAFindsTheAxesOfAnEllipse(t *testing.T) {
	var features []float32
	const n = 400
	for i := range n {
		angle := 2 * math.Pi * float64(i) / n
		u, v := 3*math.Cos(angle), math.Sin(angle)
		features = append(features, float32(0.6*u-0.8*v+7), float32(0.8*u+0.6*v), 5)
	}
	points, share, err := PCA(features, 3)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(share[0]-0.9) > 1e-5 || math.Abs(share[1]-0.1) > 1e-5 {
		t.Errorf("shares are %v, want 0.9 and 0.1", share)
	}
	for i, p := range points {
		angle := 2 * math.Pi * float64(i) / n
		if math.Abs(math.Abs(p[0])-math.Abs(3*math.Cos(angle))) > 1e-4 || math.Abs(math.Abs(p[1])-math.Abs(math.Sin(angle))) > 1e-4 {
			t.Fatalf("point %d is %v, want ±%v, ±%v", i, p, 3*math.Cos(angle), math.Sin(angle))
		}
	}
}

func TestEmbeddingsRefuseWhatTheyCannot(t *testing.T) {
	good := []float32{0, 1, 2, 5, 4, 4, 1, 0, 3, 3, 2, 2}
	for name, bad := range map[string]struct {
		features []float32
		d        int
	}{"no rows": {nil, 2}, "one row": {good[:2], 2}, "half a row": {good[:3], 2}, "no columns": {good, 0}, "one column": {good, 1},
		"not finite": {append([]float32{float32(math.NaN())}, good[1:]...), 2}, "all the same": {make([]float32, 12), 2}} {
		if p, _, err := PCA(bad.features, bad.d); err == nil {
			t.Errorf("%s: PCA gives %v", name, p)
		}
		if p, err := TSNE(bad.features, bad.d, 1); err == nil {
			t.Errorf("%s: t-SNE gives %v", name, p)
		}
	}
	for _, perplexity := range []float64{0, 2, math.NaN()} {
		if p, err := TSNE(good, 2, perplexity); err == nil {
			t.Errorf("perplexity %v of 6 points: t-SNE gives %v", perplexity, p)
		}
	}
}

// divergence is Σ p ln(p/q), from the definition.
func divergence(p [][]float64, y [][2]float64) float64 {
	var total, sum float64
	for i := range y {
		for j := range y {
			if i != j {
				total += student(y[i], y[j])
			}
		}
	}
	for i := range y {
		for j := range y {
			if i != j && p[i][j] > 0 {
				sum += p[i][j] * math.Log(p[i][j]*total/student(y[i], y[j]))
			}
		}
	}
	return sum
}

func TestTSNEGradientIsTheDivergences(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	x, y := make([][]float64, 12), make([][2]float64, 12)
	for i := range x {
		x[i] = []float64{r.NormFloat64(), r.NormFloat64(), r.NormFloat64()}
		y[i] = [2]float64{r.NormFloat64(), r.NormFloat64()}
	}
	p := similarities(x, 3)
	var sum float64
	for i := range p {
		var entropy float64
		for j, v := range p[i] {
			if sum += v; v != p[j][i] || i == j && v != 0 {
				t.Fatalf("p[%d][%d] is %v, p[%d][%d] %v", i, j, v, j, i, p[j][i])
			}
		}
		squares := make([]float64, len(x))
		for j := range x {
			for a := range x[i] {
				squares[j] += (x[i][a] - x[j][a]) * (x[i][a] - x[j][a])
			}
		}
		for _, v := range neighbours(squares, i, math.Log(3)) {
			if v > 0 {
				entropy -= v * math.Log(v)
			}
		}
		if math.Abs(math.Exp(entropy)-3) > 1e-4 {
			t.Errorf("row %d has perplexity %v, want 3", i, math.Exp(entropy))
		}
	}
	if math.Abs(sum-1) > 1e-9 {
		t.Errorf("similarities sum to %v", sum)
	}
	const h = 1e-5
	for i, g := range tsneGradient(p, y, 1) {
		for a := range 2 {
			at := y[i][a]
			y[i][a] = at + h
			up := divergence(p, y)
			y[i][a] = at - h
			down := divergence(p, y)
			y[i][a] = at
			if want := (up - down) / (2 * h); math.Abs(g[a]-want) > 1e-7 {
				t.Errorf("slope of point %d, axis %d is %v, central differences have %v", i, a, g[a], want)
			}
		}
	}
}

// In the plane points of four groups in twenty dimensions have neighbours from their own group,
// and the same features give the same points.
func TestTSNEKeepsGroupsTogether(t *testing.T) {
	const n, d, groups = 120, 20, 4
	r := rand.New(rand.NewPCG(2, 2))
	var centres [groups][d]float64
	for k := range centres {
		for a := range d {
			centres[k][a] = r.NormFloat64()
		}
	}
	features := make([]float32, n*d)
	for i := range features {
		features[i] = float32(centres[i/d%groups][i%d] + 0.3*r.NormFloat64())
	}
	y, err := TSNE(features, d, 10)
	if err != nil {
		t.Fatal(err)
	}
	for i := range y {
		nearest, best := -1, 0.0
		for j := range y {
			if s := student(y[i], y[j]); j != i && s > best {
				nearest, best = j, s
			}
		}
		if nearest < 0 || nearest%groups != i%groups {
			t.Errorf("point %d of group %d is next to %d of group %d", i, i%groups, nearest, nearest%groups)
		}
	}
	again, err := TSNE(features, d, 10)
	if err != nil {
		t.Fatal(err)
	}
	for i := range y {
		if y[i] != again[i] {
			t.Fatalf("point %d is %v, then %v", i, y[i], again[i])
		}
	}
}
