package datasets

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// folderFile is an image file that was found, not yet read.
type folderFile struct {
	name             string // "class/file"
	class            int32
	regular          bool
	size             int64 // bytes
	written, changed int64 // as the user may date it, and as the system does, in nanoseconds
	err              error // why nothing is known of it
}

// listFolder finds the class folders and the files in them, in order of name.
func listFolder(dir string) (files []folderFile, classes []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, reason(err)
	}
	for _, e := range entries {
		// A class folder may be a link to one.
		info, err := os.Stat(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, nil, err
		}
		if strings.HasPrefix(e.Name(), ".") || !info.IsDir() {
			continue
		}
		inside, err := os.ReadDir(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, nil, err
		}
		for _, f := range inside {
			if strings.HasPrefix(f.Name(), ".") {
				continue
			}
			info, err := os.Stat(filepath.Join(dir, e.Name(), f.Name()))
			if err != nil { // a link to nowhere, or gone just now
				files = append(files, folderFile{name: e.Name() + "/" + f.Name(), err: reason(err)})
				continue
			}
			files = append(files, folderFile{e.Name() + "/" + f.Name(), int32(len(classes)),
				info.Mode().IsRegular(), info.Size(), info.ModTime().UnixNano(), changed(info), nil})
		}
		classes = append(classes, e.Name())
	}
	if len(classes) == 0 {
		return nil, nil, fmt.Errorf("no class sub-folders: want %s", filepath.Join(dir, "CLASS", "image.jpg"))
	}
	return files, classes, nil
}
