package datasets

import (
	"errors"
	"fmt"
	"image"
)

// A picture is an image file whose header has been read.
type picture struct {
	width, height int
	orientation   int   // 1, as it is stored, to 8: where the first row and the first column belong, as EXIF counts
	turned        bool  // it is rotated by its orientation even if [FolderConfig].AsShown is not set
	memory        int64 // approximate memory of decode, bytes
	decode        func() (image.Image, error)
}

// What to do with an unsupported kind of image.
const (
	asPhoto   = "save it as JPEG or PNG"
	asPicture = "save the picture that you need from it as PNG"
	asPNG     = "save it as PNG"
	asBytes   = "scale it to 0…255 and save it as PNG"
)

// notRead returns the error for a file of an unsupported kind, as far as known undamaged.
func notRead(what, advice string) error {
	return &notReadError{fmt.Sprintf("it is %s, which is not supported: %s", what, advice)}
}

type notReadError struct{ message string }

func (e *notReadError) Error() string { return e.message }

// errCut is the error that cutOff wraps.
var errCut = errors.New("the file is cut off")

// cutOff returns the error for missing pixels at the end of a file. where says where the file
// ends: "before its pixels begin", "after 3 of 8 rows", or "" if that is not known.
func cutOff(where string, a ...any) error {
	if where != "" {
		where = " " + fmt.Sprintf(where, a...)
	}
	return fmt.Errorf("%w%s: copy or download it again", errCut, where)
}

// beforePixels is where a file ends that has an incomplete header.
const beforePixels = "before its pixels begin"
