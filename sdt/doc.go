// Package sdt trains classifiers by simultaneous deep transfer across domains
// and tasks (Tzeng, Hoffman, Darrell, Saenko, ICCV 2015, arXiv:1510.02192).
//
// A network that was trained where labels are plenty, the source domains, is made
// to work where they are few, the target domain. Two things are handed over at
// once. The features f(x; θ_repr) are trained until a domain classifier θ_D
// cannot tell the domains apart (domain confusion, [loss.Confusion]); and the
// similarities between categories that the source network has learnt are handed
// to the target as soft labels ([loss.SoftLabel]), so that a category without a
// single labelled target image profits from those that resemble it.
//
// The objective is
//
//	L = L_C + λ L_conf + ν L_soft
//
// over θ_repr and the class classifier θ_C, alternating with L_D over θ_D.
//
// A [Task] holds the data, a [Lab] the run: [Lab.Pretrain], [Lab.SoftLabels],
// [Lab.Adapt] and [Lab.Evaluate] are the paper's four stages, each written to the
// run directory when it is done and loaded from there when it is asked for again.
//
// # Files
//
//	lab            a task, a configuration and the run directory; open, what they must be like
//	stages         the four: training is one that moves weights; train keeps it, steps takes its
//	               steps, stepper takes one, sitting shows it; estimate, how long they take
//	step, batch    the graph of a step; which rows it sees; sampler and cut, where they come from
//	method         the table of methods; measure, of what is measured
//	config, sgd    the settings; the optimizer; rms, normalised features
//	needs          what methods and validators need; networkneeds, what networks do; idle,
//	               settings that count for nothing; tryout, a network on two examples, caught
//	               when it panics; representation, θ_repr in a graph
//	validator      scores by which runs and steps are chosen; score, risk, embedded,
//	               neighbourhood, logistic, how they are made; earlystop, which step is kept
//	predict        what a network makes of examples; usable, what is refused before; softlabels, sourcelogits, statistics
//	evaluation     how it did; mistakes, images that it took for others
//	task, examples the data; align, classes by name; summary, in counts
//	run            what a run directory holds: readruns reads it, readstage and readprovenance a
//	               result, which is checked; metrics, as tables; history, of a training
//	record         results on disk, weights those of networks; provenance, where they come from;
//	               checkpoint, a training under way; changed, on other data; identify, of which
//	               network
//	diverged, interrupted, advice, progress, finite, backend
//	               what is said of a training; numbers; where it is computed
//	probe, embed, tsne
//	               how far the domains are apart, and a picture of it
package sdt
