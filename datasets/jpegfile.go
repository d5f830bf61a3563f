package datasets

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
)

// A jpegFile is a JPEG whose segments before the first scan have been read.
type jpegFile struct {
	data          []byte
	frame         byte // the marker of its frame: 0xc0 baseline, 0xc2 progressive …
	precision     int  // bits
	width, height int
	components    []byte  // the identifier of each
	sampling      []byte  // of each: horizontal << 4 | vertical
	tables        [2]byte // the Huffman tables present, DC and AC: a bit for each of four
	scans         bool    // the image has more than one scan
	adobe         bool    // it has Adobe's segment, which gives the colour model
	exif, xmp     []byte
}

// readJPEG reads the segments before the first scan.
func readJPEG(data []byte) (jpegFile, error) {
	f := jpegFile{data: data}
	for at := 2; ; {
		marker, body, next := jpegSegment(data, at)
		switch {
		case next < 0:
			return f, cutOff(beforePixels)
		case marker == 0xd9:
			return f, errors.New("it ends before its pixels begin")
		case marker == 0xda:
			if f.frame == 0 {
				return f, errors.New("its pixels begin before its size is given")
			}
			f.scans = f.frame == 0xc2 || len(body) > 0 && int(body[0]) < len(f.components)
			return f, nil
		case marker == 0xc4:
			f.huffman(body)
		case marker >= 0xc0 && marker <= 0xcf && marker != 0xc8 && marker != 0xcc && f.frame == 0:
			if len(body) < 6 || len(body) != 6+3*int(body[5]) {
				return f, errors.New("the segment that gives its size has the wrong length")
			}
			f.frame, f.precision = marker, int(body[0])
			f.height, f.width = int(binary.BigEndian.Uint16(body[1:])), int(binary.BigEndian.Uint16(body[3:]))
			for c := body[6:]; len(c) > 0; c = c[3:] {
				if c[1]>>4 == 0 || c[1]&15 == 0 {
					return f, errors.New("a component has no samples")
				}
				f.components, f.sampling = append(f.components, c[0]), append(f.sampling, c[1])
			}
		case marker == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")):
			f.exif = append(f.exif, body[6:]...) // further ones continue the first
		case marker == 0xe1 && bytes.HasPrefix(body, []byte("http://ns.adobe.com/xap/1.0/\x00")):
			f.xmp = body[29:]
		case marker == 0xee && bytes.HasPrefix(body, []byte("Adobe")) && len(body) >= 12:
			f.adobe = true
		}
		at = next
	}
}

// jpegSegment returns the next segment at or after at, and where the following one begins;
// next is negative if the data end first. Bytes between segments are ignored, as in
// libjpeg.
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

// A jpegPiece is a segment, and where the following one begins.
type jpegPiece struct {
	marker byte
	body   []byte
	next   int
}

// jpegSegments yields the segments of a JPEG up to its end, or to the end of the data.
func jpegSegments(data []byte) iter.Seq[jpegPiece] {
	return func(yield func(jpegPiece) bool) {
		for at := 2; ; {
			marker, body, next := jpegSegment(data, at)
			if next < 0 || marker == 0xd9 || !yield(jpegPiece{marker, body, next}) {
				return
			}
			at = next
		}
	}
}

// huffman records which tables a segment defines.
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

// samples describes how the components are sampled: 2×2, 1×1, 1×1.
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

// whole reports whether the scans that have begun include every bit of every coefficient.
func (f jpegFile) whole() bool {
	missing := map[byte]*[64]bool{}
	for _, c := range f.components {
		missing[c] = new([64]bool)
		for i := range 64 {
			missing[c][i] = true
		}
	}
	for p := range jpegSegments(f.data) {
		if p.marker != 0xda {
			continue
		}
		body := p.body
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

// adobeSegment says that colours are not converted: RGB, or CMYK.
var adobeSegment = []byte("\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00")
