// Package nbformat reads and writes Jupyter notebooks, format 4.
//
// It keeps what it does not know: fields of the notebook, of a cell or of an output that
// have no Go field here are written back as they were read. Files are written as Jupyter
// writes them (keys sorted, indent of one space, text as lists of lines, a newline at the
// end), so that a rewritten notebook differs only where it was changed.
//
// https://nbformat.readthedocs.io/en/latest/format_description.html
//
//	cell, output   the parts of a notebook; text, how strings are split
//	stream, colour what a terminal would leave of text, and its colours
//	language       of the code
package nbformat

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// Notebook is one .ipynb file.
type Notebook struct {
	Metadata map[string]any
	Cells    []*Cell

	rest fields // nbformat, nbformat_minor and unknown fields
}

// fields is a JSON object as decoded by encoding/json, with numbers kept as they were
// written.
type fields = map[string]any

// Read reads a notebook from a file; the error names it.
func Read(path string) (*Notebook, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read notebook: %w", err)
	}
	nb, err := Decode(data)
	if err != nil {
		return nil, fmt.Errorf("read notebook %s: %w", path, err)
	}
	return nb, nil
}

// Decode reads a notebook of format 4, any minor version. Anything else is an error, which
// names the invalid cell.
func Decode(data []byte) (*Notebook, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var top fields
	if err := d.Decode(&top); err != nil {
		return nil, fmt.Errorf("not JSON: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("not a notebook: more text after its closing brace")
	}
	if top["nbformat"] == nil {
		return nil, errors.New("not a notebook: it has no nbformat")
	}
	if v, _ := top["nbformat"].(json.Number); v.String() != "4" {
		return nil, fmt.Errorf("nbformat is %v, want 4: open it in Jupyter and save it again", top["nbformat"])
	}
	raw, ok := top["cells"].([]any)
	if !ok {
		return nil, fmt.Errorf("no list of cells")
	}
	nb := &Notebook{rest: top}
	if nb.Metadata, ok = takeObject(top, "metadata"); !ok {
		return nil, fmt.Errorf("metadata is not an object")
	}
	delete(top, "cells")
	for i, r := range raw {
		obj, ok := r.(fields)
		if !ok {
			return nil, fmt.Errorf("cell %d is not an object", i+1)
		}
		c, err := decodeCell(obj)
		if err != nil {
			return nil, fmt.Errorf("cell %d: %w", i+1, err)
		}
		nb.Cells = append(nb.Cells, c)
	}
	return nb, nil
}

// Encode returns the notebook as Jupyter writes it.
func (nb *Notebook) Encode() ([]byte, error) {
	top := fields{}
	for k, v := range nb.rest {
		top[k] = v
	}
	top["metadata"] = orEmpty(nb.Metadata)
	cells := make([]any, len(nb.Cells))
	for i, c := range nb.Cells {
		cells[i] = c.encode()
	}
	top["cells"] = cells
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(top); err != nil {
		return nil, fmt.Errorf("encode notebook: %w", err)
	}
	return buf.Bytes(), nil
}

// takeObject removes key from obj and returns its object; a missing or null one is empty.
func takeObject(obj fields, key string) (fields, bool) {
	v := obj[key]
	delete(obj, key)
	if v == nil {
		return fields{}, true
	}
	m, ok := v.(fields)
	return m, ok
}

func orEmpty(m fields) fields {
	if m == nil {
		return fields{}
	}
	return m
}
