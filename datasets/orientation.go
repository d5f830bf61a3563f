package datasets

import (
	"bytes"
	"regexp"
)

// orientationTag is EXIF's, and TIFF's own: 1 to 8 say where the first row and the first
// column of the stored image belong.
const orientationTag = 0x0112

// xmpOrientation is where XMP says the same, as an attribute or as an element.
var xmpOrientation = regexp.MustCompile(`tiff:Orientation(?:="|>)([0-9])`)

// orientation returns what EXIF data, or, where they have no word of it, XMP data say of
// how the image is shown: 1, as it is stored, to 8; and 1 where neither says anything, or
// both are damaged. Pillow's ImageOps.exif_transpose follows the same data.
func orientation(exif, xmp []byte) int {
	d, err := readIFD(bytes.TrimPrefix(exif, []byte("Exif\x00\x00"))) // which only JPEG needs, and others write
	if err != nil {
		d = ifd{}
	}
	return d.orientation(xmp)
}

// orientation returns what a directory, or else XMP data, say.
func (d ifd) orientation(xmp []byte) int {
	if e, said := d.entries[orientationTag]; said {
		const bytes = 1 // Pillow does not take them for a number
		if v := d.reals(orientationTag); e.kind != bytes && len(v) > 0 && v[0] >= 1 && v[0] <= 8 && v[0] == float64(int(v[0])) {
			return int(v[0])
		}
		return 1
	}
	if m := xmpOrientation.FindSubmatch(xmp); m != nil && m[1][0] >= '1' && m[1][0] <= '8' {
		return int(m[1][0] - '0')
	}
	return 1
}
