package dashboard

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/sdtlab/sdtlab/sdt"
)

// point is one number of a series.
type point struct {
	step  int
	value float64 // finite
}

// series is what a dashboard shows as one curve.
type series struct {
	name   string
	made   time.Time // when its stage was written; zero if that is unknown
	points []point   // in the order of their steps, at least one
}

// seriesOf returns what a run measured.
func seriesOf(r sdt.Run) (all []series) {
	times := map[string]int{} // how often a stage's name has occurred
	for _, s := range r.Stages {
		stage := s.Name()
		if times[stage]++; times[stage] > 1 {
			stage = fmt.Sprint(stage, " ", times[stage])
		}
		add := func(name string, steps []int, values ...float64) {
			one := series{name: name, made: s.Provenance.Made}
			for i, v := range values {
				if v-v == 0 { // finite
					one.points = append(one.points, point{steps[i], v})
				}
			}
			if len(one.points) > 0 {
				all = append(all, one)
			}
		}
		atZero := []int{0}
		if h := s.History; h != nil {
			for _, m := range sdt.Measures() {
				add(stage+"/"+m.Name, h.Step, m.Of(*h)...)
			}
			add(stage+"/seconds", atZero, h.Seconds)
		}
		if e := s.Evaluation; e != nil {
			add(stage+"/accuracy", atZero, e.Accuracy())
			add(stage+"/mean per class", atZero, e.MeanPerClass())
			counts, accuracies := e.Counts(), e.PerClass()
			for k, class := range fileNames(e.Classes) {
				add("images of class/"+class, atZero, float64(counts[k]))
				add("accuracy of class/"+class, atZero, accuracies[k])
			}
		}
	}
	return all
}

// longestName is the most bytes of a class in a file name, of which systems allow 255.
const longestName = 180

// fileNames returns names, one for each class, that MLflow accepts and that are different files
// on every system.
func fileNames(classes []string) []string {
	taken := map[string]bool{}
	names := make([]string, len(classes))
	for k, class := range classes {
		name := strings.Trim(strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_-. ", r) {
				return r
			}
			return '_'
		}, class), ". ")
		for len(name) > longestName {
			_, size := utf8.DecodeLastRuneInString(name)
			name = name[:len(name)-size]
		}
		if name == "" {
			name = "_"
		}
		for taken[strings.ToLower(name)] {
			name += "_"
		}
		taken[strings.ToLower(name)] = true
		names[k] = name
	}
	return names
}
