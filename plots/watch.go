package plots

import (
	"fmt"
	"io"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/janpfeifer/gonb/gonbui/protocol"

	"github.com/sdtlab/sdtlab/sdt"
)

// Watch is [Follow] for a stage whose curves the notebook shows itself when it is done. While
// the stage trains it draws them; when the stage is done, one line stands in their place. If
// it is interrupted or fails, the curves so far stay. Of a stage that is loaded nothing is
// shown: on GoNB that happens in each later cell.
//
// Outside a notebook it is [sdt.Bar] on w, which leaves loaded stages out too.
func Watch(w io.Writer) func(sdt.Progress) {
	f := newFollower(w)
	if !gonbui.IsNotebook {
		f.broken, f.bar = true, sdt.Bar(w)
	}
	return f.watch
}

// watch is report without a figure of what is done.
func (f *follower) watch(p sdt.Progress) {
	switch {
	case p.Loaded:
	case f.broken, !p.Ended, p.Step < p.Steps:
		f.report(p)
	case f.id == "": // too short for curves
		fmt.Fprintln(f.w, p)
	default:
		f.send(&protocol.DisplayData{DisplayID: f.id, Data: map[protocol.MIMEType]any{protocol.MIMETextPlain: p.String()}})
		f.close()
	}
}
