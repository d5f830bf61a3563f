package datasets

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// based decodes base64.
func based(t *testing.T, text string) []byte {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// zipRaw makes a zip archive of stored entries with the given headers, each with the content
// "A".
func zipRaw(t *testing.T, headers ...zip.FileHeader) []byte {
	t.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for _, h := range headers {
		if !strings.HasSuffix(h.Name, "/") && !strings.HasSuffix(h.Name, `\`) {
			h.CompressedSize64, h.UncompressedSize64, h.CRC32 = 1, 1, crc32.ChecksumIEEE([]byte("A"))
		}
		w, err := z.CreateRaw(&h)
		if err != nil {
			t.Fatal(err)
		}
		if h.CompressedSize64 > 0 {
			w.Write([]byte("A"))
		}
	}
	z.Close()
	return buf.Bytes()
}

// zipNamed is zipRaw with only names.
func zipNamed(t *testing.T, names ...string) []byte {
	t.Helper()
	var headers []zip.FileHeader
	for _, name := range names {
		headers = append(headers, zip.FileHeader{Name: name, NonUTF8: true})
	}
	return zipRaw(t, headers...)
}

// plainTar makes an uncompressed tar archive of files with the content "A", or of entries with
// the type and link in a header.
func plainTar(t *testing.T, format tar.Format, headers ...tar.Header) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := tar.NewWriter(&buf)
	for _, h := range headers {
		h.Format = format
		if h.Typeflag == 0 {
			h.Typeflag, h.Size = tar.TypeReg, 1
		}
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if h.Size > 0 {
			w.Write([]byte("A"))
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// patched returns a copy of the bytes with some overwritten at an offset.
func patched(data []byte, at int, with string) []byte {
	data = bytes.Clone(data)
	copy(data[at:], with)
	return data
}

// v7 turns the headers of a USTAR archive into those of Unix v7: no mark, another checksum.
func v7(archive []byte) []byte {
	return resummed(patched(archive, 257, "\x00\x00\x00\x00\x00\x00\x00\x00"))
}

// resummed sets the checksum in the first header of a tar archive.
func resummed(archive []byte) []byte {
	out := patched(archive, 148, "        ")
	sum := 0
	for _, b := range out[:tarBlock] {
		sum += int(b)
	}
	copy(out[148:], fmt.Sprintf("%06o\x00 ", sum))
	return out
}

// unpacked returns the files below a folder with their content; folders end with "/".
func unpacked(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if e.IsDir() || err != nil {
			found[filepath.ToSlash(name)+"/"] = ""
			return err
		}
		content, err := os.ReadFile(path)
		found[filepath.ToSlash(name)] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// Archives that another program made, in base64:
//
//	bzip2:  printf A > a; tar --owner=0 --group=0 --mtime=@0 -cf - a | bzip2 -9
//	label:  tar -V label --format=gnu … -cf - a | gzip -9n
//	sparse: printf begin > s; truncate -s 300000 s; printf end >> s; tar --sparse --format=gnu … -cf - s | gzip -9n
//	posix:  the same, --format=posix
//	python: zipfile, mug/a.jpg "A" by bzip2, pen/a.jpg "B" opened with force_zip64
const (
	bzip2Tar  = "QlpoOTFBWSZTWWFjWGgAAG//hMmAAEBgAGWAIAAAAOAAngAAAIAIIABUNIZAABoIqaTQA000F/razmiFaKiVlzmc7aUOJKhASi8ETVs4g28tA6ORTG80HRtOKYVUIiA+LuSKcKEgwsaw0A=="
	labelTar  = "H4sIAAAAAAACA+3TPQqAMAyA0RylR4ixtrOXcK/gJgj+3N/qJA46qQjfWxKSQCCQPrVdL98rqlJL82YWRdWCVuIawdPSCzs0C97vMTvHrDjkWz0GH8XpGwdYpjmNzsk4DPPV3F3/p2peAAAAAAAAAAAAAAAAAPitFUZWhxcAKAAA"
	sparseTar = "H4sIAAAAAAACA+3QXQpAQBSG4bOUWYIzJhZiBURyQ/nZv4lIFBei5H1uzvTNTDN9nTwv8CLnpuntpmrswiWbc42ttWKSF/4mQ9enrTHSNk1/du5q/1Y7u0bWtapuG1ub8vmhtdMHlgsHWVFWtQAAAAAAAAD4oqLOKQEAAAAAAODHRueCnjsAKAAA"
	posixTar  = "H4sIAAAAAAACA+3UTWrDMBAFYK11Cp9AHv3YshbeplmVQukB1EYUl8QukgOhp69sQgkupJsmkPZ9G4l5AmENY1E++MM6+E2IqUzsIiirjZnXbLmS0vprP9clGSVZcWBXsE+jj/l69j8pVdzdP4n07mMKYuffhthKvqh2fa4SV/K02vtdaBPXdFqMwW9T9xFaPXVST6kfu3xQWleTlrV2Qjeqsc5qNaUv31LbHFMGlyfK3L3HuXmrbhuEMpaqX/4RnJ9/qaxZzr8xumIFXXP+4zCM5879lC8/7kZoTtyQq7lyjqjhzlX8OLuECfz7nsNr1+MZAAAAAAAAAAAAblLoN3gEAAAAAACYfQKxabhBACgAAA=="
	pythonZip = "UEsDBC4AAAAMAAAAIQCLntnTJQAAAAEAAAAJAAAAbXVnL2EuanBnQlpoOTFBWSZTWYGwLYsAAAAEACAAIAAhGEaC7kinChIQNgWxYFBLAwQtAAAAAAAAACEAMc/QSv//////////CQAUAHBlbi9hLmpwZwEAEAABAAAAAAAAAAEAAAAAAAAAQlBLAQIuAy4AAAAMAAAAIQCLntnTJQAAAAEAAAAJAAAAAAAAAAAAAACAAQAAAABtdWcvYS5qcGdQSwECLQMtAAAAAAAAACEAMc/QSgEAAAABAAAACQAAAAAAAAAAAAAAgAFMAAAAcGVuL2EuanBnUEsFBgAAAAACAAIAbgAAAIgAAAAAAA=="
)

// unicodeName is the extra field with a name in UTF-8 for one in a code page.
func unicodeName(raw, name string) []byte {
	field := append([]byte{1}, binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(raw)))...)
	field = append(field, name...)
	return append(binary.LittleEndian.AppendUint16([]byte{0x75, 0x70}, uint16(len(field))), field...)
}

// Archives as each system's own tools write them.
func TestExtractKinds(t *testing.T) {
	one := map[string]string{"a": "A"}
	two := map[string]string{"mug/": "", "mug/a.jpg": "A", "pen/": "", "pen/a.jpg": "A"}
	sparse := map[string]string{"s": "begin" + strings.Repeat("\x00", 300000-5) + "end"}
	long := strings.Repeat("long/", 40) + "a"
	longs := map[string]string{long: "A"}
	for i := range 40 {
		longs[strings.Repeat("long/", i+1)] = ""
	}
	ustar := plainTar(t, tar.FormatUSTAR, tar.Header{Name: "a"})
	whole := zipNamed(t, "mug/a.jpg", "pen/a.jpg")
	for _, row := range []struct {
		why     string
		archive []byte
		want    map[string]string
	}{
		{"zip: folders divided by \\, as .NET before 4.6.1 did", zipNamed(t, `mug\`, `mug\a.jpg`, `pen\a.jpg`), two},
		{"zip: both ways in one name", zipNamed(t, `mug\a.jpg`, `pen/a.jpg`, `.\mug\`), two},
		{"zip: macOS's bookkeeping", zipNamed(t, "mug/a.jpg", "__MACOSX/", "__MACOSX/mug/._a.jpg", "__MACOSX/._mug", "pen/a.jpg", "pen/._a.jpg"), two},
		{"zip: bytes before it, as a self-extracting one has", append([]byte("MZ a program\n"), whole...), two},
		{"zip: a script before it", append([]byte("#!/bin/sh\nexit\n"), whole...), two},
		{"zip: bytes after it", append(bytes.Clone(whole), make([]byte, 1000)...), two},
		{"zip: bzip2 and zip64, by Python", based(t, pythonZip), map[string]string{"mug/": "", "mug/a.jpg": "A", "pen/": "", "pen/a.jpg": "B"}},
		{"zip: sizes after the data", zipOf(t, [][2]string{{"a", "A"}}), one},
		{"zip: UTF-8 that is not said to be, as macOS and Linux write it", zipNamed(t, "café"), map[string]string{"café": "A"}},
		{"zip: a name of a code page with its UTF-8 beside it, as 7-Zip and Info-ZIP write it",
			zipRaw(t, zip.FileHeader{Name: "caf\x82", NonUTF8: true, Extra: unicodeName("caf\x82", "café")}), map[string]string{"café": "A"}},
		{"zip: that UTF-8 is of another name: it was renamed since",
			zipRaw(t, zip.FileHeader{Name: "cafe", Extra: unicodeName("caf\x82", "café")}), map[string]string{"cafe": "A"}},
		{"zip: a name in NFD, as macOS writes it", zipNamed(t, "cafe\u0301"), map[string]string{"cafe\u0301": "A"}},
		{"zip: spaces at the ends of names are the user's", zipNamed(t, " mug /a.jpg "), map[string]string{" mug /": "", " mug /a.jpg ": "A"}},
		{"zip: a folder said twice", zipNamed(t, "mug/", "mug/", "mug/a.jpg", "pen/a.jpg"), two},
		{"zip: the current folder", zipNamed(t, "./", "./a"), one},
		{"tar of Unix v7", v7(ustar), one},
		{"tar, USTAR, not compressed", ustar, one},
		{"tar, PAX, a long name", gzipped(t, plainTar(t, tar.FormatPAX, tar.Header{Name: long})), longs},
		{"tar, GNU, a long name", gzipped(t, plainTar(t, tar.FormatGNU, tar.Header{Name: long})), longs},
		{"tar, PAX, records for all that follows, as git archive writes them",
			plainTar(t, tar.FormatPAX, tar.Header{Typeflag: tar.TypeXGlobalHeader, PAXRecords: map[string]string{"comment": "c"}}, tar.Header{Name: "a"}), one},
		{"tar, GNU, a label", based(t, labelTar), one},
		{"tar, GNU, a sparse file", based(t, sparseTar), sparse},
		{"tar, POSIX, a sparse file", based(t, posixTar), sparse},
		{"tar, by bzip2", based(t, bzip2Tar), one},
		{"tar, by bzip2, bytes after it", append(based(t, bzip2Tar), "more"...), one},
		{"tar, gzipped, macOS's bookkeeping",
			gzipped(t, plainTar(t, tar.FormatUSTAR, tar.Header{Name: "./._a"}, tar.Header{Name: "a"}, tar.Header{Name: "._b", Typeflag: tar.TypeLink, Linkname: "./._a"})), one},
		{"tar: a hard link is a copy: two names of one file",
			plainTar(t, tar.FormatGNU, tar.Header{Name: "mug/a.jpg"}, tar.Header{Name: "pen/a.jpg", Typeflag: tar.TypeLink, Linkname: "./mug/a.jpg"}), two},
		{"tar: folders divided by \\", plainTar(t, tar.FormatGNU, tar.Header{Name: `mug\a.jpg`}, tar.Header{Name: `pen\a.jpg`}), two},
		{"gzip: members one after another, as pigz and bgzip write them", append(gzipped(t, ustar[:700]), gzipped(t, ustar[700:])...), one},
		{"gzip: an empty member at the end", append(gzipped(t, ustar), gzipped(t, nil)...), one},
		{"gzip: zeros after it", append(gzipped(t, ustar), make([]byte, 1000)...), one},
		{"gzip: other bytes after it", append(gzipped(t, ustar), "more"...), one},
		{"tar: two archives one after another", append(bytes.Clone(ustar), plainTar(t, tar.FormatGNU, tar.Header{Name: "b"})...), map[string]string{"a": "A", "b": "A"}},
		{"tar: a file by type and a folder by name, as old writers made them",
			resummed(patched(plainTar(t, tar.FormatUSTAR, tar.Header{Name: "mug_", Typeflag: tar.TypeReg}, tar.Header{Name: "mug/a.jpg"}, tar.Header{Name: "pen/a.jpg"}), 3, "/")), two},
		{"tar: other bytes after its end", append(bytes.Clone(ustar), "more"...), one},
	} {
		dir := filepath.Join(t.TempDir(), "set")
		if err := Extract(write(t, "archive", row.archive), dir, ExtractLimits{}); err != nil {
			t.Errorf("%s: %v", row.why, err)
			continue
		}
		if diff := cmp.Diff(row.want, unpacked(t, dir)); diff != "" {
			t.Errorf("%s: %s", row.why, diff)
		}
	}
}

// The error for an archive that is not unpacked says what it is and what to do, and no files remain.
func TestExtractRefusesKinds(t *testing.T) {
	whole := zipNamed(t, "mug/a.jpg", "pen/a.jpg")
	end := bytes.LastIndex(whole, []byte("PK\x05\x06"))
	zipped := gzipped(t, plainTar(t, tar.FormatGNU, tar.Header{Name: "a"}))
	noise := gzipped(t, append(plainTar(t, tar.FormatGNU, tar.Header{Name: "a"}), bytes.Repeat([]byte("more"), 10000)...))
	method := func(n uint16) []byte { return zipRaw(t, zip.FileHeader{Name: "mug/a.jpg", Method: n}) }
	device := func(kind byte) []byte {
		return plainTar(t, tar.FormatGNU, tar.Header{Name: "mug/a.jpg", Typeflag: kind, Linkname: "../x"})
	}
	for _, row := range []struct {
		why     string
		archive []byte
		says    []string
	}{
		{"ZipCrypto", zipRaw(t, zip.FileHeader{Name: "mug/a.jpg", Flags: 1}), []string{`"mug/a.jpg"`, "is encrypted: unpack the archive with its password"}},
		{"AES", zipRaw(t, zip.FileHeader{Name: "mug/a.jpg", Flags: 1, Method: 99}), []string{`"mug/a.jpg"`, "is encrypted: unpack the archive with its password"}},
		{"Deflate64, Windows' own above 2 GB", method(9), []string{`"mug/a.jpg"`, "Deflate64", "7z x"}},
		{"LZMA", method(14), []string{"LZMA", "7z x"}},
		{"Zstandard", method(93), []string{"Zstandard", "7z x"}},
		{"xz", method(95), []string{"xz", "7z x"}},
		{"a method of the future", method(200), []string{"method 200", "7z x"}},
		{"the last part of a split zip", patched(whole, end+4, "\x02\x00"), []string{"last of the 3 parts", "zip -s 0"}},
		{"the first part of a split zip", append([]byte("PK\x07\x08"), whole[:end]...), []string{"one part of several", "zip -s 0"}},
		{"a zip that was cut", whole[:end], []string{"it is truncated", "download it again"}},
		{"the last part of a zip that was cut into pieces", zipOf(t, [][2]string{{"a", strings.Repeat("A", 100)}, {"b", "B"}})[50:], []string{"last part of several", "join the parts"}},
		{"a zip of nothing", zipNamed(t), []string{"has no entries"}},
		{"a zip of bookkeeping alone", zipNamed(t, "__MACOSX/._a"), []string{"has no entries"}},
		{"a damaged zip", patched(whole, 30+len("mug/a.jpg"), "B"), []string{`"mug/a.jpg"`, "damaged", "download it again"}},
		{"climbs by \\", zipNamed(t, `..\evil`), []string{`"..\\evil"`, "outside the folder"}},
		{"climbs in what is left out", zipNamed(t, "__MACOSX/../../evil"), []string{"outside the folder"}},
		{"absolute by \\", zipNamed(t, `\evil`), []string{"an absolute path"}},
		{"a share of Windows", zipNamed(t, `\\server\share\evil`), []string{"an absolute path"}},
		{"a drive", zipNamed(t, `C:\evil`), []string{`"C:\\evil"`, "an absolute path"}},
		{"a drive, divided by /", zipNamed(t, "c:/evil"), []string{"an absolute path"}},
		{"a name that is a folder's too", zipNamed(t, "a", "a/b"), []string{`"a/b"`, "not a directory"}},
		{"one name, written in two ways", zipNamed(t, "a/b", `a\.\b`), []string{"occurs twice"}},
		{"a name in CP437", zipNamed(t, "caf\x82/a.jpg"), []string{`"caf\x82/a.jpg"`, `"café/a.jpg" in CP437`, "unzip -O"}},
		{"a name in Windows-1252", zipNamed(t, "caf\xe9/a.jpg"), []string{`"café/a.jpg" in CP1252`, "unzip -O"}},
		{"a name in Shift-JIS", zipNamed(t, "\x83J\x83b\x83v/a.jpg"), []string{`"カップ/a.jpg" in CP932`, "unzip -O"}},
		{"a name in GBK", zipNamed(t, "\xb1\xad/a.jpg"), []string{`"杯/a.jpg" in CP936`, "unzip -O"}},
		{"a name in CP850, as Windows in Western Europe writes it", zipNamed(t, "\x9dl/a.jpg"), []string{`"Øl/a.jpg" in CP850`, "unzip -O"}},
		{"a name in CP852", zipNamed(t, "ku\x88/a.jpg"), []string{`"kuł/a.jpg" in CP852`}},
		{"a name in CP1250", zipNamed(t, "ku\xb3/a.jpg"), []string{`"kuł/a.jpg" in CP1250`}},
		{"a name in CP1251", zipNamed(t, "\xf7\xe0\xf8\xea\xe0/a.jpg"), []string{`"чашка/a.jpg" in CP1251`}},
		{"a name in CP949", zipNamed(t, "\xc4\xc5/a.jpg"), []string{`"컵/a.jpg" in CP949`}},
		{"a name in Big5", zipNamed(t, "\xaaM/a.jpg"), []string{`"杯/a.jpg" in BIG5`}},
		{"a name that two read alike", zipNamed(t, "caf\x82"), []string{`"café" in CP437 or CP850 or CP852,`}},
		{"a name in Latin-1 in a tar", plainTar(t, tar.FormatGNU, tar.Header{Name: "caf\xe9"}), []string{`"caf\xe9"`, "not UTF-8"}},
		{"a symbolic link", device(tar.TypeSymlink), []string{`"mug/a.jpg"`, `symbolic link, to "../x"`, "unpack the archive yourself"}},
		{"a hard link to the outside", device(tar.TypeLink), []string{`"mug/a.jpg"`, `"../x" has a path outside`}},
		{"a hard link to nothing", plainTar(t, tar.FormatGNU, tar.Header{Name: "a", Typeflag: tar.TypeLink, Linkname: "b"}), []string{`"a" is a link to "b"`, "not an earlier file"}},
		{"a FIFO", device(tar.TypeFifo), []string{`"mug/a.jpg"`, "a device, a FIFO"}},
		{"a device", device(tar.TypeChar), []string{`"mug/a.jpg"`, "a device, a FIFO"}},
		{"xz", []byte("\xfd7zXZ\x00\x00\x04"), []string{"xz", "tar -xf"}},
		{"zstd", []byte("\x28\xb5\x2f\xfd\x24"), []string{"Zstandard", "tar -xf"}},
		{"7z", []byte("7z\xbc\xaf\x27\x1c\x00\x04"), []string{"7z archive", "7z x"}},
		{"RAR 4", []byte("Rar!\x1a\x07\x00"), []string{"RAR archive", "unrar x"}},
		{"RAR 5", []byte("Rar!\x1a\x07\x01\x00"), []string{"RAR archive", "unrar x"}},
		{"the page of a login", []byte("\n<!DOCTYPE html>\n<html>"), []string{"a web page", "with a browser"}},
		{"a refusal of S3", []byte(`<?xml version="1.0"?><Error>`), []string{"a web page"}},
		{"a refusal in JSON", []byte(`{"error": "quota"}`), []string{"JSON", "download the file again"}},
		{"a pointer of Git LFS", []byte("version https://git-lfs.github.com/spec/v1\noid sha256:"), []string{"Git LFS", "git lfs pull"}},
		{"a program", []byte("MZ\x90\x00"), []string{"self-extracting", "7z x"}},
		{"a gzipped file that is no archive", gzipped(t, []byte("text")), []string{"not a tar archive", "gunzip"}},
		{"a gzipped zip", gzipped(t, whole), []string{"a zip archive"}},
		{"nothing at all", nil, []string{"is empty"}},
		{"zeros", make([]byte, 5000), []string{"neither a zip nor a tar"}},
		{"text", []byte("hello"), []string{"neither a zip nor a tar"}},
		{"a gzipped tar that was cut", zipped[:len(zipped)-20], []string{"is truncated", "download it again"}},
		{"a gzipped tar whose check sum is wrong, after tar's own end", patched(zipped, len(zipped)-8, "\x00\x00\x00\x00"), []string{"checksum", "download it again"}},
		{"the same, after other bytes", patched(noise, len(noise)-8, "\x00\x00\x00\x00"), []string{"checksum", "download it again"}},
		{"a tar that was cut", plainTar(t, tar.FormatGNU, tar.Header{Name: "a"})[:tarBlock], []string{"is truncated", "download it again"}},
	} {
		parent := t.TempDir()
		path := write(t, "archive", row.archive)
		err := Extract(path, filepath.Join(parent, "set"), ExtractLimits{})
		for _, says := range append(row.says, path) {
			if err == nil || !strings.Contains(err.Error(), says) {
				t.Errorf("%s: error %v, want one that says %q", row.why, err, says)
			}
		}
		if left, _ := os.ReadDir(parent); len(left) != 0 {
			t.Errorf("%s: %v is left", row.why, left)
		}
	}
	// Endless zeros after a tar archive's end are read only up to the limits.
	for _, after := range []string{"\x00", "x"} {
		bomb := gzipped(t, append(plainTar(t, tar.FormatGNU, tar.Header{Name: "a"}), strings.Repeat(after, 100_000)...))
		if err := Extract(write(t, "bomb", bomb), filepath.Join(t.TempDir(), "set"), ExtractLimits{Bytes: 50_000}); err == nil || !strings.Contains(err.Error(), "more than 50000 bytes follow") {
			t.Errorf("error %v, want one of the limit", err)
		}
	}
	if err := Extract(t.TempDir(), filepath.Join(t.TempDir(), "set"), ExtractLimits{}); err == nil || !strings.Contains(err.Error(), "not a file") {
		t.Errorf("error %v, want that a folder is not a file", err)
	}
}

// Names that differ only in upper and lower case are two on most file systems of Linux; on
// others the second is refused, and the error names it.
func TestExtractNamesThatDifferInCase(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "set")
	err := Extract(write(t, "archive", zipNamed(t, "a.jpg", "A.jpg")), dir, ExtractLimits{})
	if err != nil && !strings.Contains(err.Error(), `"A.jpg" occurs twice`) {
		t.Errorf("error %v, want none, or one that names the entry", err)
	}
	if got := unpacked(t, dir); err == nil && len(got) != 2 {
		t.Errorf("%v", got)
	}
}
