package jupyter

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/sdtlab/sdtlab/kernel/internal/nbformat"
)

// Collector turns the kernel's messages into the outputs of cells, as Jupyter does: text of
// one stream is joined, clear_output clears, and update_display_data changes every output
// with its display_id, in any cell.
type Collector struct {
	cells    map[string]*collected // by the request's msg_id
	displays map[string][]*nbformat.Output
}

type collected struct {
	cell    *nbformat.Cell
	clear   bool // at the next output
	changed func(*nbformat.Output)
}

// NewCollector returns a Collector without cells.
func NewCollector() *Collector {
	return &Collector{cells: map[string]*collected{}, displays: map[string][]*nbformat.Output{}}
}

// Begin empties the cell's outputs and adds the answers to request to them. changed, if not
// nil, is called with each output that is added to or changed.
func (c *Collector) Begin(request Message, cell *nbformat.Cell, changed func(*nbformat.Output)) {
	cell.Outputs, cell.ExecutionCount = nil, nil
	c.cells[request.Header.MsgID] = &collected{cell: cell, changed: changed}
}

// Show handles one message. It ignores messages of unknown requests and kinds that show
// nothing; content that does not fit its kind is an error.
func (c *Collector) Show(m Message) error {
	to := c.cells[m.Parent.MsgID]
	if to == nil {
		return nil
	}
	var content struct {
		Name, Text     string
		Data, Metadata map[string]any
		Transient      struct {
			DisplayID string `json:"display_id"`
		}
		ExecutionCount *int `json:"execution_count"`
		EName, EValue  string
		Traceback      []string
		Wait           bool
	}
	d := json.NewDecoder(bytes.NewReader(m.Content))
	d.UseNumber()
	if err := d.Decode(&content); err != nil {
		return fmt.Errorf("kernel sent %s: %w", m.Header.MsgType, err)
	}
	switch m.Header.MsgType {
	case "execute_input":
		to.cell.ExecutionCount = content.ExecutionCount
	case "stream":
		to.stream(content.Name, content.Text)
	case "display_data", "execute_result":
		o := &nbformat.Output{Type: m.Header.MsgType, Data: content.Data, Metadata: content.Metadata, ExecutionCount: content.ExecutionCount}
		if id := content.Transient.DisplayID; id != "" {
			c.displays[id] = append(c.displays[id], o)
		}
		to.add(o)
	case "update_display_data":
		for _, o := range c.displays[content.Transient.DisplayID] {
			o.Data, o.Metadata = content.Data, content.Metadata
			to.tell(o)
		}
	case "clear_output":
		if to.clear = content.Wait; !content.Wait {
			to.cell.Outputs = nil
		}
	case "error":
		to.add(&nbformat.Output{Type: nbformat.Error, EName: content.EName, EValue: content.EValue, Traceback: content.Traceback})
	}
	return nil
}

func (t *collected) add(o *nbformat.Output) {
	if t.clear {
		t.cell.Outputs, t.clear = nil, false
	}
	t.cell.Outputs = append(t.cell.Outputs, o)
	t.tell(o)
}

func (t *collected) stream(name, text string) {
	if n := len(t.cell.Outputs); n > 0 && !t.clear {
		if last := t.cell.Outputs[n-1]; last.Type == nbformat.Stream && last.Name == name {
			last.Text = nbformat.Append(last.Text, text)
			t.tell(last)
			return
		}
	}
	t.add(&nbformat.Output{Type: nbformat.Stream, Name: name, Text: nbformat.Append("", text)})
}

func (t *collected) tell(o *nbformat.Output) {
	if t.changed != nil {
		t.changed(o)
	}
}
