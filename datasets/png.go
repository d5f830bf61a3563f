package datasets

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"io"
)

// A pngFile is a PNG whose chunks have been read.
type pngFile struct {
	data          []byte
	header        []byte // of IHDR, 13 bytes
	width, height int
	palette       []byte // of PLTE
	transparent   []byte // of tRNS
	pixels        [][]byte
	exif, xmp     []byte
}

// openPNG reads the chunks of a PNG (its specification, third edition).
func openPNG(data []byte) (picture, error) {
	f, err := readPNG(data)
	if err != nil {
		return picture{}, err
	}
	bytes := map[byte]int64{0: 1, 2: 4, 3: 1, 4: 4, 6: 4}[f.header[9]] // of a pixel
	if f.header[8] == 16 {
		bytes *= 2
	}
	return picture{width: f.width, height: f.height, orientation: orientation(f.exif, f.xmp),
		memory: int64(f.width) * int64(f.height) * max(bytes, 1), decode: f.decode}, nil
}

// readPNG reads the chunks of a PNG up to its end, or to where it is cut off.
func readPNG(data []byte) (pngFile, error) {
	f := pngFile{data: data}
	const signature = 8
	for at := signature; len(data)-at >= 8; {
		length, name, rest := int64(binary.BigEndian.Uint32(data[at:])), string(data[at+4:at+8]), data[at+8:]
		cut := int64(len(rest)) < length+4 // the last four are a checksum
		body := rest[:min(int64(len(rest)), length)]
		sound := name != "IDAT" && !cut && binary.BigEndian.Uint32(rest[length:]) == crc32.ChecksumIEEE(data[at+4:at+8+int(length)])
		switch {
		case at == signature && name == "CgBI":
			return f, notRead("a PNG in Xcode's format (CgBI)", "convert it: pngcrush -revert-iphone-optimizations")
		case !sound && (name == "IHDR" || name == "PLTE" || name == "tRNS"):
			if cut {
				return f, cutOff("in its chunk %s", name)
			}
			return f, fmt.Errorf("its chunk %s is damaged", name)
		case name == "IHDR":
			if len(body) != 13 || f.header != nil {
				return f, errors.New("its chunk IHDR has the wrong length, or there are two")
			}
			f.header = body
		case name == "PLTE":
			f.palette = body
		case name == "tRNS":
			f.transparent = body
		case name == "IDAT":
			f.pixels = append(f.pixels, body) // zlib has its own checksum
		case name == "eXIf" && sound:
			f.exif = body
		case sound && (name == "tEXt" || name == "zTXt" || name == "iTXt"):
			switch keyword, text := pngText(name, body); {
			case keyword == "XML:com.adobe.xmp":
				f.xmp = text
			case keyword == "Raw profile type exif" && f.exif == nil:
				f.exif = rawProfile(text)
			}
		}
		if cut || name == "IEND" {
			break
		}
		at += 12 + int(length)
	}
	if f.header == nil {
		return f, cutOff(beforePixels)
	}
	w, h := binary.BigEndian.Uint32(f.header), binary.BigEndian.Uint32(f.header[4:])
	if w > 1<<31-1 || h > 1<<31-1 {
		return f, errors.New("its chunk IHDR gives an impossible size")
	}
	f.width, f.height = int(w), int(h)
	return f, nil
}

// decode decodes the image. If Go's package fails but every row is present, it decodes a
// repaired file.
func (f pngFile) decode() (image.Image, error) {
	img, err := png.Decode(bytes.NewReader(f.data))
	if err == nil {
		return img, nil
	}
	repaired, failed := f.repair()
	if failed != nil {
		return nil, failed
	}
	if img, again := png.Decode(bytes.NewReader(repaired)); again == nil {
		return img, nil
	}
	return nil, err
}

// repair returns a file with the same rows and nothing that they do not need: no other
// chunk, whatever its checksum or place, and nothing after the last row except an end.
// Rows that are damaged or cut off are an error.
func (f pngFile) repair() ([]byte, error) {
	size, err := f.size()
	if err != nil {
		return nil, err
	}
	var parts []io.Reader
	for _, p := range f.pixels {
		parts = append(parts, bytes.NewReader(p))
	}
	var rows bytes.Buffer // compressed again: rows of a single colour take little memory
	pack, err := zlib.NewWriterLevel(&rows, zlib.BestSpeed)
	if err != nil {
		return nil, err
	}
	n := int64(0)
	packed, err := zlib.NewReader(io.MultiReader(parts...))
	if err == nil {
		n, err = io.CopyN(pack, packed, size)
	}
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF):
		return nil, cutOff("after %d of %d bytes of its rows", n, size)
	case err != nil:
		return nil, fmt.Errorf("its rows are damaged (%w)", err)
	}
	if _, err := packed.Read(make([]byte, 1)); errors.Is(err, zlib.ErrChecksum) {
		return nil, fmt.Errorf("its rows are damaged (%w)", err)
	}
	if err := pack.Close(); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	chunk := func(name string, body []byte) {
		sum := crc32.NewIEEE()
		out.Write(binary.BigEndian.AppendUint32(nil, uint32(len(body))))
		io.MultiWriter(&out, sum).Write(append([]byte(name), body...))
		out.Write(binary.BigEndian.AppendUint32(nil, sum.Sum32()))
	}
	out.Write(f.data[:8])
	chunk("IHDR", f.header)
	depth, colour := f.header[8], f.header[9]
	if colour == 3 {
		chunk("PLTE", f.palette[:min(len(f.palette)/3*3, 3<<depth)])
	}
	if most, takes := map[byte]int{0: 2, 2: 6, 3: 256}[colour]; takes && len(f.transparent) > 0 {
		chunk("tRNS", f.transparent[:min(len(f.transparent), most)])
	}
	for all := rows.Bytes(); len(all) > 0; {
		n := min(len(all), 1<<30)
		chunk("IDAT", all[:n])
		all = all[n:]
	}
	chunk("IEND", nil)
	return out.Bytes(), nil
}

// size returns the unpacked size of all rows in bytes: the rows of each pass, if the image
// is interlaced, each with a leading byte for its filter.
func (f pngFile) size() (int64, error) {
	samples := map[byte]int64{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[f.header[9]]
	bits := samples * int64(f.header[8])
	pass := func(dx, dy, x, y int) int64 {
		w, h := int64(f.width-x+dx-1)/int64(dx), int64(f.height-y+dy-1)/int64(dy)
		if w <= 0 || h <= 0 {
			return 0
		}
		return h * (1 + (w*bits+7)/8)
	}
	switch f.header[12] {
	case 0:
		return pass(1, 1, 0, 0), nil
	case 1:
		return pass(8, 8, 0, 0) + pass(8, 8, 4, 0) + pass(4, 8, 0, 4) + pass(4, 4, 2, 0) + pass(2, 4, 0, 2) + pass(2, 2, 1, 0) + pass(1, 2, 0, 1), nil
	}
	return 0, fmt.Errorf("its chunk IHDR gives an unknown interlace method, %d", f.header[12])
}
