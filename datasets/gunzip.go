package datasets

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"compress/bzip2"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
)

// errAfterGzip is the error for other bytes after complete compressed data.
var errAfterGzip = errors.New("other bytes follow the compressed data: remove them (gunzip ignores them with a warning)")

// members reads the members of a gzip file as one, as the standard library does, and ignores
// zeros after them, as gunzip and Python do: tapes and block-wise copies leave them. The
// checksum of a member is verified at its end.
type members struct {
	in *bufio.Reader
	z  *gzip.Reader
}

// gunzip returns a reader of the data compressed in r, which begins with gzip's first bytes.
func gunzip(r io.Reader) (io.Reader, error) {
	in, ok := r.(*bufio.Reader)
	if !ok {
		in = bufio.NewReader(r)
	}
	z, err := gzip.NewReader(in)
	if err != nil {
		return nil, fmt.Errorf("gzip: %w", err)
	}
	z.Multistream(false)
	return &members{in, z}, nil
}

// Read implements io.Reader. It fails with errAfterGzip after the last byte.
func (m *members) Read(p []byte) (int, error) {
	for {
		n, err := m.z.Read(p)
		if err != nil && err != io.EOF {
			return n, err
		}
		if n > 0 || err == nil {
			return n, nil
		}
		if err := m.next(); err != nil {
			return 0, err
		}
	}
}

// next moves to the next member; io.EOF if there is none.
func (m *members) next() error {
	for {
		head, err := m.in.Peek(2)
		switch {
		case len(head) == 0:
			return err // io.EOF, or why no more can be read
		case head[0] == 0:
			m.in.Discard(1)
		case len(head) == 2 && head[0] == 0x1f && head[1] == 0x8b:
			if err := m.z.Reset(m.in); err != nil {
				return err
			}
			m.z.Multistream(false)
			return nil
		default:
			return errAfterGzip
		}
	}
}

// broken adds what to do to the errors of the standard library's readers.
func broken(err error) error {
	var deflated flate.CorruptInputError
	var zipped bzip2.StructuralError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%w: the file is truncated: download it again", err)
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader), errors.Is(err, zip.ErrChecksum), errors.Is(err, tar.ErrHeader), errors.As(err, &deflated), errors.As(err, &zipped):
		return fmt.Errorf("%w: the file is damaged: download it again", err)
	}
	return err
}
