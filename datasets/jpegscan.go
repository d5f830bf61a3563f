package datasets

import "errors"

// A jpegScan decodes one scan into coefficients, ITU-T T.81, annexes F and G. The
// coefficients of a block are in the order in which they are sent.
type jpegScan struct {
	jpegBits
	progressive bool
	from, to    int // the coefficients in the scan
	high, low   int // their lowest bit before this scan, 0: none yet; and after it
	zeros       int // remaining blocks without further coefficients
	parts       []jpegPart
}

// A jpegPart is one component of a scan.
type jpegPart struct {
	*jpegPlane
	dc, ac *jpegCode
	last   int // the DC coefficient of the previous block
}

// A jpegPlane is one component.
type jpegPlane struct {
	across, down  int // its blocks in a unit of all components
	width, height int // its blocks, without those that only pad units
	stride        int // its blocks in a row, with padding
	blocks        [][64]int16
}

var errJPEGData = errors.New("its pixels are damaged")

// decode decodes a scan of an image of across × down units, with a restart after every
// interval units; 0: without. In a scan of one component a unit is a block, and blocks that
// only pad are absent: the package image/jpeg counts them.
func (s *jpegScan) decode(across, down, interval int) error {
	single := len(s.parts) == 1
	if single {
		across, down = s.parts[0].width, s.parts[0].height
	}
	for unit := range across * down {
		if interval > 0 && unit > 0 && unit%interval == 0 {
			if !s.restart() {
				return s.failed()
			}
			s.zeros = 0
			for i := range s.parts {
				s.parts[i].last = 0
			}
		}
		x, y := unit%across, unit/across
		for i := range s.parts {
			p := &s.parts[i]
			if single {
				s.block(p, &p.blocks[y*p.stride+x])
				continue
			}
			for k := range p.across * p.down {
				s.block(p, &p.blocks[(y*p.down+k/p.across)*p.stride+x*p.across+k%p.across])
			}
		}
		if s.short {
			return s.failed()
		}
	}
	return nil
}

// failed returns the error for missing bits.
func (s *jpegScan) failed() error {
	if len(s.data) < 2 {
		return cutOff("")
	}
	return errJPEGData
}

// block decodes the scan's part of a block.
func (s *jpegScan) block(p *jpegPart, b *[64]int16) {
	k := s.from
	switch {
	case k == 0 && s.progressive && s.high > 0:
		b[0] |= int16(s.take(1) << s.low)
		return
	case k == 0:
		p.last += s.number(s.value(p.dc) & 15)
		b[0] = int16(p.last << s.low)
		k = 1
	}
	switch {
	case k > s.to:
	case s.high > 0:
		s.refine(p, b)
	case s.zeros > 0:
		s.zeros--
	default:
		for ; k <= s.to; k++ {
			v := s.value(p.ac)
			zeros, bits := int(v>>4), v&15
			if bits == 0 && zeros < 15 {
				s.zeros = s.run(zeros) - 1
				return
			}
			if k += zeros; k > s.to {
				return
			}
			b[k] = int16(s.number(bits) << s.low)
		}
	}
}

// run returns how many blocks, including this one, have no further coefficients.
func (s *jpegScan) run(bits int) int {
	if !s.progressive {
		return 1
	}
	return 1<<bits + s.take(bits)
}

// refine decodes one more bit of the coefficients of a block, and new ones (G.1.2.3).
func (s *jpegScan) refine(p *jpegPart, b *[64]int16) {
	bit := int16(1) << s.low
	more := func(c *int16) {
		switch {
		case s.take(1) == 0 || *c&bit != 0:
		case *c > 0:
			*c += bit
		default:
			*c -= bit
		}
	}
	k := s.from
	for ; k <= s.to && s.zeros == 0; k++ {
		v := s.value(p.ac)
		zeros, fresh := int(v>>4), int16(0)
		switch {
		case v&15 != 0:
			if fresh = -bit; s.take(1) == 1 {
				fresh = bit
			}
		case zeros < 15:
			s.zeros = s.run(zeros)
		}
		if s.zeros > 0 || s.short {
			break
		}
		for ; k <= s.to; k++ {
			if b[k] != 0 {
				more(&b[k])
				continue
			}
			if zeros == 0 {
				break
			}
			zeros--
		}
		if fresh != 0 && k <= s.to {
			b[k] = fresh
		}
	}
	if s.zeros > 0 {
		for ; k <= s.to; k++ {
			if b[k] != 0 {
				more(&b[k])
			}
		}
		s.zeros--
	}
}
