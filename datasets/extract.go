package datasets

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
)

// ExtractLimits bound what an archive may unpack to. A zero field is the default.
type ExtractLimits struct {
	Bytes int64 // of all files together; default 16 GiB
	Files int   // default one million
}

// Extract unpacks a zip or gzipped tar archive, told by its first bytes, into dir,
// which must not exist. It unpacks beside dir and renames when all went well, so dir
// is whole or absent.
//
// An entry whose name is absolute or climbs out of dir, a link, or anything but a
// file or folder is refused by name, and so is an archive beyond the limits.
func Extract(archive, dir string, limits ExtractLimits) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("extract %s: %w", archive, err)
		}
	}()
	if limits.Bytes == 0 {
		limits.Bytes = 16 << 30
	}
	if limits.Files == 0 {
		limits.Files = 1_000_000
	}
	if _, err := os.Lstat(dir); err == nil {
		return fmt.Errorf("%s exists already", dir)
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o777); err != nil {
		return err
	}
	work, err := os.MkdirTemp(filepath.Dir(dir), filepath.Base(dir)+".part-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	f, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer f.Close()
	var magic [4]byte
	if _, err := io.ReadFull(f, magic[:]); err != nil {
		return fmt.Errorf("too short for an archive: %w", err)
	}
	out := unpacker{dir: work, limits: limits, bytes: limits.Bytes, files: limits.Files}
	switch {
	case bytes.Equal(magic[:], []byte("PK\x03\x04")):
		err = out.zip(archive)
	case magic[0] == 0x1f && magic[1] == 0x8b:
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return err
		}
		err = out.tar(f)
	default:
		err = fmt.Errorf("begins with % x: neither zip nor gzip", magic)
	}
	if err != nil {
		return err
	}
	if err := os.Chmod(work, 0o777&^0o022); err != nil {
		return err
	}
	return os.Rename(work, dir)
}

// unpacker writes entries below dir while the limits last.
type unpacker struct {
	dir    string
	limits ExtractLimits
	bytes  int64 // left
	files  int   // left
}

func (u *unpacker) zip(archive string) error {
	z, err := zip.OpenReader(archive)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // such a name is refused below
		return err
	}
	defer z.Close()
	for _, entry := range z.File {
		mode := entry.Mode()
		if !mode.IsDir() && !mode.IsRegular() {
			return fmt.Errorf("entry %q is a link or special file", entry.Name)
		}
		body, err := entry.Open()
		if err != nil {
			return fmt.Errorf("entry %q: %w", entry.Name, err)
		}
		err = u.entry(entry.Name, mode.IsDir(), body)
		body.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

func (u *unpacker) tar(f io.Reader) error {
	z, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	t := tar.NewReader(z)
	for {
		header, err := t.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil && !errors.Is(err, tar.ErrInsecurePath) {
			return err
		}
		switch header.Typeflag {
		case tar.TypeXGlobalHeader:
			continue
		case tar.TypeReg, tar.TypeDir:
		default:
			return fmt.Errorf("entry %q is a link or special file", header.Name)
		}
		if err := u.entry(header.Name, header.Typeflag == tar.TypeDir, t); err != nil {
			return err
		}
	}
}

// entry writes one file or folder.
func (u *unpacker) entry(name string, folder bool, body io.Reader) error {
	if clean := path.Clean(name); !filepath.IsLocal(filepath.FromSlash(clean)) {
		return fmt.Errorf("entry %q climbs out of the archive", name)
	}
	if u.files--; u.files < 0 {
		return fmt.Errorf("more than %d entries", u.limits.Files)
	}
	to := filepath.Join(u.dir, filepath.FromSlash(name))
	if folder {
		return os.MkdirAll(to, 0o777)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		return err
	}
	f, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	if err != nil {
		return fmt.Errorf("entry %q: %w", name, err)
	}
	n, err := io.Copy(f, io.LimitReader(body, u.bytes+1))
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return fmt.Errorf("entry %q: %w", name, err)
	}
	if u.bytes -= n; u.bytes < 0 {
		return fmt.Errorf("unpacks to more than %d bytes", u.limits.Bytes)
	}
	return nil
}
