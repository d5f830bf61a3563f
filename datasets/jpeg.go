package datasets

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
)

// A jpegFile is a JPEG whose segments before the first scan were read.
type jpegFile struct {
	data          []byte
	frame         byte // the marker of its frame: 0xc0 baseline, 0xc2 progressive …
	precision     int  // bits
	width, height int
	components    []byte  // the identifier of each
	sampling      []byte  // of each: horizontal << 4 | vertical
	tables        [2]byte // which Huffman tables are there, DC and AC: a bit for each of four
	scans         bool    // more than one scan makes the image
	adobe         bool    // it has Adobe's segment, which says what the colours are
	exif          []byte
}

// openJPEG reads the header of a JPEG, ITU-T T.81.
func openJPEG(data []byte) (picture, error) {
	f, err := readJPEG(data)
	if err != nil {
		return picture{}, err
	}
	switch f.frame {
	case 0xc0, 0xc1, 0xc2:
	case 0xc3, 0xcb:
		return picture{}, notRead("a lossless JPEG", asPhoto)
	case 0xc9, 0xca:
		return picture{}, notRead("a JPEG with arithmetic coding", "save it with Huffman coding (jpegtran does it without loss), or as PNG")
	default:
		return picture{}, notRead("a hierarchical JPEG", asPhoto)
	}
	if f.precision != 8 {
		return picture{}, notRead(fmt.Sprintf("a JPEG of %d bits", f.precision), "save it with 8 bits")
	}
	pixels, bytes := int64(f.width)*int64(f.height), int64(len(f.components)) // a byte a sample
	if f.frame == 0xc2 {
		bytes *= 5 // and all coefficients, 4 bytes each
	}
	if len(f.components) == 4 {
		bytes += 4
	}
	return picture{f.width, f.height, orientation(f.exif), pixels * bytes, f.decode}, nil
}

var errCut = errors.New("it is cut off")

// readJPEG reads the segments before the first scan.
func readJPEG(data []byte) (jpegFile, error) {
	f := jpegFile{data: data}
	for at := 2; ; {
		marker, body, next := jpegSegment(data, at)
		switch {
		case next < 0:
			return f, fmt.Errorf("%w before its pixels begin", errCut)
		case marker == 0xd9:
			return f, errors.New("it ends before its pixels begin")
		case marker == 0xda:
			if f.frame == 0 {
				return f, errors.New("its pixels begin before their number is said")
			}
			f.scans = f.frame == 0xc2 || len(body) > 0 && int(body[0]) < len(f.components)
			return f, nil
		case marker == 0xc4:
			f.huffman(body)
		case marker >= 0xc0 && marker <= 0xcf && marker != 0xc8 && marker != 0xcc && f.frame == 0:
			if len(body) < 6 || len(body) != 6+3*int(body[5]) {
				return f, errors.New("the segment that says its size is of the wrong length")
			}
			f.frame, f.precision = marker, int(body[0])
			f.height, f.width = int(binary.BigEndian.Uint16(body[1:])), int(binary.BigEndian.Uint16(body[3:]))
			for c := body[6:]; len(c) > 0; c = c[3:] {
				f.components, f.sampling = append(f.components, c[0]), append(f.sampling, c[1])
			}
		case marker == 0xe1 && f.exif == nil && bytes.HasPrefix(body, []byte("Exif\x00\x00")):
			f.exif = body[6:]
		case marker == 0xee && bytes.HasPrefix(body, []byte("Adobe")) && len(body) >= 12:
			f.adobe = true
		}
		at = next
	}
}

// jpegSegment returns the next segment at or after at, and where the one after it begins;
// next is negative where the data end first. What is between segments is passed over, as
// libjpeg does.
func jpegSegment(data []byte, at int) (marker byte, body []byte, next int) {
	for at+1 < len(data) {
		if data[at] != 0xff || data[at+1] == 0xff || data[at+1] == 0 {
			at++
			continue
		}
		marker, at = data[at+1], at+2
		if marker == 0x01 || marker >= 0xd0 && marker <= 0xd9 { // these have no body
			return marker, nil, at
		}
		if at+2 > len(data) {
			break
		}
		length := int(binary.BigEndian.Uint16(data[at:]))
		if length < 2 || at+length > len(data) {
			break
		}
		return marker, data[at+2 : at+length], at + length
	}
	return 0, nil, -1
}

