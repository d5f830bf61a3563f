package sdt

// batchPlan says how many rows of a batch come from where. The rows are in this order:
// each source, the labelled target, the unlabelled target.
type batchPlan struct {
	sources    []int // rows of each source domain
	target     int   // rows of the labelled target
	unlabelled int   // rows of the unlabelled target
}

// labelled returns how many rows have a class; these come first.
func (p batchPlan) labelled() int {
	m := p.target
	for _, s := range p.sources {
		m += s
	}
	return m
}

// rows returns n, the count of all rows.
func (p batchPlan) rows() int { return p.labelled() + p.unlabelled }

// domains returns D: the count of the sources plus the target.
func (p batchPlan) domains() int { return len(p.sources) + 1 }

// domainOfRow returns the domain of each row, [n]: the sources in order, the target
// last.
func (p batchPlan) domainOfRow() []int32 {
	var d []int32
	for i, rows := range append(p.sources[:len(p.sources):len(p.sources)], p.target+p.unlabelled) {
		for range rows {
			d = append(d, int32(i))
		}
	}
	return d
}

// isLabelledTarget returns which rows are labelled target examples, [n].
func (p batchPlan) isLabelledTarget() []bool {
	is := make([]bool, p.rows())
	for i := p.labelled() - p.target; i < p.labelled(); i++ {
		is[i] = true
	}
	return is
}

// isUnlabelled returns which rows are unlabelled target examples, [n]: 1 where they are.
func (p batchPlan) isUnlabelled() []int32 {
	is := make([]int32, p.rows())
	for i := p.labelled(); i < p.rows(); i++ {
		is[i] = 1
	}
	return is
}

// plan returns how the batches of a training are composed, and their sampler.
func (l *Lab) plan(t training) (batchPlan, sampler) {
	c := t.config
	plan := c.rows(l.task)
	s := sampler{cut: cut{crop: c.Crop, mirror: c.Mirror, random: true, seed: c.Seed}}
	add := func(name string, e Examples, labels []int32, rows int) {
		s.parts = append(s.parts, part{e, labels, newStream(name, e.Len(), rows, c.Seed)})
	}
	if c.Method.UsesSource() {
		for i, source := range l.task.Sources {
			add("source "+source.Domain, source.Examples, source.Labels, plan.sources[i])
		}
	}
	if target := l.task.Target; plan.target > 0 {
		add("target", target.Examples, target.Labels, plan.target)
	}
	if plan.unlabelled > 0 {
		add("unlabelled", l.task.Unlabelled, nil, plan.unlabelled)
	}
	return plan, s
}

// rows returns how many rows of a batch come from where.
func (c Config) rows(t Task) (plan batchPlan) {
	if c.Method.UsesSource() {
		for i := range t.Sources {
			rows := c.SourceBatch / len(t.Sources)
			if i < c.SourceBatch%len(t.Sources) {
				rows++
			}
			plan.sources = append(plan.sources, rows)
		}
	}
	if c.Method == SourceOnly {
		return plan
	}
	if t.Target.Len() > 0 {
		plan.target = c.LabelledBatch
	}
	if c.usesUnlabelled() && t.Unlabelled.Len() > 0 && c.TargetBatch > plan.target {
		plan.unlabelled = c.TargetBatch - plan.target
	}
	return plan
}
