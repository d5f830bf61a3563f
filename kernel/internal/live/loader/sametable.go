package loader

import (
	"unsafe"

	"github.com/sdtlab/sdtlab/kernel/internal/live/host"
)

// Two values of one interface type are equal only if they have the same method table. The
// runtime creates tables as it needs them, and a cell has its own tables for the pairs of
// type and interface in its code. If the runtime created one first, the cell must use that
// one.

//go:linkname findTable runtime.(*itabTableType).find
func findTable(all unsafe.Pointer, inter, of *descriptor) *itab

// useFirst makes the plugin use the tables that exist already.
func useFirst(handle uintptr, tables []host.Table) {
	for _, t := range tables {
		own := (*itab)(lookup(handle, t.Symbol))
		if own == nil {
			continue
		}
		first := findTable(unsafe.Pointer(itabTable), own.inter, own.of)
		if first == nil {
			continue
		}
		base := uintptr(unsafe.Pointer(own)) - uintptr(t.Value)
		for _, offset := range t.Uses {
			*(**itab)(unsafe.Pointer(at(base + uintptr(offset)))) = first
		}
	}
}
