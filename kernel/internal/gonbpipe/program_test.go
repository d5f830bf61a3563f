package gonbpipe

import (
	"encoding/gob"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/janpfeifer/gonb/gonbui/comms"
	"github.com/janpfeifer/gonb/gonbui/dom"
	"github.com/janpfeifer/gonb/gonbui/protocol"
	"github.com/janpfeifer/gonb/gonbui/widgets"
)

// programVariable names the program that this binary runs instead of tests.
const programVariable = "GONBPIPE_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if run := programs[os.Getenv(programVariable)]; run != nil {
		run()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// custom is a type that only the program knows.
type custom struct{ N int }

// programs do what cells could do. They print their progress on standard output.
var programs = map[string]func(){
	"shows": func() {
		gonbui.DisplayHTML("<b>1</b>")
		gonbui.DisplayMarkdown("*2*")
		gonbui.DisplayPNG([]byte{0x89, 'P', 'N', 'G'})
		gonbui.UpdateHTML("x", "first")
		gonbui.UpdateHTML("x", "second")
		gonbui.UpdateMarkdown("y", "other")
		gonbui.ScriptJavascript("run()")
		gonbui.SendData(&protocol.DisplayData{
			Data:     map[protocol.MIMEType]any{"application/json": []byte(`{"a":1}`), "text/plain": []byte("bytes"), "text/latex": "$x$"},
			Metadata: map[string]any{"width": 3},
		})
		gonbui.Sync()
		fmt.Println("synced")
		os.Stdin.Read(make([]byte, 1)) // lives on
	},
	"burst": func() {
		for i := range 1000 {
			gonbui.DisplayHTML(fmt.Sprint(i))
		}
		fmt.Println("done")
		os.Stdin.Read(make([]byte, 1))
	},
	"one": func() {
		gonbui.DisplayHTML("one")
		gonbui.Sync()
	},
	"asks": func() {
		gonbui.RequestInput("name?", false)
		gonbui.RequestInput("secret?", true)
		fmt.Println("asked")
		os.Stdin.Read(make([]byte, 1))
	},
	"half": func() {
		there := raw()
		encoder := gob.NewEncoder(there)
		encoder.Encode(&protocol.DisplayData{Data: map[protocol.MIMEType]any{"text/html": "whole"}})
		there.Write([]byte{0xfe, 0x10, 0x00, 1, 2, 3}) // 4096 bytes should follow
	},
	"garbage": func() {
		raw().Write([]byte{0x80, 0xff, 0xfe, 0x01, 'g', 'a', 'r', 'b', 'a', 'g', 'e'})
	},
	"one way": func() {
		if _, err := os.OpenFile(os.Getenv(protocol.GONB_PIPE_ENV), os.O_WRONLY, 0); err != nil {
			panic(err)
		}
		time.Sleep(20 * time.Millisecond)
	},
	"own type": func() {
		gob.Register(custom{})
		gonbui.SendData(&protocol.DisplayData{Data: map[protocol.MIMEType]any{"text/html": custom{1}}})
		gonbui.DisplayHTML("after")
		gonbui.Sync()
	},
	"deaf": func() {
		there := raw()
		encoder := gob.NewEncoder(there)
		encoder.Encode(&protocol.DisplayData{Data: map[protocol.MIMEType]any{
			protocol.MIMECommSubscribe: &protocol.CommSubscription{Address: "/flood"}}})
		encoder.Encode(&protocol.DisplayData{Data: map[protocol.MIMEType]any{"text/html": "subscribed"}})
		fmt.Println("subscribed")
		os.Stdin.Read(make([]byte, 1))
	},
	"button": func() {
		b := widgets.Button("go").WithHtmlId("b").Done()
		clicks := b.Listen()
		gonbui.DisplayHTML("ready")
		gonbui.DisplayHTMLF("clicked %d", <-clicks.C)
		gonbui.DisplayHTMLF("clicked %d", <-clicks.C)
		gonbui.Sync()
	},
	"slider": func() {
		root := dom.CreateTransientDiv()
		s := widgets.Slider(0, 10, 7).WithHtmlId("s").AppendTo(root).Done()
		moves := s.Listen()
		gonbui.DisplayHTML("ready")
		gonbui.DisplayHTMLF("moved to %d", <-moves.C)
		comms.Send(s.Address(), 0) // SetValue does that, and has a data race of its own
		gonbui.DisplayHTMLF("reads %d", comms.ReadValue[int](s.Address()))
		gonbui.Sync()
	},
	"lists": func() {
		values := comms.Listen[[]float64]("/list")
		names := comms.Listen[map[string]string]("/names")
		dom.TransientJavascript(`gonb_comm.send("/list", [1, 2.5]); gonb_comm.send("/names", {a: "b"});`)
		gonbui.DisplayHTMLF("%v %v", <-values.C, <-names.C)
		gonbui.Sync()
	},
}

// raw opens the pipes as gonbui does.
func raw() *os.File {
	there, err := os.OpenFile(os.Getenv(protocol.GONB_PIPE_ENV), os.O_WRONLY, 0)
	if err != nil {
		panic(err)
	}
	back, err := os.OpenFile(os.Getenv(protocol.GONB_PIPE_BACK_ENV), os.O_RDONLY, 0)
	if err != nil {
		panic(err)
	}
	keep = append(keep, back)
	return there
}

var keep []*os.File
