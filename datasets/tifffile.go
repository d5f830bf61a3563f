package datasets

import (
	"errors"
	"fmt"
	"image/color"
	"slices"
)

// A tiffFile is a TIFF whose first directory has been read (TIFF 6.0; BigTIFF). The package in
// golang.org/x/image supports only one plane, 1, 8 or 16 bits and no CMYK, and gives wrong
// pixels where it ignores a tag; only its LZW and fax decoders are used.
type tiffFile struct {
	ifd
	width, height  int
	bits, samples  int  // of a sample; of a pixel
	colours        int  // of the samples, 1, 3 or 4; one more may be alpha
	alpha          bool //
	premultiplied  bool
	photometric    uint64
	planar         bool // each sample has separate blocks
	packing        uint64
	blockW, blockH int
	across, down   int // blocks
	offsets, sizes []uint64
	palette        color.Palette
	subX, subY     int  // for Y, Cb, Cr: the pixels that share a Cb and a Cr, across and down
	differences    bool // each sample is the difference from the one to its left
}

// Values of photometric.
const (
	whiteIsZero = iota
	blackIsZero
	tiffRGB
	tiffPalette
	_
	tiffCMYK
	tiffYCbCr
)

// Packings of TIFF. All others are refused: common ones by name, the rest by number.
const (
	plainPacking   = 1
	faxRuns        = 2
	fax3           = 3
	fax4           = 4
	lzwPacking     = 5
	jpegPacking    = 7
	deflate        = 8
	oldDeflate     = 32946
	packBits       = 32773
	tiffConversion = "save it as PNG, or as TIFF with 8 bits, RGB and LZW"
)

var tiffPackings = map[uint64]string{6: "old JPEG", 34676: "LogLuv", 34712: "JPEG 2000", 34925: "LZMA", 50000: "Zstandard", 50001: "WebP"}

// readSamples reads what a pixel consists of.
func (f *tiffFile) readSamples() error {
	rare := func(format string, a ...any) error {
		return notRead("a TIFF of a rare type ("+fmt.Sprintf(format, a...)+")", tiffConversion)
	}
	switch f.photometric {
	case whiteIsZero, blackIsZero, tiffPalette:
		f.colours = 1
	case tiffRGB, tiffYCbCr:
		f.colours = 3
	case tiffCMYK:
		f.colours = 4
	case 8, 9, 10:
		return rare("L*a*b* colours")
	default:
		return rare("colour model %d", f.photometric)
	}
	for _, v := range f.numbers(339) {
		if v != 1 && v != 4 {
			return notRead("a TIFF with signed or floating-point numbers", "scale it to 0…255 and save it with 8 bits")
		}
	}
	all := f.numbers(258)
	if all == nil {
		all = []uint64{1}
	}
	samples := f.first(277, uint64(len(all)))
	if samples == 1 && f.colours == 3 && f.packing == jpegPacking {
		samples = 3
	}
	if samples < uint64(f.colours) || samples > 16 {
		return fmt.Errorf("it has %d samples per pixel, want %d or a few more", samples, f.colours)
	}
	f.samples, f.bits = int(samples), int(min(all[0], 64))
	for _, b := range all[:min(len(all), f.samples)] {
		if b != all[0] {
			return rare("samples of %d and %d bits", all[0], b)
		}
	}
	switch {
	case f.bits == 8 || f.bits == 16 && f.photometric != tiffPalette:
	case (f.bits == 1 || f.bits == 2 || f.bits == 4) && f.samples == 1:
	default:
		return rare("%d samples of %d bits", f.samples, f.bits)
	}
	if f.photometric == tiffYCbCr && f.packing != jpegPacking {
		return f.readSubsampling(rare)
	}
	extra := f.numbers(338)
	switch {
	case f.samples <= f.colours || f.photometric == tiffCMYK:
	case len(extra) == 0 && f.photometric == tiffPalette:
	case len(extra) == 0: // not given: alpha, if it is the fourth sample
		f.alpha = f.samples == 4
	default:
		f.alpha, f.premultiplied = extra[0] != 0, extra[0] == 1
	}
	if f.photometric == tiffPalette {
		return f.readPalette()
	}
	return nil
}

