package datasets

import (
	"errors"
	"fmt"
	"image"
)

// A picture is an image file whose header was read.
type picture struct {
	width, height int
	orientation   int   // 1, as it is stored, to 8: where the first row and the first column belong, as EXIF counts
	turned        bool  // it is turned by its orientation whether [FolderConfig].AsShown is set or not
	memory        int64 // what decode takes, bytes, about
	decode        func() (image.Image, error)
}

// What to do with a kind of image that is not read.
const (
	asPhoto   = "save it as JPEG or PNG"
	asPicture = "save the picture that you want of it as PNG"
	asPNG     = "save it as PNG"
	asBytes   = "scale it to 0…255 and save it as PNG"
)

// notRead says that a kind of file is sound, for all that is known, but not read.
func notRead(what, advice string) error {
	return &notReadError{fmt.Sprintf("it is %s, which is not read: %s", what, advice)}
}

type notReadError struct{ message string }

func (e *notReadError) Error() string { return e.message }

// errCut is what cutOff wraps.
var errCut = errors.New("the file is cut off")

// cutOff says that pixels are missing at the end of a file, and where it ends: "before
// its pixels begin", "after 3 of 8 rows", or "" where that is not known.
func cutOff(where string, a ...any) error {
	if where != "" {
		where = " " + fmt.Sprintf(where, a...)
	}
	return fmt.Errorf("%w%s: copy or download it again", errCut, where)
}

// beforePixels is where files are cut whose header is not whole.
const beforePixels = "before its pixels begin"
