package browser

import (
	_ "embed"
	"time"
)

// Seen is what the figures of a page look like.
type Seen struct {
	Charts int      // places for a chart
	Drawn  int      // of them with a canvas of several colours
	Blank  []string // names of those without a canvas of several colours
	Notes  []string // what stands in those without a canvas
	Faint  []string // drawn, but without lettering that stands out from the page: 4.5 to 1, as WCAG has it
	Hidden int      // figures of no height
	Open   int      // tables unfolded
	Files  []string // echarts.min.js, each time that the page got it from somewhere
}

// Settled says whether each chart is drawn, or says why it is not.
func (s Seen) Settled() bool { return s.Drawn+len(s.Notes) == s.Charts && len(s.Faint) == 0 }

//go:embed look.js
var look string

// Look looks at the page's figures, again and again until they are as wanted, because the
// charts move into place and no event says that they are done. After a minute it returns
// them as they are.
func (p *Tab) Look(wanted func(Seen) bool) Seen {
	p.t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		var s Seen
		p.must(p.Value(&s, look))
		if wanted(s) || time.Now().After(deadline) {
			return s
		}
	}
}
