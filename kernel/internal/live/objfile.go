package live

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Go's object files, cmd/internal/goobj: an archive holds them, each with a header of the
// offsets of its blocks.
const (
	archiveMagic = "!<arch>\n"
	objectMagic  = "\x00go120ld"
	blocks       = 19
	blockRefs    = 7 // of symbols that other packages define, by name
	symbolSize   = 21
)

var errObject = errors.New("not an object file of this Go version")

// references returns the names of all symbols that the Go objects of an archive, as the
// compiler writes it with -linkshared, leave to others to define.
func references(archive []byte) ([]string, error) {
	if !bytes.HasPrefix(archive, []byte(archiveMagic)) {
		return nil, errObject
	}
	var names []string
	for at := len(archiveMagic); at+60 <= len(archive); {
		size, err := strconv.Atoi(strings.TrimSpace(string(archive[at+48 : at+58])))
		at += 60
		if err != nil || size < 0 || at+size > len(archive) {
			return nil, fmt.Errorf("%w: member of %d bytes", errObject, size)
		}
		member := archive[at : at+size]
		at += size + size&1
		if i := bytes.Index(member, []byte("\n!\n")); bytes.HasPrefix(member, []byte("go object ")) && i > 0 {
			refs, err := objectReferences(member[i+3:])
			if err != nil {
				return nil, err
			}
			names = append(names, refs...)
		}
	}
	return names, nil
}

func objectReferences(object []byte) (names []string, err error) {
	if !bytes.HasPrefix(object, []byte(objectMagic)) {
		if len(object) == 0 {
			return nil, nil // the package's export data
		}
		return nil, errObject
	}
	defer func() { // an offset outside
		if recover() != nil {
			err = errObject
		}
	}()
	u32 := func(at uint32) uint32 { return binary.LittleEndian.Uint32(object[at:]) }
	block := func(i uint32) uint32 { return u32(uint32(len(objectMagic)) + 8 + 4 + 4*i) }
	for at := block(blockRefs); at < block(blockRefs+1); at += symbolSize {
		length, offset := u32(at), u32(at+4)
		names = append(names, string(object[offset:offset+length]))
	}
	return names, nil
}
