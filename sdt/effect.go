package sdt

// What settings amount to in the configuration's method.

// cosine reports whether the class classifier is the cosine classifier.
func (c Config) cosine() bool { return c.CosineClassifier || c.Method.usesCosine() }

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

// targetWeight returns the weight of labelled target rows in L_C; 1 if it has no effect,
// because L_C has rows of one domain only.
func (c Config) targetWeight() float64 {
	if c.TargetWeight == 0 || c.Method == SourceOnly || !c.Method.UsesSource() {
		return 1
	}
	return c.TargetWeight
}
