package datasets

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode"
)

// plainSum returns a SHA-256 as 64 small hexadecimal digits, from any way in which tools
// print one and people hand it on: in capitals, with "sha256:" before it, with spaces around
// it or (certutil of Windows) between its bytes, with colons there, or as a line of sha256sum
// with the file's name behind (BSD's: before).
func plainSum(given string) (string, error) {
	sum := strings.ToLower(strings.TrimSpace(given))
	sum = strings.TrimPrefix(sum[strings.LastIndexByte(sum, '=')+1:], "sha256:")
	if words := strings.Fields(sum); len(words) > 0 && len(words[0]) == 2*sha256.Size {
		sum = words[0]
	}
	sum = strings.Map(func(r rune) rune {
		if r == ':' || unicode.IsSpace(r) {
			return -1
		}
		return r
	}, sum)
	if data, err := hex.DecodeString(sum); err != nil || len(data) != sha256.Size {
		return "", fmt.Errorf("%q is no SHA-256: want 64 hexadecimal digits", given)
	}
	return sum, nil
}
