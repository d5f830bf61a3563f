package sdt

// History is what one stage's training measured at each step: losses in nats, averaged over
// the batch, before the step's update. A loss that the stage does not have is an empty
// slice; the others have one value for each entry of Step.
type History struct {
	Stage          string      `json:"stage"`                     // "pretrain" or "adapt"
	Method         Method      `json:"method"`                    // which losses were on
	Domains        int         `json:"domains"`                   // D: an undecided domain classifier has L_D = L_conf = ln D
	Step           []int       `json:"step"`                      // step of each entry, from 1
	ClassLoss      []float64   `json:"class_loss"`                // L_C
	DomainLoss     []float64   `json:"domain_loss,omitempty"`     // L_D
	ConfusionLoss  []float64   `json:"confusion_loss,omitempty"`  // L_conf
	SoftLoss       []float64   `json:"soft_loss,omitempty"`       // L_soft
	PseudoLoss     []float64   `json:"pseudo_loss,omitempty"`     // L_pseudo
	Entropy        []float64   `json:"entropy,omitempty"`         // of the predictions for the unlabelled target
	Discrepancy    []float64   `json:"discrepancy,omitempty"`     // L_MMD, L_CORAL or L_CSA, in squared units of the features
	DomainAccuracy []float64   `json:"domain_accuracy,omitempty"` // of the domain classifier on the batch, before its step, 0…1
	Confident      []float64   `json:"confident,omitempty"`       // share of the batch's unlabelled rows that have a pseudo-label, 0…1
	Lambda         []float64   `json:"lambda,omitempty"`          // λ in that step, if the method has a loss weighted by it
	Scores         []StepScore `json:"looks,omitempty"`           // on which [Config.EarlyStop] based its choice
	Kept           int         `json:"kept,omitempty"`            // step whose weights early stopping kept
	Seconds        float64     `json:"seconds"`                   // of training, over all sittings

	Name string `json:"-"` // what figures call it; empty: by its method
}

// StepScore is the score of a [Validator] after a step of training.
type StepScore struct {
	Step  int     `json:"step"`  // from 1
	Score float64 `json:"score"` // larger is better
}
