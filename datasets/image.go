package datasets

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"slices"

	"golang.org/x/image/draw"
)

// Limits bound what an image file, or a folder of them, may ask for. A zero field is the
// default.
type Limits struct {
	Bytes  int64 // of the file; default 512 MiB, which holds as many pixels as the next line allows, unpacked
	Pixels int64 // of the image, width × height, read from its header before it is decoded; default 178,956,970, as in Pillow
	Memory int64 // of all images of a folder together, once decoded and resized, bytes; default 4 GiB
}

// The default of Pixels lets through what a telephone's camera gives (50 or 108 million)
// and stops what only an attack or an accident does. It is where Pillow stops: what others
// can read of a data set, ReadFolder can.
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

// A picture is an image file whose header was read.
type picture struct {
	width, height int
	orientation   int   // EXIF's: 1, as it is stored, to 8
	memory        int64 // what decode takes, bytes, about
	decode        func() (image.Image, error)
}

// openImage reads the header of an image file of a kind that is read ([kinds]). Grey,
// palette, CMYK and 16-bit images come as their decoders give them, and become RGB when
// they are resized.
func openImage(path string, limits Limits) (picture, error) {
	data, k, err := readFile(path, limits.Bytes)
	if err != nil {
		return picture{}, err
	}
	damaged := func(err error) error {
		var other *notReadError
		if err == nil || errors.As(err, &other) {
			return err
		}
		return fmt.Errorf("damaged %s: %w", k.name, err)
	}
	p, err := k.open(data)
	if err != nil {
		return picture{}, damaged(err)
	}
	if w, h := int64(p.width), int64(p.height); w < 1 || h < 1 || w > limits.Pixels/h {
		return picture{}, fmt.Errorf("%s of %d×%d pixels, want 1 to %d in all (Limits.Pixels): make it smaller, or raise the limit", k.name, w, h, limits.Pixels)
	}
	decode := p.decode
	p.decode = func() (image.Image, error) {
		img, err := decode()
		if err == nil && img.Bounds().Size() != image.Pt(p.width, p.height) {
			err = fmt.Errorf("%v pixels where %d×%d were said", img.Bounds().Size(), p.width, p.height)
		}
		return img, damaged(err)
	}
	return p, nil
}

// readFile reads a file of a kind that is read, if it has at most so many bytes. Of
// another, a video say, it reads the beginning only.
func readFile(path string, most int64) ([]byte, kind, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, kind{}, err
	}
	defer f.Close()
	first := make([]byte, head)
	n, err := io.ReadFull(f, first)
	switch {
	case n == 0 && errors.Is(err, io.EOF):
		return nil, kind{}, errors.New("the file is empty")
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return nil, kind{}, err
	}
	k, err := kindOf(first[:n])
	if err != nil {
		return nil, kind{}, err
	}
	data := bytes.NewBuffer(first[:n:n])
	if info, err := f.Stat(); err == nil {
		data.Grow(int(min(info.Size(), most)) + bytes.MinRead)
	}
	if _, err := io.Copy(data, io.LimitReader(f, most+1-int64(n))); err != nil {
		return nil, kind{}, err
	}
	if int64(data.Len()) > most {
		return nil, kind{}, fmt.Errorf("%s of more than %d bytes, the limit (Limits.Bytes)", k.name, most)
	}
	return data.Bytes(), k, nil
}

// A Filter is how an image is resized; both average over the pixels that a smaller
// image leaves out.
type Filter string

const (
	CatmullRom Filter = "catmull-rom" // cubic, sharp
	BiLinear   Filter = "bilinear"    // triangle, soft
)

func (f Filter) kernel() (*draw.Kernel, error) {
	switch f {
	case CatmullRom, "":
		return draw.CatmullRom, nil
	case BiLinear:
		return draw.BiLinear, nil
	}
	return nil, fmt.Errorf("filter %q, want %q or %q", f, CatmullRom, BiLinear)
}

// squash resizes an image to the resampler's size, without regard to its proportions,
// and writes it to to as RGB, or as luma (ITU-R BT.601) where grey. What is transparent
// becomes white, as the page of a catalogue is.
func (r *resampler) squash(to []uint8, img image.Image, grey bool) {
	rgb := to
	if grey {
		r.grey = slices.Grow(r.grey[:0], 3*len(to))[:3*len(to)]
		rgb = r.grey
	}
	if rows := rowsOf(img); rows != nil {
		r.resample(rgb, img.Bounds().Size(), rows)
	} else {
		canvas := image.NewRGBA(image.Rect(0, 0, r.width, r.height))
		draw.Draw(canvas, canvas.Bounds(), image.White, image.Point{}, draw.Src)
		r.kernel.Scale(canvas, canvas.Bounds(), img, img.Bounds(), draw.Over, nil)
		for i := range r.width * r.height {
			copy(rgb[3*i:3*i+3], canvas.Pix[4*i:])
		}
	}
	if grey {
		for i := range to {
			to[i] = luma(rgb[3*i], rgb[3*i+1], rgb[3*i+2])
		}
	}
}

// luma returns the brightness of a colour, ITU-R BT.601.
func luma(r, g, b uint8) uint8 {
	return uint8((299*int(r) + 587*int(g) + 114*int(b) + 500) / 1000)
}
