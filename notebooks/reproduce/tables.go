package main

// tables are the tables by their names for -table.
var tables = map[string]table{
	"1":                     {data: true, title: "Office-31, supervised", trials: 5, network: "caffenet", cells: supervisedCells, published: publishedSupervised, averages: []averaged{{averageRow, shifts("")}}, notes: publishedOthers},
	"2":                     {data: true, title: "Office-31, held-out classes", trials: 5, network: "caffenet", cells: heldOutCells, published: publishedHeldOut, averages: []averaged{{averageRow, shifts(heldOut)}}},
	"office":                {data: true, titled: officeTitle, byMethod: true, trials: 5, network: "efficientnet-lite0", cells: officeCells, published: publishedBoth, averages: []averaged{{averageRow, shifts("")}, {averageRow + heldOut, shifts(heldOut)}}, notes: publishedOthers},
	"cross":                 {title: "Two folders of images", trials: 5, network: "caffenet", folders: true, cells: crossCells, notes: crossNotes},
	"glyphs":                {title: "Glyphs31", trials: 3, cells: glyphCells},
	"digits":                {data: true, title: "MNIST and USPS, LeNet", trials: 5, cells: digitCells, published: publishedDigits},
	"office-caltech":        {data: true, values: true, title: "Office-Caltech-10, GoogLeNet features", trials: 20, cells: officeCaltechFeatures},
	"stability":             {data: true, values: true, title: "Office-Caltech-10, GoogLeNet features", trials: 5, cells: stabilityCells, settings: true},
	"office-caltech-images": {data: true, title: "Office-Caltech-10, images", trials: 5, network: "convnet", cells: officeCaltechImages},
}
