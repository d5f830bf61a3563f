package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// The grid is the product in the order given, the last parameter changing fastest.
func TestGrid(t *testing.T) {
	nb := tagged("var lambda = 0.1\nvar seed = 1\nvar name = \"x\"\nvar l []string")
	for _, row := range []struct {
		why   string
		typed []string
		want  []string // points; one that starts with "!" is an error
	}{
		{"two", []string{"seed=1..2", "lambda=0.1,1"}, []string{"seed=1, lambda=0.1", "seed=1, lambda=1", "seed=2, lambda=0.1", "seed=2, lambda=1"}},
		{"intervals among values, from below zero", []string{"seed=-1..1,7"}, []string{"seed=-1", "seed=0", "seed=1", "seed=7"}},
		{"an interval of numbers", []string{"lambda=1..2"}, []string{"lambda=1", "lambda=2"}},
		{"a text that looks like an interval, and one with a comma", []string{`name=1..2,"a,b"`}, []string{"name=1..2", "name=a,b"}},
		{"an empty text", []string{"name="}, []string{"name="}},
		{"a list is one value", []string{"l=a,b", "seed=1,2"}, []string{"l=a,b, seed=1", "l=a,b, seed=2"}},
		{"the same number twice", []string{"lambda=1,1.0"}, []string{"!the value 1.0 is there twice"}},
		{"an interval that never ends", []string{"seed=1..9223372036854775807"}, []string{"!at most 10000"}},
		{"nor does this", []string{"seed=-9223372036854775808..9223372036854775807"}, []string{"!at most 10000"}},
		{"a large product", []string{"seed=1..101", "lambda=1..101"}, []string{"!more than 10000 points"}},
		{"no such variable", []string{"sed=1"}, []string{"!it has lambda, seed, name, l"}},
	} {
		typed, err := assignments(row.typed)
		if err != nil {
			t.Fatal(err)
		}
		points, err := grid(nb, typed)
		var got []string
		for _, p := range points {
			got = append(got, p.String())
		}
		if err != nil {
			got = []string{"!" + err.Error()}
		}
		if refused := strings.TrimPrefix(row.want[0], "!"); refused != row.want[0] {
			if err == nil || !strings.Contains(got[0], refused) {
				t.Errorf("%s: %q, want an error: %q", row.why, got, refused)
			}
		} else if !slices.Equal(got, row.want) {
			t.Errorf("%s: %q, want %q", row.why, got, row.want)
		}
	}
}

// A folder's name has the point's parameters, whatever their order, and is no other point's.
func TestFolders(t *testing.T) {
	at := func(typed ...string) string {
		p, err := assignments(typed)
		if err != nil {
			t.Fatal(err)
		}
		return point(p).folder()
	}
	if a, b := at("seed=3", "lambda=0.1"), at("lambda=0.1", "seed=3"); a != "lambda=0.1,seed=3" || b != a {
		t.Errorf("the folders are %q and %q", a, b)
	}
	long := strings.Repeat("é", 200)
	seen := map[string]bool{}
	for _, name := range []string{"a b", "a-b", "a/b", "../b", long, long + "x", ""} {
		f := at("name=" + name)
		if seen[f] || len(f) > 140 || strings.ContainsAny(f, `/\ `) {
			t.Errorf("the folder of %q is %q, which is another's too, or is no name", name, f)
		}
		seen[f] = true
	}
}

// Shares are equal, and have each point once.
func TestShards(t *testing.T) {
	count := map[int]int{}
	for i := range 3 {
		s, err := parseShard(fmt.Sprintf("%d/3", i))
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for p := range 7 {
			if s.has(p) {
				count[p]++
				n++
			}
		}
		if n != 2 && n != 3 {
			t.Errorf("share %d has %d of 7 points", i, n)
		}
	}
	if len(count) != 7 || slices.Max(slices.Collect(maps.Values(count))) != 1 {
		t.Errorf("the points are in %v shares", count)
	}
	for _, wrong := range []string{"", "1", "3/3", "-1/3", "0/0", "1/3x", "01/3"} {
		if _, err := parseShard(wrong); err == nil {
			t.Errorf("%q is a share", wrong)
		}
	}
}
