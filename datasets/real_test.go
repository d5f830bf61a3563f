package datasets

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/sdtlab/sdtlab/sdt"
)

// data returns a path in the test data, $SDT_DATA, and skips the test by name if there is
// none.
func data(t testing.TB, path ...string) string {
	t.Helper()
	root := os.Getenv("SDT_DATA")
	full := filepath.Join(append([]string{root}, path...)...)
	if _, err := os.Stat(full); root == "" || err != nil {
		t.Skipf("%s: no test data %s at $SDT_DATA", t.Name(), filepath.Join(path...))
	}
	return full
}

var officeCaltech = []string{"backpack", "bike", "calculator", "headphones", "keyboard", "laptop", "monitor", "mouse", "mug", "projector"}

func googlenet(t testing.TB, domain string) sdt.Labelled {
	t.Helper()
	dir := data(t, "office_caltech10", "features")
	l, err := ReadFeatures(domain, filepath.Join(dir, domain+"_googlenet.npy"), filepath.Join(dir, domain+"_googlenet_labels.npy"), officeCaltech)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// The accuracies, by cosine distance, equal those that the data's publisher states, so
// rows and labels of both files match.
func TestNearestNeighbourOnGoogLeNetFeatures(t *testing.T) {
	for _, row := range []struct {
		source, target string
		want           float64 // %
	}{{"amazon", "webcam", 84.1}, {"webcam", "amazon", 91.9}} {
		source, target := googlenet(t, row.source), googlenet(t, row.target)
		right, d := 0, 1024
		unit(source.Values, d)
		unit(target.Values, d)
		for i := range target.Labels {
			x, best, label := target.Values[i*d:(i+1)*d], float32(math.Inf(1)), int32(0)
			for j, y := range source.Labels {
				sum := float32(0)
				for k, v := range source.Values[j*d : (j+1)*d] {
					sum += (v - x[k]) * (v - x[k])
				}
				if sum < best {
					best, label = sum, y
				}
			}
			if label == target.Labels[i] {
				right++
			}
		}
		if got := 100 * float64(right) / float64(len(target.Labels)); math.Abs(got-row.want) > 0.05 {
			t.Errorf("%s→%s: %.2f %%, want %.1f", row.source, row.target, got, row.want)
		}
	}
}

// unit scales each row of d values to length 1.
func unit(values []float32, d int) {
	for ; len(values) > 0; values = values[d:] {
		square := 0.0
		for _, v := range values[:d] {
			square += float64(v) * float64(v)
		}
		for i := range values[:d] {
			values[i] /= float32(math.Sqrt(square))
		}
	}
}

func TestFeatureShapes(t *testing.T) {
	for domain, want := range map[string]int{"amazon": 958, "webcam": 295, "caltech10": 1123} {
		dir := data(t, "office_caltech10", "features")
		l, err := ReadFeatures(domain, filepath.Join(dir, domain+"_surf.npy"), filepath.Join(dir, domain+"_surf_labels.npy"), officeCaltech)
		if err != nil {
			t.Fatal(err)
		}
		if l.Len() != want || l.Size() != 800 {
			t.Errorf("%s: %d rows of %d, want %d of 800", domain, l.Len(), l.Size(), want)
		}
	}
}

func TestStandardTrials(t *testing.T) {
	amazon, webcam := googlenet(t, "amazon"), googlenet(t, "webcam")
	for _, row := range []struct {
		source, target         sdt.Labelled
		perSource, sourceTotal int
	}{{amazon, webcam, 20, 200}, {webcam, amazon, 8, 80}} {
		s, err := ReadSplits(data(t, "office_caltech10", "splits", row.source.Domain+"_to_"+row.target.Domain+".json"))
		if err != nil {
			t.Fatal(err)
		}
		if len(s.Trials) != 20 || !slices.Equal(s.Classes, officeCaltech) {
			t.Fatalf("%d trials over %v", len(s.Trials), s.Classes)
		}
		for i, trial := range s.Trials {
			task, err := FromSplit(row.source, row.target, trial, sdt.Alignment{})
			if err != nil {
				t.Fatalf("trial %d: %v", i, err)
			}
			for k := range officeCaltech {
				if n := task.Sources[0].Counts()[k]; n != row.perSource {
					t.Errorf("trial %d: %d source examples of class %d, want %d", i, n, k, row.perSource)
				}
				if n := task.Target.Counts()[k]; n != 3 {
					t.Errorf("trial %d: %d labelled target examples of class %d, want 3", i, n, k)
				}
			}
			if got := task.Target.Len() + task.Test.Len(); got != row.target.Len() {
				t.Errorf("trial %d: labelled and test are %d of %d target examples", i, got, row.target.Len())
			}
		}
	}
}

func TestRealDigits(t *testing.T) {
	for _, row := range []struct {
		images, labels string
		n, side        int
		ones           int // images of the digit 1: MNIST's from its page, USPS's from its own (1005 and 264)
	}{
		{"t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz", 10000, 28, 1135},
		{"usps-train-images-idx3-ubyte.gz", "usps-train-labels-idx1-ubyte.gz", 7291, 16, 1005},
		{"usps-test-images-idx3-ubyte.gz", "usps-test-labels-idx1-ubyte.gz", 2007, 16, 264},
	} {
		l, err := ReadIDXPair("digits", data(t, "digits", row.images), data(t, "digits", row.labels))
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Validate(); err != nil {
			t.Error(err)
		}
		if l.Len() != row.n || !slices.Equal(l.Shape, []int{row.side, row.side, 1}) || l.Counts()[1] != row.ones {
			t.Errorf("%s: %d of shape %v, %d ones", row.images, l.Len(), l.Shape, l.Counts()[1])
		}
	}
}
