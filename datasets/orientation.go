package datasets

import (
	"bytes"
	"regexp"
)

// orientationTag is the tag in EXIF and TIFF: 1 to 8 say where the first row and the first
// column of the stored image belong.
const orientationTag = 0x0112

// xmpOrientation matches the orientation in XMP, an attribute or an element.
var xmpOrientation = regexp.MustCompile(`tiff:Orientation(?:="|>)([0-9])`)

// orientation returns the orientation in EXIF data or, if these have none, in XMP data: 1,
// as stored, to 8; and 1 if neither gives it, or both are damaged. Pillow's
// ImageOps.exif_transpose uses the same data.
func orientation(exif, xmp []byte) int {
	d, err := readIFD(bytes.TrimPrefix(exif, []byte("Exif\x00\x00"))) // a prefix that only JPEG needs, but others write too
	if err != nil {
		d = ifd{}
	}
	return d.orientation(xmp)
}

// orientation returns the orientation in a directory or, if it has none, in XMP data.
func (d ifd) orientation(xmp []byte) int {
	if e, said := d.entries[orientationTag]; said {
		const bytes = 1 // Pillow does not read them as a number
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
