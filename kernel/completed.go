package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/sdtlab/sdtlab/kernel/internal/nbformat"
)

// completedField is the field of an executed notebook's metadata that says that a sweep
// executed it to its end, and from which code.
const completedField = "sdtlab_completed"

// codeKey returns a hash of a notebook's code, in which its parameters are.
func codeKey(nb *nbformat.Notebook) string {
	h := sha256.New()
	for _, c := range nb.Cells {
		if c.Type == nbformat.Code {
			fmt.Fprintf(h, "%q %v\n", c.Source, c.Metadata["tags"])
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// completed returns the notebook at path if a sweep executed it to its end from code with
// this key, else nil.
func completed(path, key string) *nbformat.Notebook {
	nb, err := nbformat.Read(path)
	if err != nil || nb.Metadata[completedField] != key {
		return nil
	}
	return nb
}
