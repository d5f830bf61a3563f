package datasets

import (
	"archive/zip"
	"bytes"
	"compress/bzip2"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// zipBzip2 is the number of the compression method bzip2.
const zipBzip2 = 12

func unbzip2(r io.Reader) io.ReadCloser { return io.NopCloser(bzip2.NewReader(r)) }

// zipMethods are the compression methods that are not supported, APPNOTE.TXT 4.4.5.
var zipMethods = map[uint16]string{
	1: "Shrink", 2: "Reduce", 3: "Reduce", 4: "Reduce", 5: "Reduce", 6: "Implode", 9: "Deflate64", 10: "PKWARE Implode",
	14: "LZMA", 16: "IBM CMPSC", 18: "IBM TERSE", 19: "IBM LZ77", 20: "Zstandard", 93: "Zstandard", 94: "MP3", 95: "xz",
	96: "JPEG", 97: "WavPack", 98: "PPMd",
}

// zip unpacks a zip archive. It reports whether the file is one; begins says that the file
// begins like one, so it should have an end too.
func (u *unpacker) zip(f io.ReaderAt, size int64, begins bool) (found bool, err error) {
	end, err := zipEnd(f, size)
	if err != nil {
		return begins, err
	}
	switch {
	case end == nil && begins:
		return true, errors.New("it is a zip archive without its end: it is truncated, or one part of several: download it again, or join the parts (zip -s 0 NAME.zip --out whole.zip; cat NAME.zip.* > whole.zip)")
	case end == nil:
		return false, nil
	}
	if disk := binary.LittleEndian.Uint16(end[4:]); disk != 0 && disk != 0xffff {
		return true, fmt.Errorf("it is the last of the %d parts of a split zip archive: join them with: zip -s 0 NAME.zip --out whole.zip, and unpack that", disk+1)
	}
	z, err := zip.NewReader(f, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // such a name is refused below
		if !begins {
			return false, nil // the end mark may occur in any file
		}
		return true, fmt.Errorf("%w: the file is damaged: download it again", err)
	}
	z.RegisterDecompressor(zipBzip2, unbzip2)
	names := make([]string, len(z.File))
	for i, entry := range z.File { // before anything is written
		if names[i], err = zipName(entry.FileHeader); err == nil {
			err = readable(entry)
		}
		if err != nil {
			return true, err
		}
	}
	for i, entry := range z.File {
		folder := entry.Mode().IsDir() || strings.HasSuffix(names[i], `\`) || strings.HasSuffix(names[i], "/")
		if folder {
			if err := u.entry(names[i], true, nil); err != nil {
				return true, err
			}
			continue
		}
		body, err := entry.Open()
		if err != nil {
			return true, fmt.Errorf("entry %q: %w: the archive is damaged, or the last part of several: download it again, or join the parts", names[i], reason(err))
		}
		err = u.entry(names[i], false, body)
		body.Close()
		if err != nil {
			return true, err
		}
	}
	return true, nil
}

// zipEnd returns the end record of a zip archive, from its mark on; nil if there is none. A
// comment, or other bytes, may follow it.
func zipEnd(f io.ReaderAt, size int64) ([]byte, error) {
	const record, comment = 22, 1<<16 - 1
	tail := make([]byte, min(size, record+comment))
	if _, err := f.ReadAt(tail, size-int64(len(tail))); err != nil && err != io.EOF {
		return nil, reason(err)
	}
	if at := bytes.LastIndex(tail, []byte("PK\x05\x06")); at >= 0 && len(tail)-at >= record {
		return tail[at:], nil
	}
	return nil, nil
}

// readable returns an error if an entry cannot be unpacked.
func readable(entry *zip.File) error {
	const encrypted = 1 // the flag, of PKWARE's encryption and of AES
	mode := entry.Mode()
	by, known := zipMethods[entry.Method]
	switch {
	case entry.Flags&encrypted != 0 && !mode.IsDir():
		return fmt.Errorf("entry %q is encrypted: unpack the archive with its password (7z x FILE asks for it)", entry.Name)
	case mode&fs.ModeSymlink != 0:
		return fmt.Errorf("entry %q is a symbolic link: %s", entry.Name, noLinks)
	case !mode.IsDir() && !mode.IsRegular():
		return fmt.Errorf("entry %q is a device or a FIFO: unpack the archive yourself", entry.Name)
	case known:
		return fmt.Errorf("entry %q is compressed by %s, which is not supported: unpack the archive with: 7z x FILE", entry.Name, by)
	case entry.Method != zip.Store && entry.Method != zip.Deflate && entry.Method != zipBzip2:
		return fmt.Errorf("entry %q is compressed by the unknown method %d: unpack the archive with: 7z x FILE", entry.Name, entry.Method)
	}
	return nil
}
