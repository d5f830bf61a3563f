package plots

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/janpfeifer/gonb/gonbui/protocol"
)

// ErrNoNotebook reports that the program was not started by a GoNB notebook: write the
// figure with Render, or print it.
var ErrNoNotebook = errors.New("no notebook to display in: use Render or String")

// Display shows the figure below the running notebook cell, as text/html, with its tables as
// text/plain for front ends that do not show HTML. It returns once the notebook has received
// the figure. Outside a notebook it returns [ErrNoNotebook].
func (c Chart) Display() error { return display(c.Render, c.String()) }

// Display shows the table below the running notebook cell, as [Chart.Display] does.
func (t Table) Display() error { return display(t.Render, t.String()) }

func display(render func(io.Writer) error, plain string) error {
	if !gonbui.IsNotebook {
		return ErrNoNotebook
	}
	var html strings.Builder
	if err := render(&html); err != nil {
		return err
	}
	gonbui.SendData(&protocol.DisplayData{Data: map[protocol.MIMEType]any{
		protocol.MIMETextHTML:  html.String(),
		protocol.MIMETextPlain: plain,
	}})
	gonbui.Sync()
	if err := gonbui.Error(); err != nil {
		return fmt.Errorf("display in the notebook: %w", err)
	}
	return nil
}
