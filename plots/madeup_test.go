package plots_test

import (
	"math"
	"math/rand/v2"

	"github.com/sdtlab/sdtlab/plots"
	"github.com/sdtlab/sdtlab/sdt"
)

// The results that these tests draw are made up: seeded, with the size and shape that Office-31
// gives. Nobody measured them.

var office31 = []string{"back_pack", "bike", "bike_helmet", "bookcase", "bottle", "calculator", "desk_chair", "desk_lamp",
	"desktop_computer", "file_cabinet", "headphones", "keyboard", "laptop_computer", "letter_tray", "mobile_phone", "monitor",
	"mouse", "mug", "paper_notebook", "pen", "phone", "printer", "projector", "punchers", "ring_binder", "ruler", "scissors",
	"speaker", "stapler", "tape_dispenser", "trash_can"}

var heldOut16 = []int{15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30}

// madeUpEvaluation predicts correctly with a probability that depends on class and method, and
// otherwise mostly a neighbour in the class list.
func madeUpEvaluation(m sdt.Method, classes []string, heldOut []int) sdt.Evaluation {
	data, luck := rand.New(rand.NewPCG(1, 1)), rand.New(rand.NewPCG(2, uint64(m)))
	e := sdt.Evaluation{Method: m, Domain: "webcam", Classes: classes, HeldOut: heldOut}
	base := map[sdt.Method]float64{sdt.SourceOnly: .48, sdt.TargetOnly: .6, sdt.SourceTarget: .72, sdt.ConfusionOnly: .76, sdt.SoftOnly: .75, sdt.Full: .8}[m]
	for k := range classes {
		chance := math.Min(1, math.Max(.05, base+.18*data.NormFloat64()))
		for range 12 + data.IntN(30) {
			y, p := int32(k), int32(k)
			if luck.Float64() > chance {
				p = int32((k + 1 + luck.IntN(1+luck.IntN(5))) % len(classes))
			}
			e.Labels, e.Predictions = append(e.Labels, y), append(e.Predictions, p)
			e.Confidence = append(e.Confidence, float32(.3+.69*luck.Float64()))
		}
	}
	return e
}

// madeUpRuns are runs of two methods with three values of λ, two of a setting in words, and three
// seeds.
func madeUpRuns(classes []string) (runs []sdt.Run) {
	for i, λ := range []float64{0.01, 0.1, 1} {
		for seed := range uint64(3) {
			for j, m := range []sdt.Method{sdt.Full, sdt.ConfusionOnly} {
				e := madeUpEvaluation(m, classes, nil)
				for n := range len(e.Labels) * (i + j + int(seed)) / 20 {
					e.Predictions[n] = (e.Labels[n] + 1) % int32(len(classes))
				}
				config := sdt.Config{Method: m, Lambda: λ, Seed: seed, Policy: []sdt.Policy{sdt.Inv, sdt.Step}[i%2]}
				of := sdt.Provenance{Inputs: sdt.StageInputs{Stage: "adapt", Config: config}, Data: sdt.TaskSummary{Name: classes[0], Protocol: classes[0], Classes: classes}}
				runs = append(runs, sdt.Run{Dir: "runs", Stages: []sdt.Stage{
					{Key: "adapt", History: &sdt.History{Stage: "adapt", Method: m}, Provenance: of}, {Key: "evaluate", Evaluation: &e, Provenance: of}}})
			}
		}
	}
	return runs
}

func madeUpSoftLabels(classes []string) sdt.SoftLabels { return madeUpSoftLabelsAt(classes, 2) }

// madeUpSoftLabelsAt raises the made-up masses at τ = 2 to the power 2/τ.
func madeUpSoftLabelsAt(classes []string, temperature float64) sdt.SoftLabels {
	r := rand.New(rand.NewPCG(3, 3))
	s := sdt.SoftLabels{Classes: classes, Temperature: temperature}
	for k := range classes {
		row, sum := make([]float64, len(classes)), 0.0
		for i := range row {
			near := math.Abs(float64(i - k))
			row[i] = math.Exp(1.1*r.NormFloat64() - 5 - near/3)
			if i == k {
				row[i] = 1
			}
			row[i] = math.Pow(row[i], 2/temperature)
			sum += row[i]
		}
		for i := range row {
			row[i] /= sum
		}
		s.L, s.Counts = append(s.L, row), append(s.Counts, 20)
	}
	return s
}

