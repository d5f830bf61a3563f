package gonbpipe

import (
	"fmt"
	"strings"
	"sync"
)

// ids are the display ids that programs have used. With the first use of one something is
// displayed, with others that is changed. A zero one has none.
type ids struct {
	mu   sync.Mutex
	run  int               // counts cells that ran
	cell string            // the one that runs
	made map[string]string // the cell in which each was displayed
}

// scripts begins the ids by which gonbui/dom has scripts run: those that are displayed and
// taken away at once. Each process has one, and in a process that lives on, the place
// where it was first used may be gone. So each run of a cell has its own.
const scripts = "gonb_transient_js_"

// begin notes that a cell begins. What it displayed when it ran before has gone.
func (d *ids) begin(cell string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.run++
	d.cell = cell
	for id, of := range d.made {
		if of == cell && cell != "" || strings.HasPrefix(id, scripts) {
			delete(d.made, id)
		}
	}
}

// take returns the front end's id for a program's and tells whether it is new there.
func (d *ids) take(id string) (string, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if strings.HasPrefix(id, scripts) {
		id = fmt.Sprintf("%s_%d", id, d.run)
	}
	if _, ok := d.made[id]; ok {
		return id, false
	}
	if d.made == nil {
		d.made = map[string]string{}
	}
	d.made[id] = d.cell
	return id, true
}
