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

// ExtractLimits limit what an archive may unpack to. A zero field means the default.
type ExtractLimits struct {
	Bytes int64 // size of all files together; default 16 GiB
	Files int   // number of files and folders; default one million
}

// Extract unpacks a zip archive, or a tar archive (plain, gzip or bzip2), into dir, which
// must not exist. It recognizes the format by the content, not by the name; a zip archive may
// have bytes before it, like a self-extracting one. Extract unpacks beside dir and renames on
// success, so dir is complete or absent.
//
// "\" separates folders as "/" does, since some Windows archivers write it. What macOS's
// archiver adds, __MACOSX and ._NAME, is skipped. A hard link in a tar archive becomes a copy.
//
// Extract refuses an archive of another format, one that is encrypted, split or compressed by
// an unsupported method, and one that is truncated; the error says what to do. A tar archive
// without the zeros at its end counts as truncated, since more entries may have followed. Also
// refused, by name, are an entry with an absolute path or a path outside dir, a symbolic link,
// a device, and a name that occurs twice or is not UTF-8 (a zip archive seldom says which
// encoding it is). An archive beyond the limits is refused too.
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
	info, err := os.Stat(archive) // before opening it: opening a FIFO would block
	if err != nil {
		return reason(err)
	}
	if !info.Mode().IsRegular() {
		return errors.New("not a file: want an archive")
	}
	exists := fmt.Errorf("%s already exists: name another folder, or remove it", shown(dir))
	dir = filepath.Clean(dir) // the parent of "set/" would be "set"
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
		return errors.New("the archive has no entries: download it again")
	}
	if err := os.Chmod(work, 0o777&^0o022); err != nil {
		return err
	}
	err = os.Rename(work, dir)
	if _, there := os.Lstat(dir); err != nil && there == nil { // another program created it first
		return exists
	}
	return err
}

// unpacker writes entries below dir within the limits.
type unpacker struct {
	dir    string
	limits ExtractLimits
	bytes  int64 // left
	files  int   // left
}

// unpack recognizes an archive's format and unpacks it.
func (u *unpacker) unpack(f *os.File, size int64) error {
	in := bufio.NewReader(f)
	head, err := in.Peek(tarBlock)
	switch {
	case err != nil && err != io.EOF:
		return reason(err)
	case len(head) == 0:
		return errors.New("the file is empty: download it again")
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
		return fmt.Errorf("it is %s", is)
	}
	return fmt.Errorf("it begins with % x: neither a zip nor a tar archive", head[:min(len(head), 4)])
}

// compressed unpacks a compressed tar archive.
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
		return fmt.Errorf("it is compressed by %s, but its content is not a tar archive: it is %s", by, is)
	}
	return fmt.Errorf("it is compressed by %s, but its content is not a tar archive: unpack it with: %s FILE", by, undo)
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
		return fmt.Errorf("entry %q occurs twice, or differs from another only in upper and lower case, which this disk ignores: unpack it yourself and keep the right one", name)
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
		return fmt.Errorf("it unpacks to more than %d bytes (ExtractLimits.Bytes)", u.limits.Bytes)
	}
	return nil
}

// place returns where to write an entry with a UTF-8 name; "" if the entry is skipped.
func (u *unpacker) place(name string) (string, error) {
	if !utf8.ValidString(name) {
		return "", fmt.Errorf("entry %q: its name is not UTF-8: unpack the archive yourself, and rename the file", name)
	}
	local := path.Clean(strings.ReplaceAll(name, `\`, "/"))
	drive := len(local) > 1 && local[1] == ':' && (len(local) == 2 || local[2] == '/') && 'A' <= local[0]&^0x20 && local[0]&^0x20 <= 'Z'
	switch {
	case drive || strings.HasPrefix(local, "/"):
		return "", fmt.Errorf("entry %q has an absolute path, outside the folder: unpack the archive yourself", name)
	case !filepath.IsLocal(filepath.FromSlash(local)):
		return "", fmt.Errorf("entry %q has a path outside the folder: the archive is not used", name)
	}
	for _, part := range strings.Split(local, "/") {
		if strings.EqualFold(part, "__MACOSX") || strings.HasPrefix(part, "._") {
			return "", nil
		}
	}
	return filepath.Join(u.dir, filepath.FromSlash(local)), nil
}
