package history

// glob reports whether a text matches a pattern of SQLite's GLOB, which Jupyter's front
// ends know from IPython: * matches any text, ? any character, [a-z] one of these and
// [^a-z] any other; the entire text must match, and case matters. A pattern with an
// unclosed bracket matches nothing.
func glob(pattern, text string) bool {
	p, t := []rune(pattern), []rune(text)
	star, from := -1, 0 // the last * in p, and where in t the rest of p is tried
	i, k := 0, 0
	for k < len(t) {
		if i < len(p) && p[i] == '*' {
			star, from = i, k
			i++
			continue
		}
		if n := globOne(p[i:], t[k]); n > 0 {
			i += n
			k++
			continue
		}
		if star < 0 {
			return false
		}
		from++
		i, k = star+1, from
	}
	for i < len(p) && p[i] == '*' {
		i++
	}
	return i == len(p)
}

// globOne returns the length of the first element of a pattern if that matches r, else 0.
func globOne(pattern []rune, r rune) int {
	switch {
	case len(pattern) == 0:
		return 0
	case pattern[0] == '[':
		return globClass(pattern, r)
	case pattern[0] == '?' || pattern[0] == r:
		return 1
	}
	return 0
}

// globClass is globOne for a pattern that begins with a bracket. A ] directly after [ or [^
// belongs to the class; so does a - at either end of it.
func globClass(pattern []rune, r rune) int {
	i := 1
	not := i < len(pattern) && pattern[i] == '^'
	if not {
		i++
	}
	var in bool
	low, first := rune(-1), i // of a range that may begin
	for ; i < len(pattern) && (pattern[i] != ']' || i == first); i++ {
		if pattern[i] == '-' && low >= 0 && i+1 < len(pattern) && pattern[i+1] != ']' {
			i++
			in = in || low <= r && r <= pattern[i]
			low = -1
			continue
		}
		in = in || pattern[i] == r
		if low = pattern[i]; i == first && low == ']' {
			low = -1
		}
	}
	if i == len(pattern) || in == not {
		return 0
	}
	return i + 1
}
