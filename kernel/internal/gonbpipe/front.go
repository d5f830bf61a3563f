package gonbpipe

import (
	"crypto/rand"
	"maps"
	"slices"
	"sync"
	"time"
)

// target is the name of comms that the script in the front end opens.
const target = "gonb_comm"

// helloAddress is the address of the script's own messages.
const helloAddress = "#hello" // the script is still there

// front is what is known about the script in the front ends that connects widgets and
// programs: whether it is there, and the comms that it has opened.
//
// Nothing waits for the script: messages from before it loads are sent when it does.
type front struct {
	kernel  string
	session string // distinguishes this process's script from others
	out     Output

	mu      sync.Mutex
	comms   []string // open ones, by id, oldest first
	heard   time.Time
	script  string // the display id of the script, until it answers
	shown   time.Time
	tried   bool // in this cell
	said    bool // the user knows that widgets cannot send values back
	pending []map[string]any
}

// Limits on what is known about front ends.
const (
	quiet        = time.Second // then the script is asked whether it is still there
	retry        = 30 * time.Second
	commLimit    = 16 // each reload of a page leaves one behind
	pendingLimit = 256
)

func newFront(kernel string, out Output) *front {
	return &front{kernel: kernel, session: rand.Text(), out: out}
}

// begin marks the start of a cell.
func (f *front) begin() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tried = false
	f.erase()
}

func (f *front) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.erase()
	for _, id := range f.comms {
		f.out.Comm(Comm{Type: "comm_close", ID: id})
	}
	f.comms = nil
}

// need makes sure that the script runs in the front end. A script that is already there
// says so when it is displayed again.
func (f *front) need() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.kernel == "" {
		if !f.said {
			f.said = true
			f.out.Stream("stderr", "gonbui: widgets need the Jupyter server's id of this kernel, which is unknown here\n")
		}
		return
	}
	there := len(f.comms) > 0
	if there && (f.tried || time.Since(f.heard) < quiet) || !there && f.tried && time.Since(f.shown) < retry {
		return
	}
	f.erase()
	f.script, f.shown, f.tried = "gonb_comm_"+rand.Text(), time.Now(), true
	f.out.Display(map[string]any{"text/html": script(f.kernel, f.session)}, nil, f.script)
}

// erase removes the script from the notebook, which must not keep it.
func (f *front) erase() {
	if f.script != "" {
		f.out.Update(map[string]any{"text/html": ""}, nil, f.script)
		f.script = ""
	}
}

// send sends data to the script in each front end, now and when another loads.
func (f *front) send(data map[string]any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.kernel == "" {
		return
	}
	if f.script != "" || len(f.comms) == 0 {
		if len(f.pending) >= pendingLimit {
			f.pending = f.pending[1:]
		}
		f.pending = append(f.pending, data)
	}
	for _, id := range f.comms {
		f.out.Comm(Comm{Type: "comm_msg", ID: id, Data: data})
	}
}

// message receives a message of a front end. It returns the value in it, if the address is
// not empty, and whether the message belongs to one of our comms.
func (f *front) message(m Comm) (address string, value any, ours bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	known := slices.Contains(f.comms, m.ID)
	switch m.Type {
	case "comm_open":
		if m.Target != target {
			return "", nil, false
		}
		if !known {
			f.comms = append(f.comms, m.ID)
			f.comms = f.comms[max(0, len(f.comms)-commLimit):]
		}
		for _, data := range f.pending {
			f.out.Comm(Comm{Type: "comm_msg", ID: m.ID, Data: maps.Clone(data)})
		}
		f.alive()
		return "", nil, true
	case "comm_close":
		f.comms = slices.DeleteFunc(f.comms, func(id string) bool { return id == m.ID })
		if len(f.comms) == 0 {
			f.tried = false
		}
		return "", nil, known
	case "comm_msg":
		if !known {
			return "", nil, false
		}
		f.alive()
		if address, _ = m.Data["address"].(string); address == helloAddress {
			address = ""
		}
		return address, fromJSON(m.Data["value"]), true
	}
	return "", nil, false
}

// alive records that the script has answered.
func (f *front) alive() {
	f.heard, f.pending = time.Now(), nil
	f.erase()
}
