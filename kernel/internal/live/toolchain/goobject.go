package toolchain

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Go's object files, cmd/internal/goobj: they are members of an archive, and each has a
// header with the offsets of its blocks. The layout is Go 1.26's; another layout has
// another magic number.
const (
	archiveMagic = "!<arch>\n"
	objectMagic  = "\x00go120ld"

	blockDefined = 3  // symbols that the package defines, by index
	blockUnnamed = 6  // other symbols that it defines, by name
	blockRefs    = 7  // symbols that other packages define, by name
	blockRelocs  = 14 // references from the data of symbols
	symbolSize   = 21
	relocSize    = 23
	symbolKind   = 10 // offset in a symbol of the byte with its kind
	kindText     = 1
	methodOffset = 26 // objabi.R_METHODOFF
	weak         = 1 << 15
	packageNone  = 1<<31 - 1     // goobj.PkgIdxNone: symbols by name
	packageSelf  = 1<<31 - 1 - 4 // goobj.PkgIdxSelf
)

var errObject = errors.New("not an object file of this Go version")

// goObject is one object of an archive. It shares the archive's bytes.
type goObject []byte

// objects returns the Go objects of an archive written by the compiler.
func objects(archive []byte) ([]goObject, error) {
	if !bytes.HasPrefix(archive, []byte(archiveMagic)) {
		return nil, errObject
	}
	var all []goObject
	for at := len(archiveMagic); at+60 <= len(archive); {
		size, err := strconv.Atoi(strings.TrimSpace(string(archive[at+48 : at+58])))
		at += 60
		if err != nil || size < 0 || at+size > len(archive) {
			return nil, fmt.Errorf("%w: member of %d bytes", errObject, size)
		}
		member := archive[at : at+size]
		isExport := bytes.HasPrefix(archive[at-60:], []byte("__.PKGDEF")) // its bytes may be anything
		at += size + size&1
		if isExport {
			continue
		}
		i := bytes.Index(member, []byte("\n!\n"))
		if !bytes.HasPrefix(member, []byte("go object ")) || i <= 0 {
			continue
		}
		o := goObject(member[i+3:])
		if !bytes.HasPrefix(o, []byte(objectMagic)) {
			return nil, errObject
		}
		all = append(all, o)
	}
	return all, nil
}

func (o goObject) u32(at uint32) uint32 { return binary.LittleEndian.Uint32(o[at:]) }

// block returns the offset of a block.
func (o goObject) block(i uint32) uint32 { return o.u32(uint32(len(objectMagic)) + 8 + 4 + 4*i) }

// count returns the number of symbols in a block.
func (o goObject) count(block uint32) uint32 {
	return (o.block(block+1) - o.block(block)) / symbolSize
}

// name returns the name of the symbol at an offset.
func (o goObject) name(at uint32) string {
	length, offset := o.u32(at), o.u32(at+4)
	return string(o[offset : offset+length])
}

// guarded calls f and returns its error, or an error if an offset is out of range.
func guarded(f func() error) (err error) {
	defer func() {
		if recover() != nil {
			err = errObject
		}
	}()
	return f()
}

// references returns the names of all symbols that the objects of an archive, compiled with
// -linkshared, refer to without defining them.
func references(archive []byte) (names []string, err error) {
	err = guarded(func() error {
		all, err := objects(archive)
		for _, o := range all {
			for i := range o.count(blockRefs) {
				names = append(names, o.name(o.block(blockRefs)+i*symbolSize))
			}
		}
		return err
	})
	return names, err
}

// adapt changes the archive of a cell, in place, so that Go's linker accepts it:
//
// The symbol go:plugin.tabs, the table of a plugin's exported names, is removed. The linker
// would add every exported name of package main to it, including those without code in the
// cell, and fail ("cannot target DYNIMPORT sym").
//
// The method tables in type descriptors refer only to code of the cell. Descriptors of
// types of earlier cells are never used, since the loader uses the first one with a name;
// their methods have no code here, and the linker fails at such a reference as well. These
// references are redirected to the function named stand, which the cell defines.
func adapt(archive []byte, stand string) error {
	replaced := bytes.ReplaceAll(archive, []byte("go:plugin.tabs"), []byte("go:plugin.none"))
	copy(archive, replaced)
	return guarded(func() error {
		all, err := objects(archive)
		for _, o := range all {
			if err := o.standIn(stand); err != nil {
				return err
			}
		}
		return err
	})
}

// standIn redirects the references of method tables to functions that the object does not
// define to one that it does.
func (o goObject) standIn(stand string) error {
	var pkg, index uint32
	for block, of := range map[uint32]uint32{blockDefined: packageSelf, blockUnnamed: packageNone} {
		for i := range o.count(block) {
			at := o.block(block) + i*symbolSize
			if o[at+symbolKind] == kindText && o.name(at) == stand {
				pkg, index = of, i
			}
		}
	}
	if pkg == 0 {
		return nil
	}
	defined := o.count(blockUnnamed)
	for r := o.block(blockRelocs); r < o.block(blockRelocs+1); r += relocSize {
		if binary.LittleEndian.Uint16(o[r+5:])&^weak != methodOffset || o.u32(r+15) != packageNone {
			continue
		}
		i := o.u32(r + 19)
		if i < defined || !strings.HasPrefix(o.name(o.block(blockRefs)+(i-defined)*symbolSize), "main.") {
			continue
		}
		binary.LittleEndian.PutUint32(o[r+15:], pkg)
		binary.LittleEndian.PutUint32(o[r+19:], index)
	}
	return nil
}
