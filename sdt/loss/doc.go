// Package loss has the method's losses, and other authors' alternatives to domain
// confusion. Each is a scalar in a graph.
//
//	class      L_C, of the class classifier
//	domain     L_D, of the domain classifier
//	confusion  L_conf, which draws the domains together
//	soft       L_soft, of soft labels
//	reversal   DANN's: −L_D
//	mmd        DDC's: the distance between the domains' means
//	coral      deep CORAL's: the distance between their covariances
package loss
