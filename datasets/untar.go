package datasets

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/bzip2"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// tarBlock is what a tar archive is made of, bytes.
const tarBlock = 512

// isTar reports whether a block begins a tar archive, of any format since Unix v7: the check
// sum of a header is right.
func isTar(head []byte) bool {
	if len(head) < tarBlock || bytes.Count(head[:tarBlock], []byte{0}) == tarBlock {
		return false
	}
	_, err := tar.NewReader(bytes.NewReader(head[:tarBlock])).Next()
	return !errors.Is(err, tar.ErrHeader)
}

// Types of entries that package tar has no names for: POSIX.1-2001 leaves these letters to
// vendors, and they are GNU tar's.
const (
	tarLabel    = 'V' // of the volume
	tarDumpDir  = 'D' // a folder, of an incremental dump
	tarContinue = 'M' // the rest of a file that began on another volume
)

// tar unpacks a tar archive, and others that follow its end (tar's option -i). Then it reads
// to the end of what is compressed, where the check sum is.
func (u *unpacker) tar(in *bufio.Reader) error {
	for {
		if err := u.oneTar(in); err != nil {
			return err
		}
		more, n, err := anotherTar(in, u.limits.Bytes)
		if err == nil && !more {
			var rest int64
			rest, err = io.Copy(io.Discard, io.LimitReader(in, u.limits.Bytes))
			n += rest
		}
		if n >= u.limits.Bytes {
			return fmt.Errorf("more than %d bytes follow its end (ExtractLimits.Bytes)", u.limits.Bytes)
		}
		if err != nil && !isAfterEnd(err) {
			return err
		}
		if !more {
			return nil
		}
	}
}

// isAfterEnd reports whether an error is of what follows compressed data that are whole.
func isAfterEnd(err error) bool {
	return errors.Is(err, errAfterGzip) || errors.Is(err, bzip2.StructuralError("bad magic value in continuation file"))
}

// anotherTar passes over blocks of zeros, n bytes, at most so many, and reports whether an
// archive follows.
func anotherTar(in *bufio.Reader, most int64) (more bool, n int64, err error) {
	var zeros [tarBlock]byte
	for n < most {
		block, err := in.Peek(tarBlock)
		if err == io.EOF || err == nil && !bytes.Equal(block, zeros[:]) {
			return isTar(block), n, nil
		}
		if err != nil {
			return false, n, err
		}
		in.Discard(tarBlock)
		n += tarBlock
	}
	return false, n, nil
}

// oneTar unpacks the entries up to the end of an archive.
func (u *unpacker) oneTar(in io.Reader) error {
	t := tar.NewReader(in)
	for {
		header, err := t.Next()
		if err == io.EOF || err != nil && isAfterEnd(err) {
			return nil
		}
		if err != nil && !errors.Is(err, tar.ErrInsecurePath) { // such a name is refused below
			return err
		}
		switch header.Typeflag {
		case tar.TypeXGlobalHeader, tarLabel:
		case tar.TypeReg, tar.TypeCont, tar.TypeGNUSparse:
			err = u.entry(header.Name, strings.HasSuffix(header.Name, `\`), t)
		case tar.TypeDir, tarDumpDir:
			err = u.entry(header.Name, true, nil)
		case tar.TypeLink:
			err = u.hardLink(header.Name, header.Linkname)
		case tar.TypeSymlink:
			err = fmt.Errorf("entry %q is a symbolic link, to %q: %s", header.Name, header.Linkname, noLinks)
		case tarContinue:
			err = fmt.Errorf("entry %q goes on from another volume: join the parts, or unpack them with: tar -xM", header.Name)
		default:
			err = fmt.Errorf("entry %q is a device, a FIFO or of a type not known (%q): unpack it yourself", header.Name, header.Typeflag)
		}
		if err != nil {
			return err
		}
	}
}

// noLinks is what to do about one.
const noLinks = "links are not unpacked, as they may lead elsewhere: unpack it yourself"

// hardLink writes a copy of a file that was unpacked before.
func (u *unpacker) hardLink(name, of string) error {
	if to, err := u.place(name); err != nil || to == "" {
		return err
	}
	from, err := u.place(of)
	if err != nil {
		return fmt.Errorf("entry %q is a link: %w", name, err)
	}
	if info, err := os.Lstat(from); from == "" || err != nil || !info.Mode().IsRegular() {
		return fmt.Errorf("entry %q is a link to %q, which is no file before it in the archive: unpack it yourself", name, of)
	}
	f, err := os.Open(from)
	if err != nil {
		return fmt.Errorf("entry %q: %w", name, err)
	}
	defer f.Close()
	return u.entry(name, false, f)
}
