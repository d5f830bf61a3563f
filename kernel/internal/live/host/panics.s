#include "textflag.h"

// func goroutineHere() unsafe.Pointer
TEXT ·goroutineHere(SB), NOSPLIT, $0-8
#ifdef GOARCH_amd64
	MOVQ (TLS), AX
	MOVQ AX, ret+0(FP)
#endif
#ifdef GOARCH_arm64
	MOVD g, ret+0(FP)
#endif
	RET
