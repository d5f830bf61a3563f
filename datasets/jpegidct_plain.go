//go:build !(amd64 && goexperiment.simd)

package datasets

// fastestInverse returns the fastest transform for this processor.
func fastestInverse() inverse { return plainInverse }
