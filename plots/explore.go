package plots

import (
	"context"
	"math"
	"os"
	"strconv"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/janpfeifer/gonb/gonbui/comms"
	"github.com/janpfeifer/gonb/gonbui/protocol"
)

// Explore shows the figure as [Chart.Display] does. If its slider accepts any value, as that of
// [SoftLabelsByTemperature] does, the program computes the values between those in the figure,
// through gonbui's comms, until ctx is done or the program ends. This works in JupyterLab on
// the kernel sdt, where the program outlives the cell. Elsewhere (stock GoNB, VS Code, a
// report) the slider only has the values that are in the figure.
//
// It returns when the figure is shown. Outside a notebook it returns [ErrNoNotebook].
func (c Chart) Explore(ctx context.Context) error {
	if c.choices == nil || c.choices.answer == nil || !gonbui.IsNotebook || !canAnswer() {
		return c.Display()
	}
	own := *c.choices
	own.Address = "/sdt/" + c.ID()
	c.choices = &own
	heard := comms.Subscribe(own.Address, func(_ string, question string) {
		comms.Send(own.Address+"/answer", c.choices.reply(c.title, question))
	})
	context.AfterFunc(ctx, func() { comms.Unsubscribe(heard) })
	return c.Display()
}

// canAnswer reports whether a front end can reach this program after the cell is done. The
// kernel gives programs its name if a front end can open comms. So does GoNB, but there a
// program ends with its cell, which the folder for its code reveals; and listening would delay
// the cell if there is no browser.
func canAnswer() bool {
	_, ends := os.LookupEnv(protocol.GONB_TMP_DIR_ENV)
	return !ends && os.Getenv(protocol.GONB_JUPYTER_KERNEL_ID_ENV) != ""
}

// reply answers the script's question, a value of the slider, in JSON. Any other question, such
// as its first one, and values outside the slider's range, get a greeting.
func (c *choices) reply(title, question string) string {
	value, err := strconv.ParseFloat(question, 64)
	if first, last := c.All[0].Value, c.All[len(c.All)-1].Value; err != nil || math.IsNaN(value) || value < first || value > last {
		return `{"hello":true}`
	}
	v := c.answer(value)
	s := v.shown(title)
	for _, t := range v.Tables {
		s.Tables += t.HTML()
	}
	return toJSON(s)
}
