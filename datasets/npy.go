package datasets

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strconv"
	"strings"
)

// Npy is the content of a NumPy array file.
type Npy struct {
	Type  string // "bool", "int8" … "int64", "uint8" … "uint64", "float16", "float32" or "float64"
	Shape []int  // none to eight dimensions, each at least 0
	Data  []byte // row-major, little-endian, regardless of the file's order
}

// ReadNpy reads an array saved by NumPy: a .npy file of format version 1, 2 or 3, or an
// .npz archive of one array. In an archive with more arrays, "office.npz:labels" names
// one. Numbers are bools, integers of 8 to 64 bits or floats of 16 to 64 bits, of
// either byte order, in C or Fortran order.
//
// Anything else (complex numbers, text, records, Python objects, which would have to
// be unpickled, or a file of another kind) is an error that says what it is and how to
// save it for ReadNpy. A file that is truncated, longer than its header says, or larger
// than 4 GiB is an error too.
//
// The format: NumPy's numpy.lib.format.
func ReadNpy(path string) (Npy, error) {
	f, member, err := openArray(path)
	if err != nil {
		return Npy{}, fmt.Errorf("npy file: %w", err)
	}
	defer f.Close()
	a, err := readArray(f, path, member)
	if err != nil {
		return Npy{}, fmt.Errorf("npy file %s: %w", path, err)
	}
	return a, nil
}

// openArray opens a file, or the archive before the last colon of path, and returns the
// name of the archive's array after the colon.
func openArray(path string) (f *os.File, member string, err error) {
	f, err = os.Open(path)
	if i := strings.LastIndexByte(path, ':'); i > 0 && errors.Is(err, fs.ErrNotExist) {
		if archive, without := os.Open(path[:i]); without == nil {
			return archive, path[i+1:], nil
		}
	}
	return f, "", err
}

// readArray reads the array of f, the file at path, and recognizes the kind of file by its
// first bytes.
func readArray(f *os.File, path, member string) (Npy, error) {
	info, err := f.Stat()
	if err != nil {
		return Npy{}, err
	}
	if info.IsDir() {
		return Npy{}, errors.New("it is a folder: name a .npy file in it")
	}
	in := bufio.NewReader(f)
	start, _ := in.Peek(512)
	switch {
	case (bytes.HasPrefix(start, []byte("PK\x03\x04")) || bytes.HasPrefix(start, []byte("PK\x05\x06"))) && info.Mode().IsRegular():
		return parseNpz(f, info.Size(), path, member)
	case !bytes.HasPrefix(start, []byte(npyMagic)):
		return Npy{}, errors.New(mistaken(path, start))
	case member != "":
		return Npy{}, fmt.Errorf("the file is one array, not an archive with an array %q: omit %q", member, ":"+member)
	}
	return parseNpy(in)
}

// The header is a Python dictionary of three entries. Programs other than NumPy write it
// too, so quotes, spaces and the order of entries differ; Python 2 writes long integers ("4L").
var (
	npyDescr   = regexp.MustCompile(`['"]descr['"]\s*:\s*[bu]?(?:'([^']*)'|"([^"]*)")`)
	npyRecord  = regexp.MustCompile(`['"]descr['"]\s*:\s*\[(?:\s*\(\s*[bu]?['"]([^'"]*)['"])?`)
	npyFortran = regexp.MustCompile(`['"]fortran_order['"]\s*:\s*(True|False)`)
	npyShape   = regexp.MustCompile(`['"]shape['"]\s*:\s*\(([0-9lL,\s]*)\)`)
)

