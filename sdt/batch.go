package sdt

// batchPlan says how many rows of a batch come from where. The rows are in this
// order: each source, the labelled target, the unlabelled target.
type batchPlan struct {
	sources    []int // rows of each source domain
	target     int   // rows of the labelled target
	unlabelled int   // rows of the unlabelled target
}

// labelled returns how many rows carry a class: the first ones.
func (p batchPlan) labelled() int {
	m := p.target
	for _, s := range p.sources {
		m += s
	}
	return m
}

// rows returns n, all rows.
func (p batchPlan) rows() int { return p.labelled() + p.unlabelled }

// domains returns D: the sources and the target.
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

// isLabelledTarget tells which rows are labelled target examples, [n].
func (p batchPlan) isLabelledTarget() []bool {
	is := make([]bool, p.rows())
	for i := p.labelled() - p.target; i < p.labelled(); i++ {
		is[i] = true
	}
	return is
}
