package sdt

import "github.com/gomlx/gomlx/core/tensors"

// release frees tensors. The garbage collector would do so too, but it does not see how much
// memory a back end holds for each.
func release(all ...*tensors.Tensor) error {
	for _, t := range all {
		if err := t.FinalizeAll(); err != nil {
			return err
		}
	}
	return nil
}
