package gonbpipe

import (
	"fmt"
	"strings"
	"sync"
)

// ids are the display ids that programs have used. The first use of an id displays
// something, later ones change it. The zero value has none.
type ids struct {
	mu   sync.Mutex
	run  int               // the number of cells that ran
	cell string            // the running cell
	made map[string]string // the cell that displayed each
}

// scripts begins the ids with which gonbui/dom runs scripts, which are displayed and
// removed at once. Each process has one such id, and in a process that survives the cell,
// the place where it was first used may be gone. So each run of a cell has its own.
const scripts = "gonb_transient_js_"

// begin marks the start of a cell. What its earlier run displayed is gone.
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

// take returns the front end's id for a program's id and reports whether it is new there.
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
