package main

import "fmt"

// shard is one of count equal shares of a sweep, with index from 0.
type shard struct{ index, count int }

// parseShard reads "I/N".
func parseShard(text string) (shard, error) {
	var s shard
	if n, err := fmt.Sscanf(text, "%d/%d", &s.index, &s.count); n != 2 || err != nil || text != fmt.Sprintf("%d/%d", s.index, s.count) {
		return shard{}, fmt.Errorf("shard %q: want I/N, such as 0/3", text)
	}
	if s.count < 1 || s.index < 0 || s.index >= s.count {
		return shard{}, fmt.Errorf("shard %q: want I from 0 to N−1", text)
	}
	return s, nil
}

// of returns the shard's cells. Cells with one run directory stay together: they share a
// pretraining, which one process runs once.
func (s shard) of(cells []cell) []cell {
	group := map[string]int{}
	var mine []cell
	for _, c := range cells {
		if _, seen := group[c.group()]; !seen {
			group[c.group()] = len(group)
		}
		if group[c.group()]%s.count == s.index {
			mine = append(mine, c)
		}
	}
	return mine
}
