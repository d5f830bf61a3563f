package main

import (
	"context"

	"github.com/sdtlab/sdtlab/sdt"
)

// table makes the cells of one table.
type table struct {
	title   string
	trials  int    // by default
	network string // by default, of those that -network chooses among; "": the table has one of its own
	folders bool   // it is of the two folders that the user names
	data    bool   // it is of sets in the directory of data
	cells   func(ctx context.Context, o options) ([]cell, error)

	settings bool // columns are settings, not methods of which a validator has chosen the setting

	published map[string]map[sdt.Method]string // figures of others, percent, by problem
	average   []string                         // problems of which a last row has the average; nil: no such row
	notes     []string                         // sentences below the table
}

// heldOut ends the name of a problem that is reported on classes without labelled target
// examples.
const heldOut = ", held-out classes"
