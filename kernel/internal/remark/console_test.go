package remark

import (
	"strings"
	"testing"
	"time"
)

// A terminal shows only the last state, and it is gone when a line is said; a file gets a
// state every ten seconds.
func TestConsole(t *testing.T) {
	for _, row := range []struct {
		why  string
		term *Terminal
		want string
	}{
		{"terminal", &Terminal{Width: 12}, "\r\x1b[2Kstate 0\r\x1b[2Kstate 4\r\x1b[2Kstate 8\r\x1b[2Kstate 12\r\x1b[2Ka state to…\r\x1b[2Ksaid\nagain\n"},
		{"file", nil, "state 0\nstate 12\nsaid\nagain\n"},
	} {
		var b strings.Builder
		now := time.Unix(1000, 0)
		c := &Console{w: &b, terminal: row.term, clock: func() time.Time { return now }}
		if row.term != nil {
			row.term.W = &b
		}
		for _, state := range []string{"state 0", "state 4", "state 8", "state 12", "a state too long for it"} {
			c.Now(state)
			now = now.Add(4 * time.Second)
		}
		c.Say("said")
		c.Now("")
		c.Say("again")
		if got := b.String(); got != row.want {
			t.Errorf("%s: %q, want %q", row.why, got, row.want)
		}
	}
}
