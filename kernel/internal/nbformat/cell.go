package nbformat

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// The kinds of cell.
const (
	Markdown = "markdown"
	Code     = "code"
	Raw      = "raw"
)

// Cell is one cell of a notebook.
type Cell struct {
	Type     string // Markdown, Code or Raw
	Source   string
	Metadata map[string]any

	// Only for code cells. ExecutionCount is nil if the cell was not executed.
	ExecutionCount *int
	Outputs        []*Output

	rest fields // id, attachments and unknown fields
}

// Tagged reports whether metadata.tags holds tag.
func (c *Cell) Tagged(tag string) bool {
	tags, _ := c.Metadata["tags"].([]any)
	return slices.Contains(tags, any(tag))
}

// Attachment returns the MIME bundle of a markdown cell's attachment, nil if it has none of
// that name.
func (c *Cell) Attachment(name string) map[string]any {
	all, _ := c.rest["attachments"].(fields)
	bundle, _ := all[name].(fields)
	return bundle
}

// Blank reports whether the cell has nothing to execute: Jupyter skips such cells.
func (c *Cell) Blank() bool { return strings.TrimSpace(c.Source) == "" }

func decodeCell(obj fields) (*Cell, error) {
	c := &Cell{rest: obj}
	var ok bool
	if c.Type, ok = obj["cell_type"].(string); !ok {
		return nil, fmt.Errorf("no cell_type")
	}
	source, err := joinText(obj["source"])
	if err != nil {
		return nil, fmt.Errorf("source: %w", err)
	}
	c.Source = source
	if c.Metadata, ok = takeObject(obj, "metadata"); !ok {
		return nil, fmt.Errorf("metadata is not an object")
	}
	if c.Type == Code {
		if n, ok := obj["execution_count"].(json.Number); ok {
			if i, err := strconv.Atoi(n.String()); err == nil {
				c.ExecutionCount = &i
			}
		}
		outputs, _ := obj["outputs"].([]any)
		for i, r := range outputs {
			o, err := decodeOutput(r)
			if err != nil {
				return nil, fmt.Errorf("output %d: %w", i+1, err)
			}
			c.Outputs = append(c.Outputs, o)
		}
		delete(obj, "execution_count")
		delete(obj, "outputs")
	}
	delete(obj, "cell_type")
	delete(obj, "source")
	return c, nil
}

func (c *Cell) encode() fields {
	obj := fields{}
	for k, v := range c.rest {
		obj[k] = v
	}
	obj["cell_type"] = c.Type
	obj["source"] = splitText(c.Source)
	obj["metadata"] = orEmpty(c.Metadata)
	if c.Type == Code {
		obj["execution_count"] = c.ExecutionCount
		outputs := make([]any, len(c.Outputs))
		for i, o := range c.Outputs {
			outputs[i] = o.encode()
		}
		obj["outputs"] = outputs
	}
	return obj
}
