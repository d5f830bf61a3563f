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
	cells   func(ctx context.Context, o options) ([]cell, error)

	settings bool // columns are settings, not methods of which a validator has chosen the setting

	published map[string]map[sdt.Method]string // figures of others, percent, by problem
	average   []string                         // problems of which a last row has the average; nil: no such row
	notes     []string                         // sentences below the table
}

var tables = map[string]table{
	"1":                     {title: "Office-31, supervised", trials: 5, network: "caffenet", cells: supervisedCells, published: publishedSupervised, average: shifts("")},
	"2":                     {title: "Office-31, held-out classes", trials: 5, network: "caffenet", cells: heldOutCells, published: publishedHeldOut, average: shifts(heldOut)},
	"cross":                 {title: "Two folders of images", trials: 5, network: "caffenet", folders: true, cells: crossCells, notes: crossNotes},
	"glyphs":                {title: "Glyphs31", trials: 3, cells: glyphCells},
	"digits":                {title: "MNIST and USPS, LeNet", trials: 5, cells: digitCells, published: publishedDigits},
	"office-caltech":        {title: "Office-Caltech-10, GoogLeNet features", trials: 20, cells: officeCaltechFeatures},
	"stability":             {title: "Office-Caltech-10, GoogLeNet features", trials: 5, cells: stabilityCells, settings: true},
	"office-caltech-images": {title: "Office-Caltech-10, images", trials: 5, network: "convnet", cells: officeCaltechImages},
}

// heldOut ends the name of a problem that is reported on classes without labelled target
// examples.
const heldOut = ", held-out classes"
