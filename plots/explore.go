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

// Explore shows the figure as [Chart.Display] does. Where its slider can take any value, as
// that of [SoftLabelsByTemperature] can, the program answers by gonbui's comms for the
// values between those in the figure, until ctx is done or the program ends: in JupyterLab
// on the kernel sdt, whose program lives on after the cell. Anywhere else (stock GoNB, VS
// Code, a report) the slider goes through the values that are in the figure.
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

// canAnswer tells whether a front end can ask this program when the cell is done. The kernel
// names itself to programs where a front end can open comms. GoNB does so too, but there a
// program ends with its cell, as the folder for its code shows; and to listen would hold up
// the cell where no browser is.
func canAnswer() bool {
	_, ends := os.LookupEnv(protocol.GONB_TMP_DIR_ENV)
	return !ends && os.Getenv(protocol.GONB_JUPYTER_KERNEL_ID_ENV) != ""
}

// reply answers the script's question, a value of the slider, in JSON. Any other question,
// such as its first, and values outside the slider's, get a greeting.
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
