// Package loss has the losses of the method, and those that others have in the place of
// domain confusion. Each is a scalar of a graph.
//
//	class      L_C, of the class classifier
//	domain     L_D, of the domain classifier
//	confusion  L_conf, that draws the domains together
//	soft       L_soft, of soft labels
//	reversal   DANN's: −L_D
//	mmd        DDC's: how far the domains' means are apart
//	coral      deep CORAL's: how far their covariances are
package loss
