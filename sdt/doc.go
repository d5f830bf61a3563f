// Package sdt trains classifiers by simultaneous deep transfer across domains
// and tasks (Tzeng, Hoffman, Darrell, Saenko, ICCV 2015, arXiv:1510.02192).
//
// A network trained where labels are plentiful, the source domains, is made to work where
// they are few, the target domain. It transfers two things at once. The features
// f(x; θ_repr) are trained until a domain classifier θ_D cannot tell the domains apart
// (domain confusion, [loss.Confusion]). The similarities between categories that the source
// network has learnt are passed to the target as soft labels ([loss.SoftLabel]), so that a
// category without a single labelled target image profits from those that resemble it.
//
// The objective is
//
//	L = L_C + λ L_conf + ν L_soft
//
// over θ_repr and the class classifier θ_C, alternating with L_D over θ_D.
//
// A [Task] holds the data, a [Lab] the run: [Lab.Pretrain], [Lab.SoftLabels], [Lab.Adapt]
// and [Lab.Evaluate] are the paper's four stages. Each is written to the run directory when
// it is done, and loaded from there on the next call.
//
// # Files
//
//	lab            a task, a configuration and the run directory; open checks them
//	stages         the four stages: a training moves weights; train keeps its result, steps runs
//	               its steps, stepper one of them, sitting reports progress; estimate, their time;
//	               initialize gives variables their initial values; devices, several that
//	               take the steps together
//	step, batch    the graph of a step; which rows it sees; sampler and cut supply them
//	classifier     the class classifier and L_C; conditional, what the domain classifier sees
//	method         the table of methods; alignment, their losses weighted by λ; measure, the
//	               table of what is measured
//	freeze, divide the part of a network that keeps its weights, the trunk; frozen, what it
//	               returns, computed once for each image; frozenfile, on disk
//	config, sgd    the settings; the optimizer; effect, what settings amount to in a method;
//	               rms, normalised features
//	needs          what methods and validators need; networkneeds, what networks need; idle,
//	               settings that have no effect; tryout, a network on two examples, caught
//	               if it panics; representation, θ_repr in a graph
//	validator      scores for choosing runs and steps; score, risk, embedded, neighbourhood,
//	               logistic compute them; earlystop, which step is kept
//	predict        a network's predictions; usable, which models are rejected; softlabels,
//	               sourcelogits, statistics
//	export         a network for other programs; exportonnx, as ONNX
//	evaluation     the accuracy of a network; mistakes, images that it got wrong
//	task, examples the data; align, classes by name; summary, in counts
//	run            what a run directory holds: readruns reads it, readstage and readprovenance
//	               one result, which must be checked; metrics, as tables; history, of a training
//	record         results on disk; weights, networks on disk; provenance, where they come from;
//	               checkpoint, a training in progress; variables, in and out of a store;
//	               changed, one on data that has changed; identify, which network it is
//	diverged, interrupted, advice, progress, finite, release, backend
//	               messages about a training; numbers; the back end
//	probe, embed, tsne
//	               the distance between domains, and a picture of it
package sdt
