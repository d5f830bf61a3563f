package toolchain

import (
	"strings"
	"testing"
	"time"
)

// The count is of what is compiled: not of what is in the cache, but of what has been
// compiled when the list comes.
func TestTallyCounts(t *testing.T) {
	begin := time.Unix(1000, 0)
	c := &tally{cores: 2}
	c.begin("a", begin)
	if got, want := c.state(begin.Add(time.Minute)), ""; got != want {
		t.Errorf("without a list: %q, want %q", got, want)
	}
	c.expect([]expected{{"a", false, 100}, {"b", true, 100}, {"c", true, 200}, {"cached", false, 1e9}})
	c.begin("b", begin.Add(time.Second))
	if got, want := c.state(begin.Add(time.Second)), "compiling 2 of 3 packages"; got != want {
		t.Errorf("after 1 s: %q, want %q", got, want)
	}
	c.begin("c", begin.Add(4*time.Second))
	if got, want := c.state(begin.Add(4*time.Second)), "compiling 3 of 3 packages"; got != want {
		t.Errorf("after 4 s: %q, want %q", got, want)
	}
	c.begin("unlisted", begin.Add(20*time.Second))
	if got, want := c.state(begin.Add(4*time.Second)), "compiling 4 of 4 packages"; got != want {
		t.Errorf("with a package that is not in the list: %q, want %q", got, want)
	}
}

// The time left is in proportion to the costs: by hand, with one core.
func TestTallyTimeLeft(t *testing.T) {
	begin := time.Unix(1000, 0)
	for _, row := range []struct {
		why     string
		started string
		after   time.Duration
		want    time.Duration
	}{
		{"half of a (50) in 10 s leaves 950 of 1000", "a", 10 * time.Second, 190 * time.Second},
		{"a and half of b (250) in 10 s leave 750", "a b", 10 * time.Second, 30 * time.Second},
		{"a, b, d and half of c (570) in 57 s leave 430", "a b d c", 57 * time.Second, 43 * time.Second},
		{"too early", "a b", 4 * time.Second, -1},
		{"too little: 10 of 1000", "d", 10 * time.Second, -1},
	} {
		c := &tally{cores: 1}
		for p := range strings.FieldsSeq(row.started) {
			c.begin(p, begin)
		}
		c.expect([]expected{{"a", true, 100}, {"b", true, 300}, {"c", true, 300}, {"d", true, 20}, {"e", true, 280}})
		if got := c.left(begin.Add(row.after)); got != row.want {
			t.Errorf("%s: %v, want %v", row.why, got, row.want)
		}
	}
}

func TestRoundedLeft(t *testing.T) {
	for _, row := range []struct {
		left time.Duration
		want string
	}{
		{-1, ""},
		{0, "a few seconds left"},
		{5 * time.Second, "a few seconds left"},
		{5001 * time.Millisecond, "about 10 s left"},
		{50 * time.Second, "about 50 s left"},
		{51 * time.Second, "about 1 min left"},
		{61 * time.Second, "about 1 min 20 s left"},
		{97 * time.Second, "about 1 min 40 s left"},
		{5 * time.Minute, "about 5 min left"},
		{301 * time.Second, "about 6 min left"},
		{time.Hour, "about 60 min left"},
		{time.Hour + 1, ""},
	} {
		if got := roundedLeft(row.left); got != row.want {
			t.Errorf("%v: %q, want %q", row.left, got, row.want)
		}
	}
}
