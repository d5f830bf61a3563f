package datasets

import (
	"strings"
	"testing"
)

// What a file is does not depend on what was expected in its place; what to do does.
func TestFileKinds(t *testing.T) {
	for _, row := range []struct{ why, content, is, image, array, archive string }{
		{"an image is never an archive", "\x89PNG\r\n\x1a\n", "PNG", "", "ReadFolder", "ReadFolder"},
		{"nor is one that is not read", "8BPS\x00\x01", "a Photoshop file (PSD)", "save it as JPEG or PNG", "ReadFolder", "ReadFolder"},
		{"compressed", "\x1f\x8b\x08", "compressed by gzip", "unpack it", "gunzip FILE", "gunzip FILE"},
		{"compressed by what few have", "\x04\x22\x4d\x18", "compressed by LZ4", "unpack it", "lz4 -d FILE", "lz4 -d FILE"},
		{"an archive in a folder of images", "Rar!\x1a\x07\x00", "a RAR archive", "unpack it", "unrar x FILE", "unrar x FILE"},
		{"NumPy's", "\x93NUMPY\x01\x00", "a NumPy array", "ReadFeatures", "ReadNpy", "ReadNpy"},
		{"arrays of others", "\x89HDF\r\n\x1a\n", "an HDF5 file", "arrays are not read", "h5py.File(FILE)", "save its content"},
		{"arrays whose name is at the ninth byte", "\x40\x00\x00\x00\x00\x00\x00\x00{\"a\"", "a .safetensors file", "arrays are not read", "load_file(FILE)", "save its content"},
		{"IDX, which is read where an archive may be", "\x00\x00\x08\x03\x00\x00\x00\x01", "an IDX file, MNIST's format", "ReadIDX", "ReadIDX", ""},
		{"a pointer", "version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer, not the file itself", "git lfs pull", "git lfs pull", "git lfs pull"},
		{"a page", "<html><head>", "a web page", "download the image itself", "download the file itself", "with a browser"},
		{"a page that begins with a comment and has a drawing", "<!-- 404 --><!DOCTYPE html><body><svg></svg>", "a web page", "download the image itself", "download the file itself", "with a browser"},
		{"a page with the mark of Windows", "\ufeff<!doctype html>", "a web page", "download the image itself", "download the file itself", "with a browser"},
		{"what a store of files answers", `<?xml version="1.0"?><Error>`, "a web page", "download the image itself", "download the file itself", "with a browser"},
		{"a drawing, which is XML too", `<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x" [<!ENTITY a "b">]><svg>`, "SVG", "convert it to PNG", "ReadFolder", "ReadFolder"},
		{"an answer in JSON", `{"error": 1}`, "text (JSON)", "remove it", "json.load(open(FILE))", "a server's message"},
		{"lists in JSON", "[[1, 2]]", "text (JSON)", "remove it", "json.load(open(FILE))", "a server's message"},
		{"text that begins as a list does", "[core]\n", "text", "remove it", "", ""},
		{"text that begins as a program of Windows does", "MZ is short for Mark Zbikowski", "text", "remove it", "", ""},
		{"such a program", "MZ\x90\x00\x03", "a Windows program, perhaps a self-extracting archive", "unpack it", "7z x FILE", "7z x FILE"},
		{"zeros, which may be numbers", "\x00\x00\x00\x00", "a file of zeros", "copy or download it again", "", ""},
	} {
		k, known := kindOf([]byte(row.content))
		if !known || k.name != row.is {
			t.Errorf("%s: %q, want %q", row.why, k.name, row.is)
			continue
		}
		for _, c := range [][2]string{{k.image, row.image}, {k.array, row.array}, {k.archive, row.archive}} {
			if !strings.Contains(c[0], c[1]) || (c[0] == "") != (c[1] == "") {
				t.Errorf("%s: %q, want %q", row.why, c[0], c[1])
			}
		}
	}
	if k, known := kindOf([]byte("\x9c\x01\x02\x03\x88\xfe")); known {
		t.Errorf("noise is %q", k.name)
	}
}

// Each kind of image is supported or has advice; each reader has a row.
func TestImageReadersHaveKinds(t *testing.T) {
	rows := map[string]bool{}
	for _, k := range kinds {
		if rows[k.name] {
			t.Errorf("%s has two rows", k.name)
		}
		rows[k.name] = true
		if read := imageReaders[k.name] != nil; read == (k.image != "") {
			t.Errorf("%s: read: %v, advice %q", k.name, read, k.image)
		}
	}
	for name := range imageReaders {
		if !rows[name] {
			t.Errorf("%s has a reader and no row", name)
		}
	}
}
