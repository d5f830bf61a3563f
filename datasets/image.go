package datasets

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
)

// Limits limit what an image file, or a folder of them, may take. A zero field means the
// default.
type Limits struct {
	Bytes  int64 // of the file; default 512 MiB, which holds as many pixels as the next line allows, unpacked
	Pixels int64 // of the image, width × height, read from its header before it is decoded; default 178,956,970, as in Pillow
	Memory int64 // of all images of a folder together, once decoded and resized, bytes; default 4 GiB
}

// The default of Pixels accepts images from phone cameras (50 or 108 million pixels) and
// refuses sizes that only an attack or an accident has. It is Pillow's limit: ReadFolder
// can read the same images of a data set.
func (l Limits) withDefaults() Limits {
	if l.Bytes == 0 {
		l.Bytes = 512 << 20
	}
	if l.Pixels == 0 {
		l.Pixels = 178_956_970
	}
	if l.Memory == 0 {
		l.Memory = 4 << 30
	}
	return l
}

// openImage reads the header of an image file of a supported kind ([imageReaders]). Grey,
// palette, CMYK and 16-bit images stay as decoded, and become RGB when they are resized.
func openImage(path string, limits Limits) (picture, error) {
	data, kind, read, err := readFile(path, limits.Bytes)
	if err != nil {
		return picture{}, err
	}
	damaged := func(err error) error {
		var other *notReadError
		if err == nil || errors.As(err, &other) {
			return err
		}
		if errors.Is(err, errCut) {
			return fmt.Errorf("damaged %s: %w", kind, err)
		}
		return fmt.Errorf("damaged %s: %w: copy or download it again", kind, err)
	}
	p, err := read(data)
	if err != nil {
		return picture{}, damaged(err)
	}
	if w, h := int64(p.width), int64(p.height); w < 1 || h < 1 || w > limits.Pixels/h {
		return picture{}, fmt.Errorf("%s of %d×%d pixels, want 1 to %d pixels in all (Limits.Pixels): make the image smaller, or raise the limit", kind, w, h, limits.Pixels)
	}
	decode := p.decode
	p.decode = func() (image.Image, error) {
		img, err := decode()
		if err == nil && img.Bounds().Size() != image.Pt(p.width, p.height) {
			err = fmt.Errorf("its size is %v pixels, but its header says %d×%d", img.Bounds().Size(), p.width, p.height)
		}
		return img, damaged(err)
	}
	return p, nil
}

// readFile reads a file of a supported kind, if it has at most most bytes. Of other files,
// such as videos, it reads only the beginning.
func readFile(path string, most int64) (data []byte, kind string, read imageReader, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, "", nil, err
	}
	defer f.Close()
	first := make([]byte, head)
	n, err := io.ReadFull(f, first)
	switch {
	case n == 0 && errors.Is(err, io.EOF):
		return nil, "", nil, errors.New("the file is empty: copy it again, or remove it")
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return nil, "", nil, err
	}
	if kind, read, err = imageKind(first[:n]); err != nil {
		return nil, "", nil, err
	}
	all := bytes.NewBuffer(first[:n:n])
	if info, err := f.Stat(); err == nil {
		all.Grow(int(min(info.Size(), most)) + bytes.MinRead)
	}
	if _, err := io.Copy(all, io.LimitReader(f, most+1-int64(n))); err != nil {
		return nil, "", nil, err
	}
	if int64(all.Len()) > most {
		return nil, "", nil, fmt.Errorf("%s of more than %d bytes (Limits.Bytes): make the file smaller, or raise the limit", kind, most)
	}
	return all.Bytes(), kind, read, nil
}
