package toolchain

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// TypeSymbols returns the symbols, in a plugin, of the descriptors of a type and of the
// pointers to it.
func TypeSymbols(name string) []string {
	return []string{mangle("type:" + name), mangle("type:*" + name)}
}

// mangle returns the name of a symbol in a shared library: Go's linker shortens those of
// types (cmd/link/internal/ld.typeSymbolMangle).
func mangle(name string) string {
	isType := strings.HasPrefix(name, "type:")
	if !isType && !strings.Contains(name, "@") || strings.HasPrefix(name, "type:runtime.") ||
		strings.HasPrefix(name, "go:string.") || len(name) <= 14 && !strings.Contains(name, "@") {
		return name
	}
	if isType {
		prefix := "type:"
		if name[5] == '.' {
			prefix = "type:."
		}
		return prefix + short(name[5:])
	}
	i, j := strings.IndexByte(name, '['), strings.LastIndexByte(name, ']')
	if j <= i {
		j = len(name)
	}
	return name[:i+1] + short(name[i+1:j]) + name[j:]
}

func short(s string) string {
	sum := sha256.Sum256([]byte(s))
	sum[0] ^= 0xff // as cmd/internal/hash does
	return base64.StdEncoding.EncodeToString(sum[:6])
}

// abiSuffix ends the name of a function in a shared library to mark its calling convention.
const abiSuffix = ".abiinternal"
