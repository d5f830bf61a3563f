package server

import (
	"fmt"
	"maps"
	"sync"

	"github.com/sdtlab/sdtlab/kernel/internal/eval"
)

// comms are the comms that are open, whoever opened them. A zero one has none.
type comms struct {
	mu      sync.Mutex
	targets map[string]string // by id
}

// note follows what a message says and tells whether the message makes sense.
func (c *comms) note(m eval.Comm) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, open := c.targets[m.ID]
	switch {
	case m.ID == "":
		return fmt.Errorf("%s: no comm_id", m.Type)
	case m.Type == "comm_open":
		if c.targets == nil {
			c.targets = map[string]string{}
		}
		c.targets[m.ID] = m.Target
		return nil
	case m.Type != "comm_msg" && m.Type != "comm_close":
		return fmt.Errorf("%q is no type of comm messages", m.Type)
	case !open:
		return fmt.Errorf("%s: no comm %q is open", m.Type, m.ID)
	case m.Type == "comm_close":
		delete(c.targets, m.ID)
	}
	return nil
}

// list returns the target of each comm by its id, of all or of those of one target.
func (c *comms) list(target *string) map[string]any {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := map[string]any{}
	for id, t := range maps.All(c.targets) {
		if target == nil || *target == t {
			all[id] = map[string]any{"target_name": t}
		}
	}
	return all
}
