package sdt

// Confident pseudo-labels: what their settings mean. The loss is [loss.PseudoLabel].

// pseudoWeight returns the full weight of L_pseudo; 0: it is off, or the method takes no step
// in the target.
func (c Config) pseudoWeight() float64 {
	if c.Method == SourceOnly {
		return 0
	}
	return c.PseudoLabels
}

// pseudo returns the weight of L_pseudo at step t of total, from 0: with PseudoRamp r it rises
// linearly,
//
//	α(t) = α · min(1, t / (r · total)).
func (c Config) pseudo(t, total int) float64 {
	alpha := c.pseudoWeight()
	if rising := c.PseudoRamp * float64(total); float64(t) < rising {
		alpha *= float64(t) / rising
	}
	return alpha
}

// usesUnlabelled reports whether training sees unlabelled target examples.
func (c Config) usesUnlabelled() bool { return c.Method.UsesUnlabelled() || c.pseudoWeight() > 0 }
