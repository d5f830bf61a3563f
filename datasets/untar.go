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

// tarBlock is the block size of a tar archive, bytes.
const tarBlock = 512

// isTar reports whether a block begins a tar archive, of any format since Unix v7: the
// header's checksum is right.
func isTar(head []byte) bool {
	if len(head) < tarBlock || bytes.Count(head[:tarBlock], []byte{0}) == tarBlock {
		return false
	}
	_, err := tar.NewReader(bytes.NewReader(head[:tarBlock])).Next()
	return !errors.Is(err, tar.ErrHeader)
}

// GNU tar's types of entries, which package tar has no names for: POSIX.1-2001 leaves these
// letters to vendors.
const (
	tarLabel    = 'V' // of the volume
	tarDumpDir  = 'D' // a folder, of an incremental dump
	tarContinue = 'M' // the rest of a file that began on another volume
)

// tar unpacks a tar archive, and others that follow its end (tar's option -i). Then it reads
// to the end of the compressed data, where the checksum is.
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
			return fmt.Errorf("more than %d bytes follow the archive's end (ExtractLimits.Bytes)", u.limits.Bytes)
		}
		if err != nil && !isAfterEnd(err) {
			return err
		}
		if !more {
			return nil
		}
	}
}

// isAfterEnd reports whether an error is about bytes after complete compressed data.
func isAfterEnd(err error) bool {
	return errors.Is(err, errAfterGzip) || errors.Is(err, bzip2.StructuralError("bad magic value in continuation file"))
}

// anotherTar skips blocks of zeros, n bytes, up to the limit most, and reports whether an
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

// oneTar unpacks the entries up to the archive's end mark. Without a mark the archive may have
// been cut off between two entries, so it is refused, though tar itself unpacks it: otherwise
// part of a data set could be missing without a message.
func (u *unpacker) oneTar(in *bufio.Reader) error {
	read := &counter{in: in}
	t := tar.NewReader(read)
	for {
		if ended, err := tarEnds(in, int(-read.n&(tarBlock-1))); ended || err != nil {
			return err
		}
		header, err := t.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil && !errors.Is(err, tar.ErrInsecurePath) { // such a name is refused below
			return err
		}
		if err := u.tarEntry(header, t); err != nil {
			return err
		}
		rest, err := io.Copy(io.Discard, io.LimitReader(t, u.limits.Bytes)) // of a skipped entry
		if err != nil {
			return err
		}
		if rest == u.limits.Bytes && rest > 0 {
			return fmt.Errorf("entry %q unpacks to more than %d bytes (ExtractLimits.Bytes)", header.Name, rest)
		}
	}
}

// counter counts what is read.
type counter struct {
	in io.Reader
	n  int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.in.Read(p)
	c.n += int64(n)
	return n, err
}

// errNoTarEnd is the error for a tar archive that ends where another entry could follow.
var errNoTarEnd = errors.New("the file is truncated: it lacks the two blocks of zeros that end a tar archive: download it again, or, if it was written like this, unpack it with: tar -xf FILE")

// tarEnds checks the data after an entry and its padding. It reports whether they are a
// truncated end mark: fewer than two blocks of zeros, after which no entry can follow. A
// complete mark is left for package tar. No data at all are an error.
func tarEnds(in *bufio.Reader, padding int) (bool, error) {
	ahead, err := in.Peek(padding + 2*tarBlock)
	if err == nil {
		return false, nil
	}
	if err != io.EOF && !isAfterEnd(err) {
		return false, nil // package tar reports it, if it gets there
	}
	switch {
	case len(ahead) < padding:
		return false, fmt.Errorf("the archive ends in the padding of an entry: %w", io.ErrUnexpectedEOF)
	case len(ahead) == padding:
		return false, errNoTarEnd
	}
	return len(bytes.Trim(ahead[padding:], "\x00")) == 0, nil
}

// tarEntry unpacks one entry.
func (u *unpacker) tarEntry(header *tar.Header, body io.Reader) error {
	switch header.Typeflag {
	case tar.TypeXGlobalHeader, tarLabel:
		return nil
	case tar.TypeReg, tar.TypeCont, tar.TypeGNUSparse:
		folder := strings.HasSuffix(header.Name, "/") || strings.HasSuffix(header.Name, `\`) // tar treats it as one
		return u.entry(header.Name, folder, body)
	case tar.TypeDir, tarDumpDir:
		return u.entry(header.Name, true, nil)
	case tar.TypeLink:
		return u.hardLink(header.Name, header.Linkname)
	case tar.TypeSymlink:
		return fmt.Errorf("entry %q is a symbolic link, to %q: %s", header.Name, header.Linkname, noLinks)
	case tarContinue:
		return fmt.Errorf("entry %q continues from another volume: join the parts, or unpack them with: tar -xM", header.Name)
	}
	return fmt.Errorf("entry %q is a device, a FIFO or of an unknown type (%q): unpack the archive yourself", header.Name, header.Typeflag)
}

// noLinks says what to do about a symbolic link.
const noLinks = "links are not unpacked, as they may lead outside the folder: unpack the archive yourself"

// hardLink writes a copy of a file that has already been unpacked.
func (u *unpacker) hardLink(name, of string) error {
	if to, err := u.place(name); err != nil || to == "" {
		return err
	}
	from, err := u.place(of)
	if err != nil {
		return fmt.Errorf("entry %q is a link: %w", name, err)
	}
	if info, err := os.Lstat(from); from == "" || err != nil || !info.Mode().IsRegular() {
		return fmt.Errorf("entry %q is a link to %q, which is not an earlier file in the archive: unpack the archive yourself", name, of)
	}
	f, err := os.Open(from)
	if err != nil {
		return fmt.Errorf("entry %q: %w", name, err)
	}
	defer f.Close()
	return u.entry(name, false, f)
}
