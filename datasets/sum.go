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

// These match the forms in which tools print a SHA-256: hexadecimal digits, together or in
// groups, with ":", "-" or spaces between them on one line or, in the second row, over two
// lines; or base64.
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

// plainSum returns a SHA-256 as 64 lower-case hexadecimal digits, from any text that contains
// only one: the output of sha256sum, openssl, gpg, certutil, Get-FileHash and others, with
// the file's name, a Git LFS pointer, or, in base64, the integrity attribute of a web page's
// script. Two different digests are an error.
func plainSum(given string) (string, error) {
	text := strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Cf, r): // a byte order mark, a soft hyphen
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
			return "", fmt.Errorf("%q has two SHA-256 digests, %s and %s: give only the file's", given, sums[0], sum)
		}
	}
	if len(sums) > 0 {
		return sums[0], nil
	}
	for _, run := range hexRuns.FindAllString(strings.ToLower(text), -1) {
		if is := otherSums[len(run)]; is != "" {
			return "", fmt.Errorf("%q is not a SHA-256 but %s (%d digits): want 64 hexadecimal digits", given, is, len(run))
		}
	}
	return "", fmt.Errorf("%q is not a SHA-256: want 64 hexadecimal digits", given)
}

// hexSums returns the hexadecimal digests in a lower-case text.
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
			begin := at[0] + afterName(text[at[0]:at[1]])
			sum := strings.Join(hexRuns.FindAllString(text[begin:at[1]], -1), "")
			if len(sum) == 2*sha256.Size && standsAlone(text, begin, at[1]) {
				sums = append(sums, sum)
			}
		}
	}
	return sums
}

// afterName returns where the digest begins in groups of digits that are too many: after a
// file's name that ends as a group does, and a colon, as in gpg's "deadbeef: 8C0E615E …"; 0 if
// there is no such name. A colon between all groups, or as many digits before it as a digest
// has, is not a name's.
func afterName(groups string) int {
	runs := hexRuns.FindAllStringIndex(groups, -1)
	size := runs[0][1] - runs[0][0]
	first := len(runs) - 2*sha256.Size/size
	if first < 1 || first*size >= 2*sha256.Size {
		return 0
	}
	before, next := groups[runs[first-1][1]:runs[first][0]], groups[runs[first][1]:runs[first+1][0]]
	if !strings.Contains(before, ":") || before == next {
		return 0
	}
	return runs[first][0]
}

// standsAlone reports whether a part of a text has no letter or digit directly beside it.
func standsAlone(text string, begin, end int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:begin])
	after, _ := utf8.DecodeRuneInString(text[end:])
	word := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	return !word(before) && !word(after)
}

// base64Sums returns the base64 digests in a text, in either alphabet.
func base64Sums(text string) (sums []string) {
	for _, run := range base64Runs.FindAllString(base64Prefix.ReplaceAllString(text, " "), -1) {
		run = strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimSuffix(run, "="))
		if data, err := base64.RawStdEncoding.Strict().DecodeString(run); err == nil && len(data) == sha256.Size {
			sums = append(sums, hex.EncodeToString(data))
		}
	}
	return sums
}
