package datasets

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/draw"
	"io"

	"golang.org/x/image/webp"
)

// A webpFrame is the image, or the first frame, of a WebP.
type webpFrame struct {
	canvas      image.Point
	at          image.Point // of the frame on the canvas
	size        image.Point // of the frame
	name        string      // "VP8 ", lossy, or "VP8L", lossless
	body, alpha []byte
	exif, xmp   []byte
}

// openWebP reads the chunks of a WebP (RFC 9649).
func openWebP(data []byte) (picture, error) {
	var f webpFrame
	for name, body := range webpChunks(data[12:]) {
		switch {
		case name == "VP8X" && len(body) >= 10:
			f.canvas = image.Pt(1+int(uint24(body[4:])), 1+int(uint24(body[7:])))
		case name == "EXIF" && f.exif == nil:
			f.exif = body
		case name == "XMP " && f.xmp == nil:
			f.xmp = body
		case name == "ANMF" && f.body == nil && len(body) >= 16: // a frame has its own chunks
			f.at = image.Pt(2*int(uint24(body)), 2*int(uint24(body[3:])))
			for name, body := range webpChunks(body[16:]) {
				f.take(name, body)
			}
		default:
			f.take(name, body)
		}
	}
	switch {
	case f.name == "VP8 " && len(f.body) >= 10:
		f.size = image.Pt(int(binary.LittleEndian.Uint16(f.body[6:])&0x3fff), int(binary.LittleEndian.Uint16(f.body[8:])&0x3fff))
	case f.name == "VP8L" && len(f.body) >= 5:
		v := binary.LittleEndian.Uint32(f.body[1:])
		f.size = image.Pt(1+int(v&0x3fff), 1+int(v>>14&0x3fff))
	default:
		return picture{}, cutOff(beforePixels)
	}
	if f.canvas == (image.Point{}) {
		f.canvas = f.size
	}
	if !(image.Rectangle{f.at, f.at.Add(f.size)}).In(image.Rectangle{Max: f.canvas}) {
		return picture{}, errors.New("its frame extends beyond its canvas")
	}
	pixels := int64(f.canvas.X) * int64(f.canvas.Y)
	return picture{width: f.canvas.X, height: f.canvas.Y, orientation: orientation(f.exif, f.xmp), memory: 10 * pixels, decode: f.decode}, nil
}

// take keeps the first chunks of pixels.
func (f *webpFrame) take(name string, body []byte) {
	switch {
	case f.body != nil:
	case name == "VP8 " || name == "VP8L":
		f.name, f.body = name, body
	case name == "ALPH":
		f.alpha = body
	}
}

// webpChunks yields the chunks of a RIFF file; the last one may be cut off.
func webpChunks(data []byte) func(yield func(string, []byte) bool) {
	return func(yield func(string, []byte) bool) {
		for len(data) >= 8 {
			name, length := string(data[:4]), int64(binary.LittleEndian.Uint32(data[4:]))
			data = data[8:]
			if !yield(name, data[:min(length, int64(len(data)))]) {
				return
			}
			data = data[min(length+length%2, int64(len(data))):]
		}
	}
}

// decode decodes the frame, on a canvas that is transparent elsewhere.
func (f webpFrame) decode() (image.Image, error) {
	img, err := webp.Decode(bytes.NewReader(f.file()))
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, cutOff("")
	case err != nil:
		return nil, err
	}
	switch decoded := img.(type) {
	case *image.YCbCr:
		img = webpColours(decoded)
	case *image.NYCbCrA:
		rgba := webpColours(&decoded.YCbCr)
		for y := range f.size.Y {
			for x := range f.size.X {
				rgba.Pix[y*rgba.Stride+4*x+3] = decoded.A[y*decoded.AStride+x]
			}
		}
		img = &image.NRGBA{Pix: rgba.Pix, Stride: rgba.Stride, Rect: rgba.Rect}
	}
	if f.canvas == f.size {
		return img, nil
	}
	canvas := image.NewNRGBA(image.Rectangle{Max: f.canvas})
	draw.Draw(canvas, image.Rectangle{f.at, f.at.Add(f.size)}, img, image.Point{}, draw.Src)
	return canvas, nil
}

// file returns a WebP file with only the frame: webp.Decode does not support animation, and
// expects exactly the chunks that the header declares.
func (f webpFrame) file() []byte {
	var chunks []byte
	add := func(name string, body []byte) {
		chunks = append(binary.LittleEndian.AppendUint32(append(chunks, name...), uint32(len(body))), body...)
		if len(body)%2 == 1 {
			chunks = append(chunks, 0)
		}
	}
	if f.name == "VP8 " && f.alpha != nil {
		header := make([]byte, 10)
		header[0] = 1 << 4 // with alpha
		putUint24(header[4:], uint32(f.size.X-1))
		putUint24(header[7:], uint32(f.size.Y-1))
		add("VP8X", header)
		add("ALPH", f.alpha)
	}
	add(f.name, f.body)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(4+len(chunks))), append([]byte("WEBP"), chunks...)...)
}

func uint24(b []byte) uint32 { return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 }

func putUint24(b []byte, v uint32) { b[0], b[1], b[2] = byte(v), byte(v>>8), byte(v>>16) }

// webpColours converts an image with half as many rows and columns of Cb and Cr to RGB,
// bit for bit as libwebp does. Y is in 16…235 (ITU-R BT.601), not in 0…255 as in
// [image.YCbCr], and a pixel's Cb and Cr are averages of the four nearest, weighted 9, 3, 3
// and 1 in 16.
func webpColours(img *image.YCbCr) *image.RGBA {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	// sides returns where the nearest and the next sample are, of n.
	sides := func(x, n int) (int, int) {
		next := x/2 - 1 + 2*(x%2)
		return x / 2, min(max(next, 0), n-1)
	}
	for y := range h {
		near, far := sides(y, (h+1)/2)
		for x := range w {
			a, b := sides(x, (w+1)/2)
			mix := func(plane []uint8) int {
				upper, lower := plane[near*img.CStride:], plane[far*img.CStride:]
				tl, t, l, d := int(upper[a]), int(upper[b]), int(lower[a]), int(lower[b])
				return ((tl+t+l+d+8+2*(t+l))>>3 + tl) >> 1
			}
			luma, u, v := int(img.Y[y*img.YStride+x])*19077>>8, mix(img.Cb), mix(img.Cr)
			p := out.Pix[y*out.Stride+4*x:][:4]
			p[0] = webpLevel(luma + v*26149>>8 - 14234)
			p[1] = webpLevel(luma - u*6419>>8 - v*13320>>8 + 8708)
			p[2] = webpLevel(luma + u*33050>>8 - 17685)
			p[3] = 255
		}
	}
	return out
}

func webpLevel(v int) uint8 { return uint8(min(max(v>>6, 0), 255)) }
