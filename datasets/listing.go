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

// folderFile is an image file that was found, not yet read.
type folderFile struct {
	name             string // "class/file", or "class" where that folder cannot be listed
	class            int32
	size             int64 // bytes
	written, changed int64 // as the user may date it, and as the system does, in nanoseconds
	err              error // why it cannot be an image; nothing else is known of it then
}

// listFolder finds the class folders and the files in them, in order of name. What lies
// beside class folders, and whatever passedOver names, is not in it. A class folder that
// cannot be listed is one unusable file of that class.
func listFolder(dir string) (files []folderFile, classes []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, reason(err)
	}
	forms := map[string]string{} // a class's name in one form of Unicode → as it is
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
		case err != nil || !info.IsDir(): // a link to nowhere or round in a circle, a file
			continue
		case e.Type()&fs.ModeSymlink != 0 && leadsBack(info, dir):
			continue
		}
		form := norm.NFC.String(e.Name())
		if other, ok := forms[form]; ok {
			return nil, nil, fmt.Errorf("class folders %s and %s are one name in two forms of Unicode: put their images into one of them",
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
		return nil, nil, fmt.Errorf("no class sub-folders: want %s", filepath.Join(dir, "CLASS", "image.jpg"))
	}
	return files, classes, nil
}

// errOfCloud says that what lies here stands for an image that is elsewhere: left out with the
// other names that begin with ".", the domain would lack it, and nothing would say so.
var errOfCloud = errors.New("iCloud has the image, and this machine has not: download it in the Finder")

// ofCloud reports whether a name is that of .a.jpg.icloud, which stands for a.jpg.
func ofCloud(name string) bool {
	return strings.HasPrefix(name, ".") && strings.HasSuffix(strings.ToLower(name), ".icloud")
}

// errFolder says that a folder lies where an image should.
var errFolder = errors.New("a folder, want image files in the class folder itself")

// listed returns what is known of a file without opening it: a FIFO would not answer.
func listed(path string) folderFile {
	info, err := os.Stat(path)
	if err != nil { // a link to nowhere or round in a circle, or gone just now
		return folderFile{err: reason(err)}
	}
	if err := notAFile(info); err != nil {
		return folderFile{err: err}
	}
	return folderFile{size: info.Size(), written: info.ModTime().UnixNano(), changed: changed(info)}
}

// notAFile says what a thing is that has no content of its own, or nil of a regular file.
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

// leadsBack reports whether a folder is dir or one that dir lies in.
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

// deeper returns an error where every class folder of dir holds folders alone and files lie
// in those: dir is one too high, as DIR/images and DIR/train make it, or the classes are
// divided once more.
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
				return fmt.Errorf("no image lies in its class sub-folders themselves, but one lies at %s: read %s, if the classes are in there, or put the images into %s",
					shown(filepath.Join(below, filepath.FromSlash(f.name))), shown(below), filepath.Join(dir, "CLASS", "image.jpg"))
			}
		}
	}
	return nil
}
