package sdt

import "fmt"

// Interrupted reports that a stage was stopped, and where its state was saved: the next
// call of the stage resumes from there.
type Interrupted struct {
	Stage       string // "pretrain" or "adapt"
	Step, Steps int    // done, of all
	Dir         string // where the state is
	Err         error  // why, such as context.Canceled
}

// Error names the stage, the step and the place.
func (e *Interrupted) Error() string {
	return fmt.Sprintf("%s interrupted at step %d of %d: saved in %s, call it again to resume", e.Stage, e.Step, e.Steps, e.Dir)
}

// Unwrap returns why the stage was stopped.
func (e *Interrupted) Unwrap() error { return e.Err }
