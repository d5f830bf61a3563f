package server

import (
	"fmt"
	"maps"
	"sync"

	"github.com/sdtlab/sdtlab/kernel/internal/eval"
)

// comms are the open comms, whichever side opened them. The zero value has none.
type comms struct {
	mu      sync.Mutex
	targets map[string]string // by id
}

// note records the effect of a message and returns an error if the message makes no sense.
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
		return fmt.Errorf("%q is not a type of comm message", m.Type)
	case !open:
		return fmt.Errorf("%s: no comm %q is open", m.Type, m.ID)
	case m.Type == "comm_close":
		delete(c.targets, m.ID)
	}
	return nil
}

// list returns the target of each comm by its id, for all comms or those of one target.
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
