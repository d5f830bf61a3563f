package datasets

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"math/bits"

	"golang.org/x/image/ccitt"
	"golang.org/x/image/tiff/lzw"
)

// block unpacks at least the given number of rows of block i, and returns them.
func (f tiffFile) block(i, rows int) (unpacked []byte, stride int, err error) {
	each := f.samples
	if f.planar {
		each = 1
	}
	stride = (f.blockW*each*f.bits + 7) / 8
	size := stride * rows
	shared := f.subX*f.subY > 1
	if shared {
		size = f.unitBytes() * f.unitsAcross() * ((rows + f.subY - 1) / f.subY)
	}
	packed, err := f.packed(i, size)
	if err != nil {
		return nil, 0, err
	}
	if unpacked, err = f.unpack(packed, rows, size); err != nil {
		return nil, 0, err
	}
	if f.differences {
		for row := unpacked; len(row) > 0; row = row[stride:] {
			f.sum(row[:stride], each)
		}
	}
	if shared {
		unpacked = f.spread(unpacked, rows)
	}
	return unpacked, stride, nil
}

// unpack returns the first size bytes of a block, unpacked.
func (f tiffFile) unpack(packed []byte, rows, size int) ([]byte, error) {
	if f.first(266, 1) == 2 { // the lowest bit is first
		turned := make([]byte, len(packed))
		for i, b := range packed {
			turned[i] = bits.Reverse8(b)
		}
		packed = turned
	}
	var r io.Reader = bytes.NewReader(packed)
	var err error
	switch f.packing {
	case faxRuns, fax3:
		packed, err = unpackFax(packed, f.blockW, rows, f.packing == faxRuns)
		r = bytes.NewReader(packed)
	case fax4:
		// Inverted, black runs are ones, regardless of photometric, as in libtiff.
		r = ccitt.NewReader(r, ccitt.MSB, ccitt.Group4, f.blockW, rows, &ccitt.Options{Invert: true})
	case lzwPacking:
		codes := lzw.NewReader(r, lzw.MSB, 8)
		defer codes.Close()
		r = codes
	case deflate, oldDeflate:
		r, err = zlib.NewReader(r)
	case packBits:
		r = bytes.NewReader(unpackBits(packed, size))
	}
	var out bytes.Buffer
	if err == nil {
		_, err = io.CopyN(&out, r, int64(size))
	}
	switch {
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return nil, cutOff("")
	case err != nil && f.isFax():
		return nil, notRead(fmt.Sprintf("a TIFF with fax codes that are damaged or of a rare type (%v)", err), tiffConversion)
	case err != nil:
		return nil, fmt.Errorf("its pixels are damaged (%w)", err)
	}
	return out.Bytes(), nil
}

// sum undoes the differences of a row.
func (f tiffFile) sum(row []byte, each int) {
	if f.bits == 8 {
		for i := each; i < len(row); i++ {
			row[i] += row[i-each]
		}
		return
	}
	for i := 2 * each; i+1 < len(row); i += 2 {
		f.order.PutUint16(row[i:], f.order.Uint16(row[i:])+f.order.Uint16(row[i-2*each:]))
	}
}

// packed returns the bytes of a block. If their number is missing or too large, they extend to
// the end of the file; an uncompressed block has the size of its pixels, whatever number is
// given.
func (f tiffFile) packed(i, size int) ([]byte, error) {
	from, end := f.offsets[i], uint64(len(f.data))
	if from >= end {
		return nil, cutOff("")
	}
	length := end - from
	switch {
	case f.packing == plainPacking:
		length = min(length, uint64(size))
	case i < len(f.sizes) && f.sizes[i] > 0:
		length = min(length, f.sizes[i])
	}
	return f.data[from:][:length], nil
}

// unpackBits undoes Apple's PackBits run lengths, up to a size.
func unpackBits(packed []byte, size int) (out []byte) {
	for len(packed) >= 2 && len(out) < size {
		switch n := int(int8(packed[0])); {
		case n >= 0:
			end := min(n+2, len(packed))
			out, packed = append(out, packed[1:end]...), packed[end:]
		case n > -128:
			out, packed = append(out, bytes.Repeat(packed[1:2], 1-n)...), packed[2:]
		default:
			packed = packed[1:]
		}
	}
	return out
}
