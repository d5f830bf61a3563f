package sdt

import (
	"errors"
	"fmt"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
)

// PCA returns the projection of features [n, d], as [Lab.FeaturesOf] returns them, onto
// their first two principal components, and each component's share of the variance, 0…1.
// There must be at least two rows, and two columns that vary.
func PCA(features []float32, d int) (points [][2]float64, share [2]float64, err error) {
	x, err := matrix(features, d)
	if err != nil {
		return nil, share, fmt.Errorf("PCA: %w", err)
	}
	var pc stat.PC
	if d < 2 || !pc.PrincipalComponents(x, nil) {
		return nil, share, errors.New("PCA: fewer than two components")
	}
	variances := pc.VarsTo(nil)
	total := 0.0
	for _, v := range variances {
		total += v
	}
	if len(variances) < 2 || !(total > 0) {
		return nil, share, errors.New("PCA: the features vary in fewer than two directions")
	}
	share = [2]float64{variances[0] / total, variances[1] / total}
	var vectors, projected mat.Dense
	pc.VectorsTo(&vectors)
	projected.Mul(x, vectors.Slice(0, d, 0, 2))
	n, _ := x.Dims()
	points = make([][2]float64, n)
	for j := range 2 {
		column := mat.Col(nil, j, &projected)
		mean := stat.Mean(column, nil)
		for i, v := range column {
			points[i][j] = v - mean
		}
	}
	return points, share, nil
}

// matrix returns finite features [n, d] as float64.
func matrix(features []float32, d int) (*mat.Dense, error) {
	if d < 1 || len(features)%d != 0 || len(features)/d < 2 {
		return nil, fmt.Errorf("%d numbers are not two or more rows of %d", len(features), d)
	}
	if err := finiteFeatures(features, d); err != nil {
		return nil, err
	}
	x := make([]float64, len(features))
	for i, v := range features {
		x[i] = float64(v)
	}
	return mat.NewDense(len(features)/d, d, x), nil
}

// finiteFeatures returns an error for the first of features [n, d] that is NaN or infinite.
func finiteFeatures(features []float32, d int) error {
	for i, v := range features {
		if !finite(v) {
			return fmt.Errorf("feature %d of row %d is %v", i%d, i/d, v)
		}
	}
	return nil
}
