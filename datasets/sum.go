package datasets

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Ways in which tools print a SHA-256: as hexadecimal digits, together or in groups of so many,
// with ":", "-" or spaces between them on a line or, second, over two lines; or in base64.
var (
	hexRuns   = regexp.MustCompile(`[0-9a-f]+`)
	hexGroups = []*regexp.Regexp{
		groups(2, `(?:[ \t]*[:-]|[ \t])[ \t]*`), groups(4, `[ \t:-]+`), groups(8, `[ \t:-]+`), groups(16, `[ \t:-]+`), groups(32, `[ \t:-]+`),
		groups(2, `[\s:-]+`), groups(4, `[\s:-]+`), groups(8, `[\s:-]+`), groups(16, `[\s:-]+`), groups(32, `[\s:-]+`),
	}
	base64Runs   = regexp.MustCompile(`[A-Za-z0-9+/_-]{43,}=?`)
	base64Prefix = regexp.MustCompile(`(?i)sha-?256[\s"'}]*[-:=]?[\s"':]*`)
	otherSums    = map[int]string{32: "an MD5", 40: "a SHA-1", 56: "a SHA-224", 96: "a SHA-384", 128: "a SHA-512"} // by their digits
)

// groups matches 64 hexadecimal digits, or more, in groups of n.
func groups(n int, between string) *regexp.Regexp {
	return regexp.MustCompile(fmt.Sprintf(`(?:[0-9a-f]{%d}%s){%d,}[0-9a-f]{%d}`, n, between, 2*sha256.Size/n-1, n))
}

// plainSum returns a SHA-256 as 64 small hexadecimal digits, from any text in which it is the
// one: what sha256sum, openssl, gpg, certutil, Get-FileHash and others print, a file's name
// and all, a Git LFS pointer, or, in base64, the integrity of a web page's script. Two that
// differ are an error.
func plainSum(given string) (string, error) {
	text := strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Cf, r): // a mark of byte order, a soft hyphen
			return -1
		case r != '\n' && unicode.IsSpace(r):
			return ' '
		}
		return r
	}, given)
	sums := hexSums(strings.ToLower(text))
	if len(sums) == 0 {
		sums = base64Sums(text)
	}
	for _, sum := range sums {
		if sum != sums[0] {
			return "", fmt.Errorf("%q holds two SHA-256 digests, %s and %s: give the one of the file", given, sums[0], sum)
		}
	}
	if len(sums) > 0 {
		return sums[0], nil
	}
	for _, run := range hexRuns.FindAllString(strings.ToLower(text), -1) {
		if is := otherSums[len(run)]; is != "" {
			return "", fmt.Errorf("%q is not a SHA-256 but %s, as it has %d digits: want 64 hexadecimal digits", given, is, len(run))
		}
	}
	return "", fmt.Errorf("%q is not a SHA-256: want 64 hexadecimal digits", given)
}

// hexSums returns the digests of a text in small letters that are written in hexadecimal.
func hexSums(text string) (sums []string) {
	for _, at := range hexRuns.FindAllStringIndex(text, -1) {
		begin := at[0] - len("0x")
		if begin < 0 || text[begin:at[0]] != "0x" {
			begin = at[0]
		}
		if at[1]-at[0] == 2*sha256.Size && standsAlone(text, begin, at[1]) {
			sums = append(sums, text[at[0]:at[1]])
		}
	}
	for _, grouped := range hexGroups {
		if len(sums) > 0 {
			break
		}
		for _, at := range grouped.FindAllStringIndex(text, -1) {
			sum := strings.Join(hexRuns.FindAllString(text[at[0]:at[1]], -1), "")
			if len(sum) == 2*sha256.Size && standsAlone(text, at[0], at[1]) {
				sums = append(sums, sum)
			}
		}
	}
	return sums
}

// standsAlone reports whether no letter or digit is on either side of a part of a text.
func standsAlone(text string, begin, end int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:begin])
	after, _ := utf8.DecodeRuneInString(text[end:])
	word := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	return !word(before) && !word(after)
}

// base64Sums returns the digests of a text that are written in base64, of either alphabet.
func base64Sums(text string) (sums []string) {
	for _, run := range base64Runs.FindAllString(base64Prefix.ReplaceAllString(text, " "), -1) {
		run = strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimSuffix(run, "="))
		if data, err := base64.RawStdEncoding.Strict().DecodeString(run); err == nil && len(data) == sha256.Size {
			sums = append(sums, hex.EncodeToString(data))
		}
	}
	return sums
}
