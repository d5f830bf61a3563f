package main

import "fmt"

// shard is one of count equal shares of a sweep, with index from 0, as in notebooks/reproduce.
type shard struct{ index, count int }

// parseShard reads "I/N".
func parseShard(text string) (s shard, err error) {
	if _, err := fmt.Sscanf(text, "%d/%d", &s.index, &s.count); err != nil || text != fmt.Sprintf("%d/%d", s.index, s.count) {
		return s, fmt.Errorf("--shard %q: want I/N, such as 0/3", text)
	}
	if s.index < 0 || s.index >= s.count {
		return s, fmt.Errorf("--shard %q: want I from 0 to N−1", text)
	}
	return s, nil
}

// has reports whether the point with the index i, from 0, is in the share.
func (s shard) has(i int) bool { return i%s.count == s.index }