func parseNpy(in io.Reader) (Npy, error) {
	header, err := npyHeader(in)
	if err != nil {
		return Npy{}, err
	}
	if record := npyRecord.FindStringSubmatch(header); record != nil {
		return Npy{}, fmt.Errorf("it is an array of records with named fields: save one field, such as x[%q], or numpy.lib.recfunctions.structured_to_unstructured(x)", record[1])
	}
	descr, fortran, dims := npyDescr.FindStringSubmatch(header), npyFortran.FindStringSubmatch(header), npyShape.FindStringSubmatch(header)
	if descr == nil || fortran == nil || dims == nil {
		return Npy{}, fmt.Errorf("header %.80q has no plain descr, fortran_order or shape: save the array again with numpy.save", header)
	}
	number, bigEndian, err := npyNumberOf(descr[1] + descr[2])
	if err != nil {
		return Npy{}, err
	}
	a := Npy{Type: number.name}
	var size int64
	if a.Shape, size, err = npyShapeOf(dims[1], number.width); err != nil {
		return Npy{}, err
	}
	if a.Data, err = readExactly(in, int(size)); err != nil {
		return Npy{}, fmt.Errorf("shape %v of %s: %w: save or download it again", a.Shape, a.Type, err)
	}
	if bigEndian {
		swapBytes(a.Data, number.width)
	}
	if fortran[1] == "True" {
		a.Data = rowMajor(a.Data, a.Shape, number.width)
	}
	return a, nil
}

// npyShapeOf returns the dimensions in a Python tuple, given without its brackets, and the
// size in bytes of an array of this shape.
func npyShapeOf(tuple string, width int) (shape []int, size int64, err error) {
	size = int64(width)
	for field := range strings.SplitSeq(tuple, ",") {
		if field = strings.TrimRight(strings.TrimSpace(field), "lL"); field == "" {
			continue // the comma of a one-element tuple
		}
		d, err := strconv.Atoi(field)
		if err != nil {
			return nil, 0, fmt.Errorf("shape (%s): %w", tuple, err)
		}
		if d > 0 && size > maxArrayBytes/int64(d) {
			return nil, 0, fmt.Errorf("shape (%s) of %d bytes each needs more than %d bytes: save fewer rows, or x.astype(\"float32\") or \"float16\"", tuple, width, int64(maxArrayBytes))
		}
		size *= int64(d)
		shape = append(shape, d)
	}
	if len(shape) > 8 {
		return nil, 0, fmt.Errorf("%d dimensions, want at most 8", len(shape))
	}
	return shape, size, nil
}

const npyMagic = "\x93NUMPY"

// npyHeader reads up to the array's first byte and returns the dictionary.
func npyHeader(in io.Reader) (string, error) {
	var start [8]byte
	if _, err := io.ReadFull(in, start[:]); err != nil {
		return "", fmt.Errorf("no header: %w", err)
	}
	if string(start[:6]) != npyMagic {
		return "", fmt.Errorf("begins with %q: not .npy", start[:6])
	}
	width := 4
	switch start[6] {
	case 1:
		width = 2
	case 2, 3:
	default:
		return "", fmt.Errorf("format version %d.%d, want 1, 2 or 3", start[6], start[7])
	}
	length := make([]byte, 4)
	if _, err := io.ReadFull(in, length[:width]); err != nil {
		return "", fmt.Errorf("header: %w", err)
	}
	n := binary.LittleEndian.Uint32(length)
	if n > 1<<16 {
		return "", fmt.Errorf("header of %d bytes, want at most %d", n, 1<<16)
	}
	header := make([]byte, n)
	if _, err := io.ReadFull(in, header); err != nil {
		return "", fmt.Errorf("header: %w", err)
	}
	return string(header), nil
}

// swapBytes reverses each group of width bytes.
func swapBytes(data []byte, width int) {
	for at := 0; at < len(data); at += width {
		for i, j := at, at+width-1; i < j; i, j = i+1, j-1 {
			data[i], data[j] = data[j], data[i]
		}
	}
}

// rowMajor converts an array, with numbers of width bytes each, from the order in which
// the first index runs fastest to the order in which the last one does.
func rowMajor(data []byte, shape []int, width int) []byte {
	strides, size := make([]int, len(shape)), width
	for i, d := range shape {
		strides[i] = size
		size *= d
	}
	out, index, at := make([]byte, 0, len(data)), make([]int, len(shape)), 0
	for len(out) < len(data) {
		out = append(out, data[at:at+width]...)
		for i := len(shape) - 1; i >= 0; i-- {
			index[i]++
			at += strides[i]
			if index[i] < shape[i] {
				break
			}
			at -= strides[i] * shape[i]
			index[i] = 0
		}
	}
	return out
}
