package loader

import (
	"strings"
	"unsafe"
)

//go:linkname uncommonOf internal/abi.(*Type).Uncommon
func uncommonOf(t *descriptor) *uncommon

//go:linkname resolveNameOff runtime.resolveNameOff
func resolveNameOff(in unsafe.Pointer, off int32) unsafe.Pointer

//go:linkname resolveTypeOff runtime.resolveTypeOff
func resolveTypeOff(in unsafe.Pointer, off int32) unsafe.Pointer

//go:linkname addReflectOff reflect.addReflectOff
func addReflectOff(p unsafe.Pointer) int32

// uncommon is internal/abi.UncommonType: it follows the descriptor of a type that is named
// or has methods.
type uncommon struct {
	path            int32
	count, exported uint16
	table           uint32 // offset from here
	_               uint32
}

// method is internal/abi.Method: offsets in the module of the descriptor.
type method struct {
	name, kind            int32
	byInterface, byMethod int32 // offsets of code
}

// unreachable is the offset of code that the linker has dropped.
const unreachable = -1

func (u *uncommon) methods() []method {
	if u == nil || u.count == 0 {
		return nil
	}
	return unsafe.Slice((*method)(unsafe.Add(unsafe.Pointer(u), u.table)), u.count)
}

const methodSize = 16 // bytes

// roomMethod begins the names of methods that types of cells have only so that there is a
// table to replace. They come last in a table, which is sorted by name.
const roomMethod = "\U00010597room"

// hideRooms removes these methods from the tables of a module, before anything can see
// them.
func (m *moduledata) hideRooms() {
	for _, off := range m.typelinks {
		t := at(m.types + uintptr(off))
		u := uncommonOf((*descriptor)(t))
		for methods := u.methods(); len(methods) > 0; methods = methods[:len(methods)-1] {
			if !strings.HasPrefix(nameText(resolveNameOff(unsafe.Pointer(t), methods[len(methods)-1].name)), roomMethod) {
				break
			}
			u.count--
		}
	}
}
