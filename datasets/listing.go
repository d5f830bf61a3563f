package datasets

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// folderFile is an image file that was found but not yet read.
type folderFile struct {
	name             string // "class/file", or "class" if that folder cannot be listed
	class            int32
	size             int64  // bytes
	written, changed int64  // the date that users can set, and the system's own, in nanoseconds
	err              error  // why it cannot be an image; then only name, class and by are set
	by               string // where a list names it, "LIST:LINE: "; "": it was found in the folder
}

// listFolder finds the class folders and the files in them, in order of name. It omits files
// beside class folders, and whatever passedOver matches. A class folder that cannot be listed
// counts as one unusable file of that class.
func listFolder(dir string) (files []folderFile, classes []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, reason(err)
	}
	forms := map[string]string{} // a class name in a common form of Unicode → the name on disk
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		if passedOver(e.Name(), true) {
			continue
		}
		info, err := os.Stat(path) // a class folder may be a link to one
		switch {
		case errors.Is(err, fs.ErrPermission):
			files = append(files, folderFile{name: e.Name(), err: reason(err)})
			continue
		case err != nil || !info.IsDir(): // a broken or circular link, or a file
			continue
		case e.Type()&fs.ModeSymlink != 0 && leadsBack(info, dir):
			continue
		}
		form := norm.NFC.String(e.Name())
		if other, ok := forms[form]; ok {
			return nil, nil, fmt.Errorf("class folders %s and %s are one name in two forms of Unicode: move their images into one folder",
				strconv.QuoteToASCII(other), strconv.QuoteToASCII(e.Name()))
		}
		forms[form] = e.Name()
		inside, err := os.ReadDir(path)
		if err != nil {
			files = append(files, folderFile{name: e.Name(), class: int32(len(classes)), err: reason(err)})
		}
		for _, f := range inside {
			found := listed(filepath.Join(path, f.Name()))
			if ofCloud(f.Name()) {
				found = folderFile{err: errOfCloud}
			} else if passedOver(f.Name(), errors.Is(found.err, errFolder)) {
				continue
			}
			found.name, found.class = e.Name()+"/"+f.Name(), int32(len(classes))
			files = append(files, found)
		}
		classes = append(classes, e.Name())
	}
	if len(classes) == 0 && len(files) > 0 {
		return nil, nil, fmt.Errorf("%s: %w", files[0].name, files[0].err)
	}
	if len(classes) == 0 {
		return nil, nil, fmt.Errorf("it has no class sub-folders: want %s", filepath.Join(dir, "CLASS", "image.jpg"))
	}
	return files, classes, nil
}

// errOfCloud is the error for a placeholder of an image in iCloud. If it were ignored like
// other names that begin with ".", the domain would lack the image without a message.
var errOfCloud = errors.New("the image is in iCloud, not on this machine: download it in the Finder")

// ofCloud reports whether a name is like .a.jpg.icloud, the placeholder of a.jpg.
func ofCloud(name string) bool {
	return strings.HasPrefix(name, ".") && strings.HasSuffix(strings.ToLower(name), ".icloud")
}

// errFolder is the error for a folder in place of an image.
var errFolder = errors.New("a folder, want image files in the class folder itself")

// listed returns what is known about a file without opening it: opening a FIFO would block.
func listed(path string) folderFile {
	info, err := os.Stat(path)
	if err != nil { // a broken or circular link, or removed just now
		return folderFile{err: reason(err)}
	}
	if err := notAFile(info); err != nil {
		return folderFile{err: err}
	}
	return folderFile{size: info.Size(), written: info.ModTime().UnixNano(), changed: changed(info)}
}

// notAFile returns an error that says what a non-regular file is; nil for a regular file.
func notAFile(info fs.FileInfo) error {
	switch mode := info.Mode(); {
	case mode.IsRegular():
		return nil
	case mode.IsDir():
		return errFolder
	case mode&fs.ModeNamedPipe != 0:
		return errors.New("a FIFO, not a file")
	case mode&fs.ModeSocket != 0:
		return errors.New("a socket, not a file")
	case mode&fs.ModeDevice != 0:
		return errors.New("a device, not a file")
	}
	return errors.New("not a file")
}

// leadsBack reports whether a folder is dir or one that contains dir.
func leadsBack(folder fs.FileInfo, dir string) bool {
	at, err := filepath.Abs(dir)
	if err == nil {
		at, err = filepath.EvalSymlinks(at)
	}
	if err != nil {
		return false
	}
	for {
		if above, err := os.Stat(at); err == nil && os.SameFile(above, folder) {
			return true
		}
		if at == filepath.Dir(at) {
			return false
		}
		at = filepath.Dir(at)
	}
}

// deeper returns an error if every class folder of dir holds only folders and files lie in
// those: dir is one level too high, as with DIR/images and DIR/train, or the classes have
// sub-folders.
func deeper(dir string, files []folderFile, classes []string) error {
	for _, f := range files {
		if !errors.Is(f.err, errFolder) {
			return nil
		}
	}
	for _, class := range classes {
		below := filepath.Join(dir, class)
		files, _, err := listFolder(below)
		if err != nil {
			continue
		}
		for _, f := range files {
			if f.err == nil {
				return fmt.Errorf("its class sub-folders hold no images directly, but there is one at %s: read %s, if that holds the classes, or move the images to %s",
					shown(filepath.Join(below, filepath.FromSlash(f.name))), shown(below), filepath.Join(dir, "CLASS", "image.jpg"))
			}
		}
	}
	return nil
}
