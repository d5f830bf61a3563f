package datasets

import (
	"strings"
	"testing"
)

// The error for a file that is not a supported image names its kind, by its first bytes.
func TestKindsAreNamed(t *testing.T) {
	page := func(s string) string { return s + strings.Repeat("<p>more", 2000) }
	for _, row := range []struct{ name, content, says string }{
		{"empty", "", "the file is empty: copy it again, or remove it"},
		{"zeros", strings.Repeat("\x00", 9000), "a file of zeros"},
		{"heic", "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "it is HEIC, which is not supported: save it as JPEG or PNG (phones"},
		{"heif of another brand", "\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic", "it is HEIC"},
		{"video", "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42", "a video (MP4 or MOV)"},
		{"jpeg xl", "\xff\x0a\x00\x00", "JPEG XL"},
		{"jpeg xl in a container", "\x00\x00\x00\x0cJXL \r\n\x87\n", "JPEG XL"},
		{"jpeg xr", "II\xbc\x01", "JPEG XR"},
		{"psd", "8BPS\x00\x01", "a Photoshop file (PSD)"},
		{"pdf", "%PDF-1.7\n", "PDF"},
		{"eps", "%!PS-Adobe-3.0 EPSF-3.0\n", "PostScript"},
		{"svg", `<svg xmlns="http://www.w3.org/2000/svg"/>`, "SVG"},
		{"svg with a declaration", "\ufeff<?xml version=\"1.0\"?>\n<!-- drawn -->\n<SVG width='1'/>", "SVG"},
		{"html", page("\n<!DOCTYPE html><html><title>404</title>"), "it is a web page, which is not supported: it was saved in place of the image"},
		{"html with a drawing", page("<html><svg></svg>"), "a web page"},
		{"text", "this is no image", "it is text"},
		{"text that begins as BMP does", "BMW is a make of cars", "it is text"},
		{"text cut in a letter", strings.Repeat("ä", 5000), "it is text"},
		{"json", `{"error": "not found"}`, "it is text"},
		{"pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "git lfs pull"},
		{"zip", "PK\x03\x04\x14\x00", "a zip archive, which is not supported: unpack it"},
		{"gzip", "\x1f\x8b\x08\x00", "compressed by gzip, which is not supported: unpack it"},
		{"npy", "\x93NUMPY\x01\x00", "ReadFeatures reads features"},
		{"avi", "RIFF\x00\x00\x00\x00AVI LIST", "AVI"},
		{"webm", "\x1aE\xdf\xa3", "a video (Matroska"},
		{"canon", "II*\x00\x10\x00\x00\x00CR\x02\x00", "a raw photograph (CR2)"},
		{"dng", dng, "a raw photograph (DNG, NEF, ARW …) whose TIFF is only a preview"},
		{"a camera's raw file, whose first image is a small one", strings.Replace(nef, "PREVIEW", "\x01\x00\x00\x00", 1), "a raw photograph"},
		{"a page with others below it, which is no preview", strings.Replace(nef, "PREVIEW", "\x00\x00\x00\x00", 1), "its directory gives no size"},
		{"thumbs", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Thumbs.db"},
		{"apple double", "\x00\x05\x16\x07\x00\x02\x00\x00", "a file that macOS keeps beside another"},
		{"emf", "\x01\x00\x00\x00" + strings.Repeat("\x01", 36) + " EMF", "WMF or EMF"},
		{"cursor", "\x00\x00\x02\x00\x01\x00\x10\x10\x00\x00\x01\x00\x01\x00\x30\x00\x00\x00\x16\x00\x00\x00", "a cursor (CUR)"},
		{"noise", "\x9c\x01\x02\x03\x88\xfe", "it is not an image of a supported kind (JPEG, PNG, GIF, WebP, BMP, TIFF), or its beginning is damaged: copy or download it again"},
		{"signature alone", "\x89PNG\r\n\x1a\n", "damaged PNG: the file is cut off"},
		{"jpeg signature alone", "\xff\xd8\xff", "damaged JPEG: the file is cut off"},
		{"gif signature alone", "GIF89a", "damaged GIF: the file is cut off"},
		{"webp signature alone", "RIFF\x00\x00\x00\x00WEBP", "damaged WebP: the file is cut off"},
		{"tiff signature alone", "II*\x00", "damaged TIFF: the file is cut off in its header"},
		{"bmp signature alone", "BM\x00\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00", "damaged BMP: the file is cut off"},
		{"bmp with a png in it", "BM\x00\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x00\x05" + strings.Repeat("\x00", 40), "a BMP that contains a JPEG or PNG"},
	} {
		saysOf(t, row.name, []byte(row.content), row.says)
	}
}

// dng is the directory of a TIFF with only DNGVersion.
const dng = "II*\x00\x08\x00\x00\x00\x01\x00\x12\xc6\x01\x00\x04\x00\x00\x00\x01\x04\x00\x00\x00\x00\x00\x00"

// nef is a directory of NewSubfileType and SubIFDs.
const nef = "II*\x00\x08\x00\x00\x00\x02\x00\xfe\x00\x04\x00\x01\x00\x00\x00PREVIEW\x4a\x01\x04\x00\x01\x00\x00\x00\x40\x00\x00\x00\x00\x00\x00\x00"
