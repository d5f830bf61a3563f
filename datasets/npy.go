package datasets

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
)

// Npy is the content of a NumPy array file.
type Npy struct {
	Type  string // "float32", "float64", "uint8", "int32" or "int64"
	Shape []int  // none to eight dimensions, each at least 0
	Data  []byte // row-major, little-endian
}

// npyTypes are the number types read, by NumPy's name: ours and the width in bytes.
var npyTypes = map[string]struct {
	name  string
	width int
}{
	"<f4": {"float32", 4}, "<f8": {"float64", 8}, "|u1": {"uint8", 1}, "<i4": {"int32", 4}, "<i8": {"int64", 8},
}

// ReadNpy reads a NumPy .npy file of format version 1, 2 or 3, in C order,
// little-endian, of one of the five types of [Npy]. Anything else, a file that is
// truncated or longer than its header says, or one above 4 GiB is an error that
// names it.
//
// The format: NumPy's numpy.lib.format.
func ReadNpy(path string) (Npy, error) {
	f, err := os.Open(path)
	if err != nil {
		return Npy{}, fmt.Errorf("npy file: %w", err)
	}
	defer f.Close()
	a, err := parseNpy(f)
	if err != nil {
		return Npy{}, fmt.Errorf("npy file %s: %w", path, err)
	}
	return a, nil
}

// The header is a Python dictionary; only these forms of its three entries are
// written by NumPy for plain arrays.
var (
	npyDescr   = regexp.MustCompile(`'descr': *'([^']*)'`)
	npyFortran = regexp.MustCompile(`'fortran_order': *(True|False)`)
	npyShape   = regexp.MustCompile(`'shape': *\(([0-9, ]*)\)`)
)

func parseNpy(r io.Reader) (Npy, error) {
	in := bufio.NewReader(r)
	header, err := npyHeader(in)
	if err != nil {
		return Npy{}, err
	}
	descr, fortran, shape := npyDescr.FindStringSubmatch(header), npyFortran.FindStringSubmatch(header), npyShape.FindStringSubmatch(header)
	if descr == nil || fortran == nil || shape == nil {
		return Npy{}, fmt.Errorf("header %.80q lacks a plain descr, fortran_order or shape", header)
	}
	kind, ok := npyTypes[descr[1]]
	if !ok {
		return Npy{}, fmt.Errorf("type %q, want <f4, <f8, |u1, <i4 or <i8", descr[1])
	}
	a := Npy{Type: kind.name}
	size := int64(kind.width)
	for field := range strings.SplitSeq(shape[1], ",") {
		if field = strings.TrimSpace(field); field == "" {
			continue // the comma of a one-element tuple
		}
		d, err := strconv.Atoi(field)
		if err != nil {
			return Npy{}, fmt.Errorf("shape (%s): %w", shape[1], err)
		}
		if d > 0 && size > maxArrayBytes/int64(d) {
			return Npy{}, fmt.Errorf("shape (%s) asks for more than %d bytes", shape[1], int64(maxArrayBytes))
		}
		size *= int64(d)
		a.Shape = append(a.Shape, d)
	}
	if len(a.Shape) > 8 {
		return Npy{}, fmt.Errorf("%d dimensions, want at most 8", len(a.Shape))
	}
	if fortran[1] == "True" && len(a.Shape) > 1 {
		return Npy{}, fmt.Errorf("array in Fortran order, want C order: save numpy.ascontiguousarray(a)")
	}
	if a.Data, err = readExactly(in, int(size)); err != nil {
		return Npy{}, fmt.Errorf("shape %v of %s: %w", a.Shape, a.Type, err)
	}
	return a, nil
}

// npyHeader reads up to the array's first byte and returns the dictionary.
func npyHeader(in io.Reader) (string, error) {
	var start [8]byte
	if _, err := io.ReadFull(in, start[:]); err != nil {
		return "", fmt.Errorf("no header: %w", err)
	}
	if string(start[:6]) != "\x93NUMPY" {
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

// Float32s returns the numbers as float32, ∏Shape: a float64 or a large integer is
// rounded, one beyond float32's range becomes infinite.
func (a Npy) Float32s() []float32 {
	switch a.Type {
	case "float32":
		return convert(a.Data, 4, func(b []byte) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(b)) })
	case "float64":
		return convert(a.Data, 8, func(b []byte) float32 {
			return float32(math.Float64frombits(binary.LittleEndian.Uint64(b)))
		})
	case "uint8":
		return convert(a.Data, 1, func(b []byte) float32 { return float32(b[0]) })
	case "int32":
		return convert(a.Data, 4, func(b []byte) float32 { return float32(int32(binary.LittleEndian.Uint32(b))) })
	default:
		return convert(a.Data, 8, func(b []byte) float32 { return float32(int64(binary.LittleEndian.Uint64(b))) })
	}
}

// Ints returns the numbers of an integer array, ∏Shape; an array of floats, or an
// int64 that does not fit an int, is an error.
func (a Npy) Ints() ([]int, error) {
	switch a.Type {
	case "uint8":
		return convert(a.Data, 1, func(b []byte) int { return int(b[0]) }), nil
	case "int32":
		return convert(a.Data, 4, func(b []byte) int { return int(int32(binary.LittleEndian.Uint32(b))) }), nil
	case "int64":
		out := convert(a.Data, 8, func(b []byte) int { return int(int64(binary.LittleEndian.Uint64(b))) })
		for i, v := range out {
			if uint64(int64(v)) != binary.LittleEndian.Uint64(a.Data[8*i:]) {
				return nil, fmt.Errorf("element %d does not fit an int", i)
			}
		}
		return out, nil
	}
	return nil, fmt.Errorf("numbers of type %s, want integers", a.Type)
}

// convert applies one to each width bytes.
func convert[T any](data []byte, width int, one func([]byte) T) []T {
	out := make([]T, len(data)/width)
	for i := range out {
		out[i] = one(data[i*width:])
	}
	return out
}
