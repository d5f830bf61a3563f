package datasets

import (
	"fmt"
	"strings"
)

// An imageReader reads the header of an image file.
type imageReader func(data []byte) (picture, error)

// imageReaders are the readers of the supported kinds of image, by their names in [kinds].
var imageReaders = map[string]imageReader{
	"JPEG": openJPEG,
	"PNG":  openPNG,
	"GIF":  openGIF,
	"WebP": openWebP,
	"BMP":  openBMP,
	"TIFF": openTIFF,
}

// imageKind returns the kind of an image file by its first [head] bytes, and its reader.
// For a file of another kind the error says what it is, and what to do.
func imageKind(data []byte) (name string, read imageReader, err error) {
	switch k, known := kindOf(data); {
	case known && imageReaders[k.name] != nil:
		return k.name, imageReaders[k.name], nil
	case known:
		return "", nil, notRead(k.name, k.image)
	}
	if at := strings.Index(string(data[:min(len(data), head)]), "\xff\xd8\xff"); at > 0 {
		return "", nil, fmt.Errorf("it is not an image of a known kind, but a JPEG seems to begin at byte %d: remove the bytes before it", at)
	}
	return "", nil, fmt.Errorf("it is not an image of a supported kind (%s), or its beginning is damaged: copy or download it again", strings.Join(readKinds(), ", "))
}

// readKinds returns the names of the supported kinds of image.
func readKinds() (names []string) {
	for _, k := range kinds {
		if imageReaders[k.name] != nil {
			names = append(names, k.name)
		}
	}
	return names
}
