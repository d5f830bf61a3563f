package datasets

import (
	"strings"
	"testing"
)

// Wherever an undamaged file is cut off, it is read because no pixel is missing, or the error says
// that it is cut off, whatever the decoder's error is.
func TestCutImages(t *testing.T) {
	files := archived(t)
	for _, row := range readableImages {
		for name := range strings.FieldsSeq(row.names) {
			for n := len(files[name]) - 1; n > 30; n -= 1 + n/40 {
				data := files[name][:n]
				_, read, err := imageKind(data)
				if err != nil {
					t.Fatalf("%s, %d bytes: %v", name, n, err)
				}
				p, err := read(data)
				if err == nil {
					_, err = p.decode()
				}
				if err != nil && !strings.Contains(err.Error(), "the file is cut off") {
					t.Errorf("%s, %d of %d bytes: %v", name, n, len(files[name]), err)
					break
				}
			}
		}
	}
}
