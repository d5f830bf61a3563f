package datasets

import (
	"bufio"
	"compress/bzip2"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// ExtractLimits bound what an archive may unpack to. A zero field is the default.
type ExtractLimits struct {
	Bytes int64 // of all files together; default 16 GiB
	Files int   // default one million
}

// Extract unpacks a zip archive, or a tar archive, plain, gzipped or by bzip2, into dir,
// which must not exist. What it is is told by its content, not by its name; a zip may have
// bytes before it, as a self-extracting one has. It unpacks beside dir and renames when all
// went well, so dir is whole or absent.
//
// "\" divides folders as "/" does, since archivers of Windows wrote it. What macOS's archiver
// adds, __MACOSX and ._NAME, is left out. A hard link of a tar becomes a copy.
//
// An archive of another kind, encrypted, split, or by a compression that is not read is
// refused with what to do, and so is one that was cut: a tar without the zeros at its end, too,
// since what followed there is not known. So is, by name, an entry that is absolute or climbs out of dir, a
// symbolic link, a device, a name that is there twice or is not UTF-8 (a zip seldom says what
// else it is), and an archive beyond the limits.
func Extract(archive, dir string, limits ExtractLimits) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("extract %s: %w", shown(archive), err)
		}
	}()
	if limits.Bytes == 0 {
		limits.Bytes = 16 << 30
	}
	if limits.Files == 0 {
		limits.Files = 1_000_000
	}
	info, err := os.Stat(archive) // before it is opened: a FIFO would not answer
	if err != nil {
		return reason(err)
	}
	if !info.Mode().IsRegular() {
		return errors.New("is not a file: want an archive")
	}
	exists := fmt.Errorf("%s exists already: name another folder, or remove it", shown(dir))
	dir = filepath.Clean(dir) // "set/" has its last folder in itself
	if _, err := os.Lstat(dir); err == nil {
		return exists
	}
	f, err := os.Open(archive)
	if err != nil {
		return reason(err)
	}
	defer f.Close()
	if err := os.MkdirAll(filepath.Dir(dir), 0o777); err != nil {
		return err
	}
	work, err := os.MkdirTemp(filepath.Dir(dir), filepath.Base(dir)+".part-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	out := unpacker{dir: work, limits: limits, bytes: limits.Bytes, files: limits.Files}
	if err := out.unpack(f, info.Size()); err != nil {
		return broken(err)
	}
	if out.files == limits.Files {
		return errors.New("nothing is in it: get it again")
	}
	if err := os.Chmod(work, 0o777&^0o022); err != nil {
		return err
	}
	err = os.Rename(work, dir)
	if _, there := os.Lstat(dir); err != nil && there == nil { // another program was quicker
		return exists
	}
	return err
}

// unpacker writes entries below dir while the limits last.
type unpacker struct {
	dir    string
	limits ExtractLimits
	bytes  int64 // left
	files  int   // left
}

// unpack finds out what an archive is, and unpacks it.
func (u *unpacker) unpack(f *os.File, size int64) error {
	in := bufio.NewReader(f)
	head, err := in.Peek(tarBlock)
	switch {
	case err != nil && err != io.EOF:
		return reason(err)
	case len(head) == 0:
		return errors.New("is empty: get it again")
	case isTar(head):
		return u.tar(in)
	case strings.HasPrefix(string(head), "\x1f\x8b"):
		inside, err := gunzip(in)
		if err != nil {
			return err
		}
		return u.compressed(inside, "gzip", "gunzip")
	case strings.HasPrefix(string(head), "BZh"):
		return u.compressed(bzip2.NewReader(in), "bzip2", "bunzip2")
	}
	is := fileKind(head)
	switch found, err := u.zip(f, size, strings.HasPrefix(string(head), "PK")); {
	case found:
		return err
	case is != "":
		return fmt.Errorf("is %s", is)
	}
	return fmt.Errorf("begins with % x: neither a zip nor a tar archive", head[:min(len(head), 4)])
}

// compressed unpacks the tar archive that was compressed.
func (u *unpacker) compressed(r io.Reader, by, undo string) error {
	in := bufio.NewReader(r)
	head, err := in.Peek(tarBlock)
	switch {
	case err != nil && err != io.EOF && !errors.Is(err, errAfterGzip):
		return err
	case isTar(head):
		return u.tar(in)
	}
	if is := fileKind(head); is != "" {
		return fmt.Errorf("is compressed by %s, and what is inside is not a tar archive, but %s", by, is)
	}
	return fmt.Errorf("is compressed by %s, but what is inside is not a tar archive: unpack it with: %s FILE", by, undo)
}

// entry writes one file or folder.
func (u *unpacker) entry(name string, folder bool, body io.Reader) error {
	to, err := u.place(name)
	if err != nil || to == "" {
		return err
	}
	if u.files--; u.files < 0 {
		return fmt.Errorf("more than %d entries (ExtractLimits.Files)", u.limits.Files)
	}
	if folder {
		if err := os.MkdirAll(to, 0o777); err != nil {
			return fmt.Errorf("entry %q: %w", name, reason(err))
		}
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		return fmt.Errorf("entry %q: %w", name, reason(err))
	}
	f, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("entry %q is there twice, or this disk takes its name for another's (upper and lower case): unpack it yourself and keep the right one", name)
	}
	if err != nil {
		return fmt.Errorf("entry %q: %w", name, reason(err))
	}
	n, err := io.Copy(f, io.LimitReader(body, u.bytes+1))
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return fmt.Errorf("entry %q: %w", name, reason(err))
	}
	if u.bytes -= n; u.bytes < 0 {
		return fmt.Errorf("unpacks to more than %d bytes (ExtractLimits.Bytes)", u.limits.Bytes)
	}
	return nil
}

// place returns where an entry of a name in UTF-8 goes; "" where it is left out.
func (u *unpacker) place(name string) (string, error) {
	if !utf8.ValidString(name) {
		return "", fmt.Errorf("entry %q: its name is not UTF-8: unpack it yourself, and rename it", name)
	}
	local := path.Clean(strings.ReplaceAll(name, `\`, "/"))
	drive := len(local) > 1 && local[1] == ':' && (len(local) == 2 || local[2] == '/') && 'A' <= local[0]&^0x20 && local[0]&^0x20 <= 'Z'
	switch {
	case drive || strings.HasPrefix(local, "/"):
		return "", fmt.Errorf("entry %q is absolute: it would be written elsewhere: unpack it yourself", name)
	case !filepath.IsLocal(filepath.FromSlash(local)):
		return "", fmt.Errorf("entry %q climbs out of the archive: nothing is used of it", name)
	}
	for _, part := range strings.Split(local, "/") {
		if strings.EqualFold(part, "__MACOSX") || strings.HasPrefix(part, "._") {
			return "", nil
		}
	}
	return filepath.Join(u.dir, filepath.FromSlash(local)), nil
}
