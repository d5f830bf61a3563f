//go:build !(amd64 && goexperiment.simd)

package datasets

// fastest returns the fastest loops for this processor.
func fastest() loops { return plainLoops }
