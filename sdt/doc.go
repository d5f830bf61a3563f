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
// # Layers
//
//	lab, stages          pretrain · soft labels · adapt · evaluate, in a run directory
//	step, batch          one step of the alternation; which rows it sees
//	usable               what is refused before it is computed with: models, examples
//	validators           which run, which step to keep, without a label of the target
//	losses               L_C, L_D, L_conf, L_soft; in the place of L_conf those of DANN, DDC, CORAL
//	networks             LeNet, ConvNet, CaffeNet, AlexNet, Head
//	conv, pool           layers that train on every back end
//	probe, embed, tsne   how far the domains are apart, and a picture of it
//	weights, origin      θ_repr that others have trained, in their files' layouts
//	task, examples       the data, with the target's labels kept out of reach
package sdt
