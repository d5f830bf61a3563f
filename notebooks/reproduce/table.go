package main

import (
	"context"

	"github.com/sdtlab/sdtlab/sdt"
)

// table defines one table and its cells.
type table struct {
	title   string
	titled  func(o options) (string, error) // the title; nil: title and the network's
	trials  int                             // by default
	network string                          // the default of -network; "": the table has its own network
	folders bool                            // it uses the two folders that the user names
	data    bool                            // it uses sets in the data folder
	values  bool                            // its examples are features, not images
	cells   func(ctx context.Context, o options) ([]cell, error)

	settings bool // columns are settings, not methods with a setting chosen by a validator

	published map[string]map[sdt.Method]string // figures of others, percent, by problem
	averages  []averaged                       // last rows
	byMethod  bool                             // a row for each method, a table for each average's problems: for many methods
	notes     []string                         // sentences below the table
}

// heldOut ends the name of a problem reported on classes without labelled target examples.
const heldOut = ", held-out classes"
