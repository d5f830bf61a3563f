package datasets

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// A kind is a kind of file, told by how it begins: the extension of its name does not
// matter.
type kind struct {
	name   string
	begins func(head []byte) bool
	open   func(data []byte) (picture, error) // reads the header; nil: this kind is not read
	advice string                             // what to do with a file that is not read
}

// head is how many bytes of a file tell its kind.
const head = 4096

const (
	asPhoto   = "save it as JPEG or PNG"
	asPicture = "save the picture that you want of it as PNG"
	unpack    = "unpack it"
	asArray   = "arrays are not read from folders of images"
	frames    = "save frames of it as JPEG or PNG"
)

// kinds is the table of them. The first that fits is the one.
var kinds = []kind{
	{"JPEG", starts("\xff\xd8\xff"), openJPEG, ""},
	{"PNG", starts("\x89PNG\r\n\x1a\n"), openPNG, ""},
	{"GIF", starts("GIF87a", "GIF89a"), openGIF, ""},
	{"WebP", within(0, "RIFF", 8, "WEBP"), openWebP, ""},
	{"BMP", isBMP, openBMP, ""},
	{"a raw photograph (CR2)", within(0, "II*\x00", 8, "CR"), nil, asPhoto},
	{"TIFF", starts("II*\x00", "MM\x00*", "II+\x00", "MM\x00+"), openTIFF, ""},

	{"a PNG whose line ends were changed", starts("\x89PNG"), nil, "fetch it again, as binary and not as text"},
	{"AVIF", brand("avif", "avis"), nil, asPhoto},
	{"HEIC", brand("heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"), nil, asPhoto + " (telephones can take JPEG: \"most compatible\")"},
	{"a raw photograph (CR3)", brand("crx "), nil, asPhoto},
	{"a video (MP4 or MOV)", within(4, "ftyp"), nil, frames},
	{"JPEG XL", starts("\xff\x0a", "\x00\x00\x00\x0cJXL \r\n\x87\n"), nil, asPhoto},
	{"JPEG 2000", starts("\x00\x00\x00\x0cjP  \r\n\x87\n", "\xff\x4f\xff\x51"), nil, asPhoto},
	{"JPEG XR", starts("II\xbc"), nil, asPhoto},
	{"a raw photograph (RAF, ORF, RW2 or X3F)", starts("FUJIFILMCCD-RAW", "IIRO", "IIRS", "MMOR", "IIU\x00", "FOVb"), nil, asPhoto},
	{"an icon (ICO)", isIcon(1), nil, asPicture},
	{"a cursor (CUR)", isIcon(2), nil, asPicture},
	{"an icon (ICNS)", starts("icns"), nil, asPicture},
	{"Photoshop's PSD", starts("8BPS"), nil, asPhoto},
	{"GIMP's XCF", starts("gimp xcf"), nil, asPhoto},
	{"PDF", starts("%PDF"), nil, asPicture},
	{"PostScript", starts("%!PS", "\xc5\xd0\xd3\xc6"), nil, asPicture},
	{"PBM, PGM or PPM", isNetpbm, nil, "save it as PNG"},
	{"PFM, floating-point numbers", starts("PF\n", "Pf\n"), nil, "scale it to 0…255 and save it as PNG"},
	{"QOI", starts("qoif"), nil, "save it as PNG"},
	{"DDS", starts("DDS "), nil, "save it as PNG"},
	{"OpenEXR", starts("v/1\x01"), nil, "scale it to 0…255 and save it as PNG"},
	{"Radiance HDR", starts("#?RADIANCE", "#?RGBE"), nil, "scale it to 0…255 and save it as PNG"},
	{"FITS", starts("SIMPLE  ="), nil, "scale it to 0…255 and save it as PNG"},
	{"DICOM", within(128, "DICM"), nil, "scale it to 0…255 and save it as PNG"},
	{"SGI", starts("\x01\xda\x00", "\x01\xda\x01"), nil, "save it as PNG"},
	{"Sun raster", starts("\x59\xa6\x6a\x95"), nil, "save it as PNG"},
	{"DjVu", starts("AT&TFORM"), nil, asPicture},
	{"WMF or EMF", isMetafile, nil, asPicture},
	{"AVI", within(0, "RIFF", 8, "AVI "), nil, frames},
	{"a video (Matroska or WebM)", starts("\x1aE\xdf\xa3"), nil, frames},
	{"a video (MPEG)", starts("\x00\x00\x01\xba", "\x00\x00\x01\xb3"), nil, frames},
	{"a zip archive", starts("PK\x03\x04", "PK\x05\x06"), nil, unpack},
	{"a gzip file", starts("\x1f\x8b"), nil, unpack},
	{"a bzip2 file", starts("BZh"), nil, unpack},
	{"an xz file", starts("\xfd7zXZ\x00"), nil, unpack},
	{"a Zstandard file", starts("\x28\xb5\x2f\xfd"), nil, unpack},
	{"a 7z archive", starts("7z\xbc\xaf\x27\x1c"), nil, unpack},
	{"a rar archive", starts("Rar!\x1a\x07"), nil, unpack},
	{"a tar archive", within(257, "ustar"), nil, unpack},
	{"a NumPy array", starts("\x93NUMPY"), nil, asArray + ": ReadFeatures reads features"},
	{"HDF5", starts("\x89HDF\r\n\x1a\n"), nil, asArray},
	{"a file of Windows, no image (Thumbs.db, or an old document)", starts("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), nil, "remove it"},
	{"a shortcut of Windows", starts("\x4c\x00\x00\x00\x01\x14\x02\x00"), nil, "put the image itself in its place"},
	{"what a Mac keeps beside a file, no image", starts("\x00\x05\x16\x07", "\x00\x05\x16\x00"), nil, "remove it"},
	{"a pointer of Git LFS", starts("version https://git-lfs"), nil, "fetch the image itself: git lfs pull"},
	{"SVG", isSVG, nil, "draw it as PNG"},
	{"a web page (HTML)", isHTML, nil, "it came in the place of the image; fetch that again"},
	{"PCX", isPCX, nil, "save it as PNG"},
	{"Targa (TGA)", isTGA, nil, "save it as PNG"},
	{"a file of zeros", zeros, nil, "fetch it again"},
	{"text", isText, nil, "remove it, or put an image in its place"},
}

// kindOf returns the kind of a file by its first [head] bytes.
func kindOf(data []byte) (kind, error) {
	data = data[:min(len(data), head)]
	for _, k := range kinds {
		if !k.begins(data) {
			continue
		}
		if k.open == nil {
			return kind{}, notRead(k.name, k.advice)
		}
		return k, nil
	}
	if at := bytes.Index(data, []byte("\xff\xd8\xff")); at > 0 {
		return kind{}, fmt.Errorf("no image that is known here, but a JPEG seems to begin at byte %d: cut off what is before it", at)
	}
	return kind{}, fmt.Errorf("no image that is known here (read are %s), or damaged at its beginning", strings.Join(readKinds(), ", "))
}

// readKinds returns the names of the kinds that are read.
func readKinds() (names []string) {
	for _, k := range kinds {
		if k.open != nil {
			names = append(names, k.name)
		}
	}
	return names
}

// notRead says that a kind of file is sound, for all that is known, but not read.
func notRead(what, advice string) error {
	return &notReadError{fmt.Sprintf("it is %s, which is not read: %s", what, advice)}
}

type notReadError struct{ message string }

func (e *notReadError) Error() string { return e.message }

// starts asks whether a file begins with one of several strings.
func starts(with ...string) func([]byte) bool {
	return func(head []byte) bool {
		for _, s := range with {
			if strings.HasPrefix(string(head[:min(len(head), len(s))]), s) {
				return true
			}
		}
		return false
	}
}

// within asks whether strings stand at offsets: within(0, "RIFF", 8, "WEBP").
func within(pairs ...any) func([]byte) bool {
	return func(head []byte) bool {
		for i := 0; i < len(pairs); i += 2 {
			at, s := pairs[i].(int), pairs[i+1].(string)
			if len(head) < at+len(s) || string(head[at:at+len(s)]) != s {
				return false
			}
		}
		return true
	}
}

// brand asks whether a file of ISO's base media format is of one of several brands.
func brand(brands ...string) func([]byte) bool {
	return func(head []byte) bool {
		for _, b := range brands {
			if within(4, "ftyp", 8, b)(head) {
				return true
			}
		}
		return false
	}
}

// isIcon asks for an icon or a cursor with an image in it: Targa may begin like them.
func isIcon(which byte) func([]byte) bool {
	return func(head []byte) bool {
		return len(head) >= 22 && head[0] == 0 && head[1] == 0 && head[2] == which && head[3] == 0 && head[4] != 0 && head[5] == 0 && head[9] == 0
	}
}

func isNetpbm(head []byte) bool {
	return len(head) > 2 && head[0] == 'P' && '1' <= head[1] && head[1] <= '7' && bytes.IndexByte([]byte(" \t\r\n#"), head[2]) >= 0
}

func isMetafile(head []byte) bool {
	return starts("\xd7\xcd\xc6\x9a")(head) || within(0, "\x01\x00\x00\x00", 40, " EMF")(head)
}

// isPCX asks for a manufacturer of 10, a version up to 5, run lengths, and whole bits.
func isPCX(head []byte) bool {
	return len(head) >= 128 && head[0] == 10 && head[1] <= 5 && head[2] <= 1 && bytes.IndexByte([]byte{1, 2, 4, 8}, head[3]) >= 0 && head[64] == 0
}

// isTGA asks for the fields that Targa has in the place of a signature.
func isTGA(head []byte) bool {
	return len(head) >= 18 && head[1] <= 1 && bytes.IndexByte([]byte{1, 2, 3, 9, 10, 11}, head[2]) >= 0 &&
		bytes.IndexByte([]byte{8, 15, 16, 24, 32}, head[16]) >= 0 && head[17]&0xc0 == 0 &&
		head[12]|head[13] != 0 && head[14]|head[15] != 0
}

func isSVG(head []byte) bool {
	text := plainText(head)
	return strings.HasPrefix(text, "<svg") || strings.HasPrefix(text, "<") && strings.Contains(text, "<svg") && !isHTML(head)
}

func isHTML(head []byte) bool {
	text := plainText(head)
	for _, s := range []string{"<!doctype html", "<html", "<head", "<body", "<title"} {
		if strings.HasPrefix(text, s) {
			return true
		}
	}
	return strings.HasPrefix(text, "<?xml") && strings.Contains(text, "<html")
}

func zeros(head []byte) bool { return len(bytes.Trim(head, "\x00")) == 0 }

func isText(head []byte) bool { return plainText(head) != "" }

// plainText returns the beginning of a text in small letters, without space before it,
// and "" for what is none.
func plainText(head []byte) string {
	text := strings.TrimPrefix(string(head), "\ufeff")
	if len(text) > utf8.UTFMax { // the last character may be cut
		for cut := 0; cut < utf8.UTFMax && !utf8.ValidString(text); cut++ {
			text = text[:len(text)-1]
		}
	}
	if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && !strings.ContainsRune("\t\n\v\f\r", r) }) {
		return ""
	}
	return strings.ToLower(strings.TrimSpace(text))
}
