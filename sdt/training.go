package sdt

// training is one stage that moves weights.
type training struct {
	stage  string
	config Config
	steps  int
	data   string      // fingerprint of what it sees
	from   *Model      // where the weights start; nil: at Config.Pretrained or at random
	soft   *SoftLabels // nil: none
}

// keyOf returns what a training depends on, and its key.
func (l *Lab) keyOf(t training) (StageInputs, string, error) {
	before := ""
	if t.from != nil {
		before += t.from.Key
	}
	if t.soft != nil {
		before += " " + t.soft.Key
	}
	return l.inputs(t.stage, t.config, t.data, before)
}
