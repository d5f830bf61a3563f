package datasets

import (
	"encoding/binary"
	"errors"
	"math"
)

// An ifd is the first directory of a TIFF file, or of EXIF data, which has the same
// form: numbers under tags.
type ifd struct {
	order   binary.ByteOrder
	data    []byte
	entries map[uint16]ifdEntry
	cut     bool // it declares more entries than the data hold
	lost    bool // the values of an entry are beyond the end of the data
}

type ifdEntry struct {
	kind  uint16 // of its values: 1 bytes, 3 of 16 bits, 4 of 32, 16 of 64 …
	value []byte
}

// ifdSizes are the sizes in bytes of a value of each kind.
var ifdSizes = map[uint16]uint64{1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}

// readIFD reads the directory of TIFF 6.0, or of BigTIFF. It omits entries that are beyond
// the end of the data or have values there.
func readIFD(data []byte) (ifd, error) {
	d := ifd{data: data, entries: map[uint16]ifdEntry{}}
	if len(data) < 8 {
		return d, cutOff("in its header")
	}
	switch string(data[:2]) {
	case "II":
		d.order = binary.LittleEndian
	case "MM":
		d.order = binary.BigEndian
	default:
		return d, errors.New("its header does not give the byte order")
	}
	// The directory's offset, and the sizes of its count, of an entry, and of a value within an entry.
	at, count, size, room := uint64(d.order.Uint32(data[4:])), uint64(2), uint64(12), uint64(4)
	if d.order.Uint16(data[2:]) == 43 { // BigTIFF
		if len(data) < 16 {
			return d, cutOff("in its header")
		}
		at, count, size, room = d.order.Uint64(data[8:]), 8, 20, 8
	}
	end := uint64(len(data))
	if at > end || end-at < count {
		return d, cutOff("in its directory")
	}
	n := uint64(0)
	if count == 2 {
		n = uint64(d.order.Uint16(data[at:]))
	} else {
		n = d.order.Uint64(data[at:])
	}
	if at += count; n > (end-at)/size {
		n, d.cut = (end-at)/size, true
	}
	for ; n > 0; n, at = n-1, at+size {
		tag, kind := d.order.Uint16(data[at:]), d.order.Uint16(data[at+2:])
		width, values := ifdSizes[kind], d.number(data[at+4:][:room])
		if width == 0 {
			continue
		}
		if values > end/width {
			d.lost = true
			continue
		}
		from := at + size - room
		if width*values > room {
			from = d.number(data[from:][:room])
		}
		if from > end || end-from < width*values {
			d.lost = true
			continue
		}
		if _, twice := d.entries[tag]; !twice {
			d.entries[tag] = ifdEntry{kind, data[from : from+width*values]}
		}
	}
	return d, nil
}

// number returns an unsigned number of 1, 2, 4 or 8 bytes.
func (d ifd) number(b []byte) uint64 {
	switch len(b) {
	case 1:
		return uint64(b[0])
	case 2:
		return uint64(d.order.Uint16(b))
	case 4:
		return uint64(d.order.Uint32(b))
	}
	return d.order.Uint64(b)
}

// numbers returns the integers under a tag, nil if there are none.
func (d ifd) numbers(tag uint16) (all []uint64) {
	e := d.entries[tag]
	switch e.kind {
	case 1, 3, 4, 6, 8, 9, 13, 16, 17, 18: // signed ones too: counts are not negative
		for width := int(ifdSizes[e.kind]); len(e.value) >= width; e.value = e.value[width:] {
			all = append(all, d.number(e.value[:width]))
		}
	}
	return all
}

// reals returns the numbers of any kind under a tag, nil if there are none.
func (d ifd) reals(tag uint16) (all []float64) {
	for _, v := range d.numbers(tag) {
		all = append(all, float64(v))
	}
	e := d.entries[tag]
	for width := int(ifdSizes[e.kind]); width > 0 && len(e.value) >= width; e.value = e.value[width:] {
		switch v := e.value[:width]; e.kind {
		case 5: // a fraction
			all = append(all, float64(d.number(v[:4]))/float64(d.number(v[4:])))
		case 10: // a signed one
			all = append(all, float64(int32(d.number(v[:4])))/float64(int32(d.number(v[4:]))))
		case 11:
			all = append(all, float64(math.Float32frombits(uint32(d.number(v)))))
		case 12:
			all = append(all, math.Float64frombits(d.number(v)))
		}
	}
	return all
}

// first returns the first number under a tag, or the default, without.
func (d ifd) first(tag uint16, without uint64) uint64 {
	if all := d.numbers(tag); len(all) > 0 {
		return all[0]
	}
	return without
}