// readSubsampling reads how many pixels share a Cb and a Cr. By default two by two do, but in
// uncompressed files each pixel has its own, as in libtiff and Pillow.
func (f *tiffFile) readSubsampling(rare func(string, ...any) error) error {
	if f.bits != 8 || f.samples != 3 {
		return rare("Y, Cb, Cr in %d samples of %d bits", f.samples, f.bits)
	}
	f.subX, f.subY = 2, 2
	if f.packing == plainPacking {
		f.subX, f.subY = 1, 1
	}
	if said := f.numbers(530); len(said) >= 2 {
		f.subX, f.subY = int(min(said[0], 5)), int(min(said[1], 5))
	}
	allowed := []int{1, 2, 4}
	if !slices.Contains(allowed, f.subX) || !slices.Contains(allowed, f.subY) {
		return rare("%d×%d pixels with one Cb and Cr", f.subX, f.subY)
	}
	if shared := f.subX*f.subY > 1; shared && f.planar || shared && f.predictor() != 1 {
		return rare("%d×%d pixels with one Cb and Cr, in planes or as differences", f.subX, f.subY)
	}
	return nil
}

// predictor returns the transformation before packing, 1 if there is none. Only LZW and
// Deflate have one: with another packing the tag is ignored.
func (f *tiffFile) predictor() uint64 {
	switch f.packing {
	case lzwPacking, deflate, oldDeflate:
		return f.first(317, 1)
	}
	return 1
}

func (f *tiffFile) readPalette() error {
	n := 1 << f.bits
	all := f.numbers(320)
	if len(all) < 3*n {
		return errors.New("its colour table is too short")
	}
	wide := uint64(0) // some writers use 8 bits instead of 16
	for _, v := range all[:3*n] {
		wide |= v
	}
	f.palette = make(color.Palette, n)
	for i := range n {
		var c [3]uint8
		for k := range c {
			if v := all[k*n+i]; wide > 255 {
				c[k] = uint8(v >> 8)
			} else {
				c[k] = uint8(v)
			}
		}
		f.palette[i] = color.RGBA{c[0], c[1], c[2], 255}
	}
	return nil
}

// readBlocks reads where the strips or tiles are.
func (f *tiffFile) readBlocks() error {
	switch f.packing {
	case plainPacking, faxRuns, fax4, lzwPacking, deflate, oldDeflate, packBits:
	case fax3:
		if f.first(292, 0)&1 != 0 {
			return notRead("a TIFF of a rare type (two-dimensional fax codes of group 3)", tiffConversion)
		}
	case jpegPacking:
		if f.planar || f.bits != 8 || f.photometric == tiffCMYK || f.photometric == tiffPalette || f.samples != f.colours {
			return notRead("a TIFF of a rare type (a JPEG that is not grey, RGB or Y, Cb, Cr)", tiffConversion)
		}
	default:
		name, known := tiffPackings[f.packing]
		if !known {
			name = fmt.Sprint("packing ", f.packing)
		}
		return notRead("a TIFF with "+name, tiffConversion)
	}
	if f.isFax() && (f.bits != 1 || f.samples != 1) {
		return errors.New("it has fax codes, but more than one bit per pixel")
	}
	switch p := f.predictor(); {
	case p == 2 && f.bits < 8 || p > 2:
		return notRead(fmt.Sprintf("a TIFF of a rare type (predictor %d, %d bits)", p, f.bits), tiffConversion)
	case p == 2:
		f.differences = true
	}
	f.blockW, f.blockH = f.width, int(min(f.first(278, uint64(f.height)), uint64(f.height)))
	offsets, sizes := uint16(273), uint16(279)
	if _, tiled := f.entries[324]; tiled {
		w, h := f.first(322, 0), f.first(323, 0)
		if w > 1<<20 || h > 1<<20 || w*h > uint64(f.width)*uint64(f.height)+1<<22 {
			return fmt.Errorf("its tiles have %d×%d pixels, too many for an image of %d×%d", w, h, f.width, f.height)
		}
		f.blockW, f.blockH, offsets, sizes = int(w), int(h), 324, 325
	}
	if f.blockW == 0 || f.blockH == 0 {
		return errors.New("its blocks have no pixels")
	}
	f.across, f.down = (f.width+f.blockW-1)/f.blockW, (f.height+f.blockH-1)/f.blockH
	f.offsets, f.sizes = f.numbers(offsets), f.numbers(sizes)
	if len(f.offsets)/f.planes() < f.across*f.down {
		return cutOff("after %d of %d blocks of its pixels", len(f.offsets), f.across*f.down*f.planes())
	}
	return nil
}

func (f *tiffFile) isFax() bool {
	return f.packing == faxRuns || f.packing == fax3 || f.packing == fax4
}

// planes returns the number of blocks for each part of the image.
func (f *tiffFile) planes() int {
	if f.planar {
		return f.samples
	}
	return 1
}