// huffman takes down which tables a segment defines.
func (f *jpegFile) huffman(body []byte) {
	for len(body) >= 17 {
		codes := 0
		for _, n := range body[1:17] {
			codes += int(n)
		}
		f.tables[body[0]>>4&1] |= 1 << (body[0] & 3)
		body = body[min(17+codes, len(body)):]
	}
}

// decode decodes the image, as libjpeg would:
//
//   - A frame of Motion JPEG has no Huffman tables: the standard's hold (K.3).
//   - Four colours without a word of Adobe's are CMYK, and inverted as Adobe's are.
//   - Where the end is cut off, but no coefficient, nothing is missing.
func (f jpegFile) decode() (image.Image, error) {
	var first []byte
	if f.frame != 0xc2 && (f.tables[0]&3 != 3 || f.tables[1]&3 != 3) {
		first = append(first, standardHuffman()...) // before others, which hold where they are
	}
	if len(f.components) == 4 && !f.adobe {
		first = append(first, adobeSegment...)
	}
	img, err := f.decodeWith(first, nil)
	switch {
	case err == nil && f.scans && !f.whole():
		return nil, errors.New("some of its scans are missing, so that it is coarse: fetch it again")
	case errors.Is(err, io.ErrUnexpectedEOF) && f.whole():
		img, err = f.decodeWith(first, []byte{0xff, 0xd9})
	}
	var unsupported jpeg.UnsupportedError
	switch {
	case errors.As(err, &unsupported):
		return nil, notRead(fmt.Sprintf("a JPEG of a rare sort (%s: %s)", string(unsupported), f.samples()), asPhoto)
	case errors.Is(err, io.ErrUnexpectedEOF) || err == jpeg.FormatError("short Huffman data"):
		return nil, fmt.Errorf("%w: fetch it again", errCut)
	}
	return img, err
}

// adobeSegment says that colours are as they are: RGB, or CMYK.
var adobeSegment = []byte("\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00")

// decodeWith decodes the file with segments at its beginning and bytes at its end.
func (f jpegFile) decodeWith(first, last []byte) (image.Image, error) {
	if len(first)+len(last) == 0 {
		return jpeg.Decode(bytes.NewReader(f.data))
	}
	return jpeg.Decode(io.MultiReader(bytes.NewReader(f.data[:2]), bytes.NewReader(first), bytes.NewReader(f.data[2:]), bytes.NewReader(last)))
}

// samples says how the components are sampled: 2×2, 1×1, 1×1.
func (f jpegFile) samples() string {
	var b bytes.Buffer
	for i, s := range f.sampling {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%d×%d", s>>4, s&15)
	}
	return b.String()
}

// whole reports whether the scans that have begun hold every bit of every coefficient.
func (f jpegFile) whole() bool {
	missing := map[byte]*[64]bool{}
	for _, c := range f.components {
		missing[c] = new([64]bool)
		for i := range 64 {
			missing[c][i] = true
		}
	}
	for at := 2; at >= 0; {
		var marker byte
		var body []byte
		if marker, body, at = jpegSegment(f.data, at); marker != 0xda {
			continue
		}
		if len(body) < 1 || len(body) != 4+2*int(body[0]) {
			return false
		}
		n := int(body[0])
		from, to, bit := int(body[1+2*n]), min(int(body[2+2*n]), 63), body[3+2*n]&15 // the lowest bit that is sent
		if f.frame != 0xc2 {
			from, to, bit = 0, 63, 0
		}
		for i := range n {
			m := missing[body[1+2*i]]
			for k := from; m != nil && bit == 0 && k <= to; k++ {
				m[k] = false
			}
		}
	}
	for _, m := range missing {
		if *m != [64]bool{} {
			return false
		}
	}
	return true
}
