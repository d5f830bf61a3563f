package sdt

import "math"

// neighbourhoodDensity returns the soft neighbourhood density of predictions p [n][K],
// n ≥ 2: with s_ij the cosine of predictions i and j, the mean over i of the entropy, in
// nats, of softmax(s_i / 0.05) over the other examples j. It is large if each example has
// many neighbours with the same prediction, and ln(n − 1) if all are neighbours.
//
// Saito, Kim, Teterwak, Sclaroff, Darrell, Saenko, Tune it the Right Way, ICCV 2021,
// equations 2 and 3; 0.05 is theirs.
func neighbourhoodDensity(p [][]float64) float64 {
	const temperature = 0.05
	unit := make([][]float64, len(p))
	for i, row := range p {
		length := 0.0
		for _, v := range row {
			length += v * v
		}
		length = math.Sqrt(length)
		unit[i] = make([]float64, len(row))
		for k, v := range row {
			unit[i][k] = v / length
		}
	}
	sum := 0.0
	for i, a := range unit {
		// The entropy of logits z, with Z = Σ exp z, is log Z − Σ z exp(z)/Z; cosines are at
		// most 1, so z − 1/temperature does not overflow.
		var total, weighted float64
		for j, b := range unit {
			if i == j {
				continue
			}
			cosine := 0.0
			for k := range a {
				cosine += a[k] * b[k]
			}
			z := (cosine - 1) / temperature
			total += math.Exp(z)
			weighted += z * math.Exp(z)
		}
		sum += math.Log(total) - weighted/total
	}
	return sum / float64(len(unit))
}
