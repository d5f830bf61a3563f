package datasets

import "encoding/binary"

// miscounted reports whether Go's package image/jpeg counts a file's blocks wrong. In a
// scan of one component it counts restarts by the units of all components, and it expects
// the blocks that pad units if a component has fewer samples than another, but more than
// one. An example is a progressive JPEG with restarts and subsampled colour, as written with
// Pillow's restart_marker_rows. (Go 1.26; TestGoMiscounts fails when Go no longer does
// this.)
func (f jpegFile) miscounted() bool {
	if !f.scans || len(f.components) == 1 {
		return false
	}
	most := f.most()
	several, fewer := false, false
	for _, s := range f.sampling {
		several = several || s != 0x11
		fewer = fewer || s != 0x11 && s != most
	}
	return fewer || several && f.restarts()
}

// most returns the most samples that components have, across << 4 | down.
func (f jpegFile) most() (most byte) {
	for _, s := range f.sampling {
		most = max(most&0xf0, s&0xf0) | max(most&0x0f, s&0x0f)
	}
	return most
}

// unit returns the number of blocks in a unit of all components.
func (f jpegFile) unit() (n int) {
	for _, s := range f.sampling {
		n += int(s>>4) * int(s&15)
	}
	return n
}

// restarts reports whether any scan has restarts.
func (f jpegFile) restarts() bool {
	for p := range jpegSegments(f.data) {
		if p.marker == 0xdd && len(p.body) >= 2 && binary.BigEndian.Uint16(p.body) > 0 {
			return true
		}
	}
	return false
}

// oneScan returns a file with the same coefficients, and so the same pixels, in one scan
// without restarts, in the standard's Huffman codes.
func (f jpegFile) oneScan() ([]byte, error) {
	most := f.most()
	across, down := ceilDiv(f.width, 8*int(most>>4)), ceilDiv(f.height, 8*int(most&15))
	var planes []*jpegPlane
	for _, s := range f.sampling {
		p := &jpegPlane{across: int(s >> 4), down: int(s & 15)}
		p.width = ceilDiv(ceilDiv(f.width*p.across, int(most>>4)), 8)
		p.height = ceilDiv(ceilDiv(f.height*p.down, int(most&15)), 8)
		p.stride = across * p.across
		p.blocks = make([][64]int16, p.stride*down*p.down)
		planes = append(planes, p)
	}
	out := []byte{0xff, 0xd8}
	d := jpegScans{file: f, planes: planes}
	for p := range jpegSegments(f.data) {
		switch {
		case p.marker == 0xda:
			if err := d.scan(p.body, f.data[p.next:], across, down); err != nil {
				return nil, err
			}
		case p.marker == 0xc4:
			if !d.codes(p.body) {
				return nil, errJPEGData
			}
		case p.marker == 0xdd && len(p.body) >= 2:
			d.interval = int(binary.BigEndian.Uint16(p.body))
		case p.marker == f.frame: // the same, but sequential
			out = append(append(out, 0xff, 0xc1), f.data[p.next-len(p.body)-2:p.next]...)
		case p.body != nil:
			out = append(out, f.data[p.next-len(p.body)-4:p.next]...)
		}
	}
	return appendScan(append(out, standardHuffman()...), f.components, planes, across, down)
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }

// jpegScans decodes the scans of a file, one after another.
type jpegScans struct {
	file     jpegFile
	planes   []*jpegPlane
	tables   [2][4]*jpegCode // DC and AC
	interval int
}

// codes reads the Huffman codes of a segment.
func (d *jpegScans) codes(body []byte) bool {
	for len(body) >= 17 {
		n := 0
		for _, count := range body[1:17] {
			n += int(count)
		}
		if len(body) < 17+n {
			return false
		}
		c := newJPEGCode(body[1:17], body[17:17+n])
		if c == nil {
			return false
		}
		d.tables[body[0]>>4&1][body[0]&3] = c
		body = body[17+n:]
	}
	return true
}

// scan decodes the scan with header body.
func (d *jpegScans) scan(body, data []byte, across, down int) error {
	if len(body) < 1 || len(body) != 4+2*int(body[0]) {
		return errJPEGData
	}
	n := int(body[0])
	s := jpegScan{jpegBits: jpegBits{data: data}, progressive: d.file.frame == 0xc2, to: 63}
	if s.progressive {
		s.from, s.to, s.high, s.low = int(body[1+2*n]), int(body[2+2*n]), int(body[3+2*n]>>4), int(body[3+2*n]&15)
	}
	if s.from > s.to || s.to > 63 || s.low > 13 || s.from > 0 && n != 1 || s.progressive && s.from == 0 && s.to > 0 {
		return errJPEGData
	}
	for i := range n {
		for k, name := range d.file.components {
			if name != body[1+2*i] {
				continue
			}
			part := jpegPart{jpegPlane: d.planes[k], dc: d.tables[0][body[2+2*i]>>4&3], ac: d.tables[1][body[2+2*i]&3]}
			if part.dc == nil && s.from == 0 && s.high == 0 || part.ac == nil && s.to > 0 {
				return errJPEGData
			}
			s.parts = append(s.parts, part)
		}
	}
	if len(s.parts) != n {
		return errJPEGData
	}
	return s.decode(across, down, d.interval)
}
