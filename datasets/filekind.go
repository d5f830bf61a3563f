package datasets

import (
	"bytes"
	"net/http"
	"strings"
)

// fileKinds are what files begin with that lie, or were saved, where an archive or an array was
// expected, with what to do.
var fileKinds = []struct {
	begins, is, todo string
}{
	{"\xfd7zXZ\x00", "compressed by xz", "unpack it with: tar -xf FILE, or xz -d FILE"},
	{"\x28\xb5\x2f\xfd", "compressed by Zstandard", "unpack it with: tar -xf FILE, or zstd -d FILE"},
	{"\x04\x22\x4d\x18", "compressed by LZ4", "unpack it with: lz4 -d FILE"},
	{"LZIP", "compressed by lzip", "unpack it with: tar -xf FILE, or lzip -d FILE"},
	{"\x5d\x00\x00", "compressed by LZMA", "unpack it with: tar -xf FILE, or unlzma FILE"},
	{"\x89LZO", "compressed by lzop", "unpack it with: lzop -d FILE"},
	{"\x1f\x9d", "compressed by compress (.Z)", "unpack it with: gunzip FILE"},
	{"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it with: 7z x FILE"},
	{"Rar!\x1a\x07", "a RAR archive", "unpack it with: unrar x FILE, or 7z x FILE"},
	{"MSCF", "a cabinet of Windows", "unpack it with: cabextract FILE, or 7z x FILE"},
	{"!<arch>\n", "an ar archive", "unpack it with: ar x FILE"},
	{"070707", "a cpio archive", "unpack it with: cpio -id < FILE"},
	{"070701", "a cpio archive", "unpack it with: cpio -id < FILE"},
	{"xar!", "a xar archive", "unpack it with: xar -xf FILE"},
	{"PK\x03\x04", "a zip archive", "unpack it first"},
	{"BZh", "compressed by bzip2", "unpack it with: bunzip2 FILE"},
	{"\x1f\x8b", "compressed by gzip", "unpack it with: gunzip FILE"},
	{"version https://git-lfs", "a pointer of Git LFS, not the file itself", "fetch that with: git lfs pull"},
	{"\x89HDF\r\n\x1a\n", "an HDF5 file", "write what is in it in the format wanted"},
	{"MATLAB 5.0 MAT", "a file of MATLAB", "write what is in it in the format wanted"},
	{"\x93NUMPY", "a NumPy array", "read it with ReadNpy"},
	{"{\"", "text (JSON), perhaps what a server says in the place of the file", "look into it, and get the file again"},
	{"MZ", "a program of Windows, perhaps a self-extracting archive", "unpack it with: 7z x FILE"},
	{"\x7fELF", "a program of Linux", "get the archive itself"},
}

// fileKind says what a file is by its first bytes, and what to do: "an HTML page: …"; "" of a
// kind that is not known.
func fileKind(head []byte) string {
	for _, k := range fileKinds {
		if bytes.HasPrefix(head, []byte(k.begins)) {
			return k.is + ": " + k.todo
		}
	}
	if isPage(head) {
		return "a web page, not a file: what was saved is an error or a login: get it again with a browser"
	}
	return ""
}

// isPage reports whether bytes begin a page that a server sends in the place of a file:
// HTML, or the XML in which stores of files say that they refuse.
func isPage(head []byte) bool {
	kind, _, _ := strings.Cut(http.DetectContentType(head), ";")
	return kind == "text/html" || kind == "text/xml"
}