func madeUpAt(temperature float64) sdt.SoftLabels { return madeUpSoftLabelsAt(office31, temperature) }

func madeUpHistory(m sdt.Method, steps int) sdt.History {
	r := rand.New(rand.NewPCG(4, uint64(m)))
	h := sdt.History{Stage: "adapt", Method: m, Domains: 2}
	for i := range steps {
		t := float64(i) / 600
		h.Step = append(h.Step, i+1)
		h.ClassLoss = append(h.ClassLoss, math.Abs(3.2*math.Exp(-6*t)+.1+.08*r.NormFloat64()))
		if m.UsesConfusion() {
			h.DomainLoss = append(h.DomainLoss, math.Abs(math.Ln2-.4*math.Exp(-3*t)+.05*r.NormFloat64()))
			h.ConfusionLoss = append(h.ConfusionLoss, math.Ln2+math.Abs(.7*math.Exp(-3*t)+.05*r.NormFloat64()))
			h.DomainAccuracy = append(h.DomainAccuracy, math.Min(1, math.Max(0, .5+.45*math.Exp(-3*t)+.06*r.NormFloat64())))
		}
		if m.UsesSoftLabels() {
			h.SoftLoss = append(h.SoftLoss, math.Abs(2.6*math.Exp(-4*t)+.9+.1*r.NormFloat64()))
		}
	}
	return h
}

func madeUpTrials(tasks ...string) []plots.Trials {
	r := rand.New(rand.NewPCG(5, 5))
	var out []plots.Trials
	for i, task := range tasks {
		for j, m := range sdt.Methods() {
			t := plots.Trials{Task: task, Method: m}
			for range 5 {
				t.Accuracies = append(t.Accuracies, math.Min(1, .62+.03*float64(i)+.05*float64(j)-.006*float64(j*j)+.012*r.NormFloat64()))
			}
			out = append(out, t)
		}
	}
	return out
}

// madeUpImages are blobs with a place that depends on the row, h × w × ch.
func madeUpImages(n, h, w, ch int) sdt.Examples {
	e := sdt.Examples{Domain: "webcam", Shape: []int{h, w, ch}}
	for i := range n {
		for y := range h {
			for x := range w {
				for c := range ch {
					v := 128 + 127*math.Sin(float64(x*(i%7+1)+y*(c+1))/float64(h)*4)
					e.Pixels = append(e.Pixels, uint8(v))
				}
			}
		}
	}
	return e
}

// madeUpPoints are two clouds; the second has names.
func madeUpPoints(names []string) []plots.Points {
	r := rand.New(rand.NewPCG(6, 6))
	out := []plots.Points{{Name: "amazon"}, {Name: names[0], Labels: []string{}}}
	for i := range 40 {
		out[0].XY = append(out[0].XY, [2]float64{r.NormFloat64(), r.NormFloat64()})
		out[1].XY = append(out[1].XY, [2]float64{2 + r.NormFloat64(), 1 + r.NormFloat64()})
		out[1].Labels = append(out[1].Labels, names[i%len(names)])
	}
	return out
}

// madeUpScores are the scores of two domains.
func madeUpScores() []plots.Values {
	r := rand.New(rand.NewPCG(7, 7))
	out := []plots.Values{{Name: "amazon"}, {Name: "webcam"}}
	for range 200 {
		out[0].X = append(out[0].X, r.NormFloat64()-1)
		out[1].X = append(out[1].X, r.NormFloat64()+1)
	}
	return out
}

