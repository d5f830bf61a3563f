package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/jupyter"
	"github.com/sdtlab/sdtlab/kernel/internal/nbformat"
	"github.com/sdtlab/sdtlab/kernel/internal/report"
)

// cellError says which cell failed, where and why.
type cellError struct {
	notebook string
	cell     int // n-th code cell that is not blank
	at       int // the cell that the line is in: functions of earlier cells fail too
	line     int // 1-based, 0 where it is not known
	source   string
	reason   string
}

func newCellError(notebook string, n int, c *nbformat.Cell, r jupyter.Reply, err error) *cellError {
	e := &cellError{notebook: notebook, cell: n, at: n, source: c.Source}
	if err != nil {
		e.reason = err.Error()
		return e
	}
	e.reason = r.EValue
	return e
}

func (e *cellError) Error() string { return fmt.Sprintf("%s: cell %d: %s", e.notebook, e.cell, e.reason) }

var _ = regexp.MustCompile
var _ = strconv.Atoi
var _ = strings.Cut
var _ = report.X
