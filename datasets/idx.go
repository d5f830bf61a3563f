package datasets

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/sdtlab/sdtlab/sdt"
)

// maxArrayBytes limits the size of the numbers in one IDX or .npy file.
const maxArrayBytes = 4 << 30

// IDX is the content of an IDX file of unsigned bytes, the format of MNIST.
type IDX struct {
	Shape []int   // one to four dimensions, none below 1
	Data  []uint8 // row-major, ∏Shape
}

// ReadIDX reads an IDX file, plain or gzipped (recognized by its first bytes, not by its
// name). Zeros after the gzipped data are ignored, as in gunzip. It is an error, which names
// the file, if the file is truncated, is longer than its header says, has numbers other than
// unsigned bytes, is above 4 GiB, or is not an IDX file.
func ReadIDX(path string) (IDX, error) {
	if info, err := os.Stat(path); err != nil {
		return IDX{}, fmt.Errorf("IDX file: %w", err)
	} else if err := notAFile(info); errors.Is(err, errFolder) {
		return IDX{}, fmt.Errorf("IDX file %s: it is a folder: name the file in it", shown(path))
	} else if err != nil { // opening a FIFO would block
		return IDX{}, fmt.Errorf("IDX file %s: %w", shown(path), err)
	}
	f, err := os.Open(path)
	if err != nil {
		return IDX{}, fmt.Errorf("IDX file: %w", err)
	}
	defer f.Close()
	x, err := parseIDX(f)
	if err != nil {
		return IDX{}, fmt.Errorf("IDX file %s: %w", path, broken(err))
	}
	return x, nil
}

// idxTypes are the types of number that IDX files may hold and that are not read.
var idxTypes = map[byte]string{0x09: "signed bytes", 0x0b: "16-bit integers", 0x0c: "32-bit integers", 0x0d: "float32", 0x0e: "float64"}

func parseIDX(r io.Reader) (IDX, error) {
	in := bufio.NewReader(r)
	if head, _ := in.Peek(2); len(head) == 2 && head[0] == 0x1f && head[1] == 0x8b {
		z, err := gunzip(in)
		if err != nil {
			return IDX{}, err
		}
		in = bufio.NewReader(z)
	}
	head, err := in.Peek(tarBlock)
	if len(head) == 0 && err == io.EOF {
		return IDX{}, errors.New("the file is empty: download it again")
	}
	if is := fileKind(head); is != "" {
		return IDX{}, fmt.Errorf("it is %s", is)
	}
	var magic [4]byte
	if _, err := io.ReadFull(in, magic[:]); err != nil {
		return IDX{}, fmt.Errorf("no header: %w", endsEarly(err))
	}
	if magic[0] != 0 || magic[1] != 0 {
		return IDX{}, fmt.Errorf("it begins with % x, so it is not an IDX file: is it the right file?", magic)
	}
	if magic[2] != 8 {
		if is, known := idxTypes[magic[2]]; known {
			return IDX{}, fmt.Errorf("it holds numbers of type 0x%02x, %s, want 0x08, unsigned bytes, as in MNIST: convert it, or save it with numpy.save for ReadFeatures", magic[2], is)
		}
		return IDX{}, fmt.Errorf("it holds numbers of type 0x%02x, which IDX does not define, want 0x08, unsigned bytes: the file is damaged, or not an IDX file: download it again", magic[2])
	}
	if magic[3] < 1 || magic[3] > 4 {
		return IDX{}, fmt.Errorf("it has %d dimensions, want 1 to 4", magic[3])
	}
	x := IDX{Shape: make([]int, magic[3])}
	size := 1
	for i := range x.Shape {
		var d uint32
		if err := binary.Read(in, binary.BigEndian, &d); err != nil {
			return IDX{}, fmt.Errorf("header: %w", endsEarly(err))
		}
		if d == 0 {
			return IDX{}, fmt.Errorf("dimension %d is 0", i)
		}
		if int64(size) > maxArrayBytes/int64(d) {
			return IDX{}, fmt.Errorf("its header describes more than %d bytes, the most that is read", int64(maxArrayBytes))
		}
		x.Shape[i] = int(d)
		size *= int(d)
	}
	if x.Data, err = readExactly(in, size); err != nil {
		return IDX{}, fmt.Errorf("shape %v: %w: download it again", x.Shape, err)
	}
	return x, nil
}

// endsEarly makes the error for a file that ends in its header the same as for one that
// ends later.
func endsEarly(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// readExactly reads size bytes and checks that the end follows. Memory grows with the
// bytes read, not with what a header promises.
func readExactly(r io.Reader, size int) ([]byte, error) {
	var buf bytes.Buffer
	buf.Grow(min(size, 1<<20))
	n, err := io.Copy(&buf, io.LimitReader(r, int64(size)+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("after %d of %d bytes: %w", n, size, err)
	case n < int64(size):
		return nil, fmt.Errorf("truncated: %d of %d bytes", n, size)
	case n > int64(size):
		return nil, fmt.Errorf("more bytes follow the %d that the header describes", size)
	}
	return buf.Bytes(), nil
}

// ReadIDXPair reads images and their labels as one domain: pixels of shape
// [height, width, 1], classes "0" to "9". It fails as [ReadIDX] does, and when the
// two files do not belong together or a label is above 9.
func ReadIDXPair(domain, images, labels string) (sdt.Labelled, error) {
	x, err := ReadIDX(images)
	if err != nil {
		return sdt.Labelled{}, err
	}
	y, err := ReadIDX(labels)
	if err != nil {
		return sdt.Labelled{}, err
	}
	if len(x.Shape) != 3 {
		return sdt.Labelled{}, fmt.Errorf("IDX file %s: shape %v, want images [n, height, width]", images, x.Shape)
	}
	if len(y.Shape) != 1 || y.Shape[0] != x.Shape[0] {
		return sdt.Labelled{}, fmt.Errorf("IDX file %s: shape %v, want one label for each of the %d images of %s", labels, y.Shape, x.Shape[0], images)
	}
	out := sdt.Labelled{
		Examples: sdt.Examples{Domain: domain, Shape: []int{x.Shape[1], x.Shape[2], 1}, Pixels: x.Data},
		Labels:   make([]int32, len(y.Data)),
	}
	for k := range 10 {
		out.Classes = append(out.Classes, fmt.Sprint(k))
	}
	for i, v := range y.Data {
		if v > 9 {
			return sdt.Labelled{}, fmt.Errorf("IDX file %s: label %d of row %d is not a digit, want 0…9: is it the right file?", labels, v, i)
		}
		out.Labels[i] = int32(v)
	}
	return out, nil
}