// madeUpCandidates are runs with the given names and scores that roughly follow the accuracy.
func madeUpCandidates(names []string) []plots.Candidate {
	r := rand.New(rand.NewPCG(8, 8))
	var out []plots.Candidate
	for i := range 20 {
		c := plots.Candidate{Name: names[i%len(names)], Accuracy: r.Float64(), Scores: map[sdt.Validator]float64{}}
		for j, v := range sdt.Validators() {
			c.Scores[v] = c.Accuracy + float64(j)*r.NormFloat64()/2
		}
		out = append(out, c)
	}
	return out
}

// everyFigure returns one of each figure, by the name of its function.
func everyFigure(classes []string) map[string]plots.Chart {
	held := []int{len(classes) - 1}
	if len(classes) == 31 {
		held = heldOut16
	}
	before, after := madeUpEvaluation(sdt.SourceTarget, classes, held), madeUpEvaluation(sdt.Full, classes, held)
	var all []sdt.Evaluation
	for _, m := range sdt.Methods() {
		all = append(all, madeUpEvaluation(m, classes, held))
	}
	soft := madeUpSoftLabels(classes)
	shop := sdt.Labelled{Examples: madeUpImages(len(after.Labels), 28, 28, 3), Classes: classes, Labels: after.Labels}
	desk := shop.Rows([]int{0, 1, 2}) // most classes have none
	desk.Domain = "desk"
	return map[string]plots.Chart{
		"PerClassAccuracy":        plots.PerClassAccuracy(before, after),
		"PerClassAccuracy six":    plots.PerClassAccuracyIn(plots.ByGain, all...),
		"SoftLabels":              plots.SoftLabels(soft),
		"SoftLabelsByTemperature": plots.SoftLabelsByTemperature(func(τ float64) sdt.SoftLabels { return madeUpSoftLabelsAt(classes, τ) }, 1, 2, 4, 10),
		"ClassByClass":            plots.ClassByClass(all...),
		"HeldOutMistakes":         plots.HeldOutMistakes(all...),
		"SoftLabelBars":           plots.SoftLabelBars(soft, classes[0]),
		"LossCurves":              plots.LossCurves(madeUpHistory(sdt.Full, 600)),
		"LossCurves ramp":         plots.LossCurves(ramped(600)),
		"LossCurves several":      plots.LossCurves(madeUpHistory(sdt.SourceTarget, 600), madeUpHistory(sdt.ConfusionOnly, 600), madeUpHistory(sdt.Full, 600)),
		"ConfusionMatrix":         plots.ConfusionMatrix(after),
		"Comparison":              plots.Comparison(madeUpTrials("")...),
		"Comparison of tasks":     plots.Comparison(madeUpTrials("amazon → webcam", "amazon → dslr", "webcam → amazon")...),
		"Differences":             plots.Differences(sdt.SourceTarget, madeUpTrials("amazon → webcam", "amazon → dslr")...),
		"Domains":                 plots.Domains(shop, desk),
		"Distributions": plots.Distributions("Monitor", "made up", classes, plots.Distribution{Name: "soft label", P: soft.L[0]},
			plots.Distribution{Name: "prediction", P: soft.L[len(classes)-1]}),
		"Histogram":           plots.Histogram("Scores", "made up", "log odds, nats", madeUpScores()...),
		"Scatter":             plots.Scatter(plots.ScatterText{Title: "Points", Subtitle: "made up", X: "accuracy, %", Y: "score, nats"}, madeUpPoints(classes)...),
		"Scatter of many":     plots.Scatter(plots.ScatterText{Title: "Clouds", Subtitle: "made up", X: "accuracy, %", Y: "score, nats"}, plots.Points{Name: classes[0], XY: madeUpPoints(classes)[0].XY}),
		"Selection":           plots.Selection(madeUpCandidates(classes)...),
		"SettingsAndAccuracy": plots.SettingsAndAccuracy(madeUpRuns(classes)...),
		"Gallery":             plots.Gallery(madeUpImages(len(after.Labels), 28, 28, 3), before, after),
	}
}
