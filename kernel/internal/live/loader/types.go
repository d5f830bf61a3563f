package loader

import "unsafe"

// descriptor is the beginning of internal/abi.Type of Go 1.26.
type descriptor struct {
	size, pointers uintptr
	hash           uint32
	flags          uint8
	align          uint8
	fieldAlign     uint8
	kind           uint8
	equal          unsafe.Pointer
	mask           unsafe.Pointer
	name           int32 // offset in the module
	pointerTo      int32
}

// Flags of a descriptor.
const (
	flagUncommon  = 1 << 0 // it has a method table
	flagExtraStar = 1 << 1 // its name begins with a * that is not part of it
	flagNamed     = 1 << 2 // it was declared
)

// at returns the descriptor at an address outside of Go's heap.
func at(address uintptr) *descriptor {
	return *(**descriptor)(unsafe.Pointer(&address))
}

// typeText returns the name of a type of a module.
func (t *descriptor) typeText(m *moduledata) string {
	s := nameText(unsafe.Pointer(at(m.types + uintptr(uint32(t.name)))))
	if t.flags&flagExtraStar != 0 && len(s) > 0 {
		return s[1:]
	}
	return s
}

// nameText returns the text of a name (internal/abi.Name: flags, length as a varint, text).
func nameText(name unsafe.Pointer) string {
	n, i := nameLength(name)
	return unsafe.String((*byte)(unsafe.Add(name, i)), n)
}

// nameLength returns the length of a name's text, and the offset of its start.
func nameLength(name unsafe.Pointer) (n, begin int) {
	begin = 1
	for shift := 0; ; shift += 7 {
		c := *(*byte)(unsafe.Add(name, begin))
		begin++
		n |= int(c&0x7f) << shift
		if c&0x80 == 0 {
			return n, begin
		}
	}
}
