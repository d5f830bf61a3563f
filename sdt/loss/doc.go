// Package loss has the method's losses, and other authors' alternatives to domain
// confusion. Each is a scalar in a graph.
//
//	class        L_C, of the class classifier; weighted, with a weight for each row
//	domain       L_D, of the domain classifier
//	confusion    L_conf, which draws the domains together
//	soft         L_soft, of soft labels
//	pseudo       L_pseudo, of the network's own confident predictions
//	reversal     DANN's: −L_D
//	conditional  what CDAN's domain classifier sees: features and predictions
//	mmd          DDC's: the distance between the domains' means
//	coral        deep CORAL's: the distance between their covariances
//	contrastive  CCSA's: the distances between examples of one class and of two
//	entropy      of predictions, to be minimized
//	minimax      MME's: the entropy, which θ_C raises and θ_repr lowers
package loss
