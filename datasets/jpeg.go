package datasets

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
)

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
		return picture{}, notRead(fmt.Sprintf("a JPEG with %d-bit samples", f.precision), "save it with 8 bits")
	}
	pixels, bytes := int64(f.width)*int64(f.height), int64(len(f.components)) // a byte per sample
	if f.scans {
		bytes *= 5 // plus all coefficients, 4 bytes each
	}
	if len(f.components) == 4 {
		bytes += 4
	}
	return picture{width: f.width, height: f.height, orientation: orientation(f.exif, f.xmp), memory: pixels * bytes, decode: f.decode}, nil
}

// decode decodes the image, as libjpeg would:
//
//   - A frame of Motion JPEG has no Huffman tables: the standard's apply (K.3).
//   - Four colours without Adobe's segment are CMYK, inverted as Adobe's are.
//   - If the end is cut off, but every coefficient is present, nothing is missing.
//   - Scans that Go's package counts wrong are first merged into one ([jpegFile.miscounted]).
func (f jpegFile) decode() (image.Image, error) {
	if img := f.ordinary(); img != nil {
		return img, nil
	}
	if f.miscounted() {
		switch {
		case !f.whole():
			return nil, f.missingScans()
		case f.unit() > 10: // the standard allows no more in a scan
			return nil, f.rare("luma/chroma subsampling ratio")
		}
		one, err := f.oneScan()
		if err != nil {
			return nil, err
		}
		if f, err = readJPEG(one); err != nil {
			return nil, err
		}
	}
	var first []byte
	if f.frame != 0xc2 && (f.tables[0]&3 != 3 || f.tables[1]&3 != 3) {
		first = append(first, standardHuffman()...) // first, so that the file's own tables override them
	}
	if len(f.components) == 4 && !f.adobe {
		first = append(first, adobeSegment...)
	}
	img, err := f.decodeWith(first, nil)
	switch {
	case err == nil && f.scans && !f.whole():
		return nil, f.missingScans()
	case errors.Is(err, io.ErrUnexpectedEOF) && f.whole():
		img, err = f.decodeWith(first, []byte{0xff, 0xd9})
	}
	var unsupported jpeg.UnsupportedError
	switch {
	case errors.As(err, &unsupported):
		return nil, f.rare(string(unsupported))
	case err == jpeg.FormatError("short Huffman data") || err != nil && !f.ended():
		return nil, cutOff("")
	}
	return img, err
}

func (f jpegFile) rare(what string) error {
	return notRead(fmt.Sprintf("a JPEG of a rare type (%s: %s)", what, f.samples()), asPhoto)
}

// missingScans returns the error for missing scans, or for a file that is cut off.
func (f jpegFile) missingScans() error {
	if !f.ended() {
		return cutOff("")
	}
	return errors.New("some of its scans are missing, so the image lacks detail")
}

// ended reports whether the file has an end marker.
func (f jpegFile) ended() bool {
	for at := 2; at >= 0; {
		var marker byte
		if marker, _, at = jpegSegment(f.data, at); marker == 0xd9 {
			return true
		}
	}
	return false
}

// decodeWith decodes the file with segments at its beginning and bytes at its end.
func (f jpegFile) decodeWith(first, last []byte) (image.Image, error) {
	if len(first)+len(last) == 0 {
		return jpeg.Decode(bytes.NewReader(f.data))
	}
	return jpeg.Decode(io.MultiReader(bytes.NewReader(f.data[:2]), bytes.NewReader(first), bytes.NewReader(f.data[2:]), bytes.NewReader(last)))
}
