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

// Addresses of the script's own messages.
const helloAddress = "#hello" // it is there still

// front is what is known of the script in the front ends by which widgets and programs
// hear from each other: whether it is there, and the comms that it has opened.
//
// Nothing waits for it: what is sent before it is there goes to it when it comes.
type front struct {
	kernel  string
	session string // tells this process's script from those of others
	out     Output

	mu      sync.Mutex
	comms   []string // open ones, by id, oldest first
	heard   time.Time
	script  string // the display id of the script, while it has not answered
	shown   time.Time
	tried   bool // in this cell
	said    bool // that there is no way back
	pending []map[string]any
}

// Limits of what is known of front ends.
const (
	quiet        = time.Second // after that, a script is asked whether it is still there
	retry        = 30 * time.Second
	commLimit    = 16 // each page that is reloaded leaves one behind
	pendingLimit = 256
)

func newFront(kernel string, out Output) *front {
	return &front{kernel: kernel, session: rand.Text(), out: out}
}

// begin says that a cell begins.
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

// need sees to it that the script runs in the front end. A script that is there says so
// when it comes again.
func (f *front) need() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.kernel == "" {
		if !f.said {
			f.said = true
			f.out.Stream("stderr", "gonbui: widgets need the id that the Jupyter server has for this kernel, which is not known here\n")
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

// erase takes the script out of the notebook, which is not to keep it.
func (f *front) erase() {
	if f.script != "" {
		f.out.Update(map[string]any{"text/html": ""}, nil, f.script)
		f.script = ""
	}
}

// send sends data to the script in each front end, now and when it comes.
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

// message takes a message of a front end. It returns the value that it brings, if the
// address is not empty, and whether the message is of one of our comms.
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

// alive notes that the script has answered.
func (f *front) alive() {
	f.heard, f.pending = time.Now(), nil
	f.erase()
}
