package datasets

import (
	"bytes"
	"fmt"
	"image"
	_ "image/jpeg" // decoders that ReadFolder knows
	_ "image/png"
	"io"
	"os"
	"slices"

	"golang.org/x/image/draw"
)

// Limits bound what an image file, or a folder of them, may ask for. A zero field is the
// default.
type Limits struct {
	Bytes  int64 // of the file; default 64 MiB
	Pixels int64 // of the image, width × height, read from its header before it is decoded; default 50 million
	Memory int64 // of all images of a folder together, once decoded and resized, bytes; default 4 GiB
}

func (l Limits) withDefaults() Limits {
	if l.Bytes == 0 {
		l.Bytes = 64 << 20
	}
	if l.Pixels == 0 {
		l.Pixels = 50_000_000
	}
	if l.Memory == 0 {
		l.Memory = 4 << 30
	}
	return l
}

// readImage decodes a JPEG or PNG file, told by its content: the name's extension
// does not matter. Grey, palette, CMYK and 16-bit images come as their decoders give
// them, and become RGB when they are resized.
func readImage(path string, limits Limits) (image.Image, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limits.Bytes+1))
	if err != nil {
		return nil, err
	}
	switch {
	case len(data) == 0:
		return nil, fmt.Errorf("the file is empty")
	case int64(len(data)) > limits.Bytes:
		return nil, fmt.Errorf("more than %d bytes, the limit (Limits.Bytes)", limits.Bytes)
	}
	header, kind, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("neither JPEG nor PNG, or damaged: %w", err)
	}
	if w, h := int64(header.Width), int64(header.Height); w < 1 || h < 1 || w > limits.Pixels/h {
		return nil, fmt.Errorf("%s of %d×%d pixels, want at most %d in all (Limits.Pixels)", kind, w, h, limits.Pixels)
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("damaged %s: %w", kind, err)
	}
	return img, nil
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
