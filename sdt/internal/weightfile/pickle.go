package weightfile

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// unpickler reads Python pickles as torch.save writes them, without running anything: of the
// classes and functions that a pickle may name, it knows those that a dictionary of tensors
// consists of, and builds their values itself. Any other is an error, [notTensors].
//
// Values are nil, int64, string, *pickled (a list, a tuple or a dictionary), pickledClass,
// pickledStorage and *pickledTensor; true, false, floating-point numbers, bytes and integers
// above 64 bits are read as [ignored].
//
// Python's pickletools documents the format.
type unpickler struct {
	data []byte // what has not been read
	left int    // how many operations may follow
	take []any  // the stack
	mark []int  // the heights of the stack at the marks
	memo map[uint64]any
}

// pickled is a list, a tuple or a dictionary.
type pickled struct {
	dict   bool
	keys   []any // of a dictionary, in order; one that appears twice has its last value in Python, and here
	values []any
}

type (
	ignored       struct{} // a value that no tensor depends on
	pickledClass  string   // "collections.OrderedDict"
	pickledTensor struct {
		storage       pickledStorage
		offset        int64
		shape, stride []int64
	}
	pickledStorage struct {
		class pickledClass
		key   string
		count int64 // of numbers
		from  int64 // where a view begins in the storage with that key
	}
)

// notTensors reports a value in a pickle that is none of [unpickler]'s.
type notTensors struct{ what string }

func (e *notTensors) Error() string { return "it holds " + e.what }

// maxOperations limits a pickle, in operations, so that a small file cannot fill the memory.
// A tensor in a state_dict takes 30.
const maxOperations = 1 << 22

// unpickle returns the value of the pickle at the beginning of data, and the bytes behind it.
func unpickle(data []byte) (value any, rest []byte, err error) {
	u := unpickler{data: data, left: maxOperations, memo: map[uint64]any{}}
	for ; u.left > 0; u.left-- {
		op, err := u.bytes(1)
		if err != nil {
			return nil, nil, err
		}
		if op[0] == '.' { // STOP
			v, err := u.pop()
			return v, u.data, err
		}
		step, ok := operations[op[0]]
		if !ok {
			return nil, nil, &notMessage{fmt.Errorf("pickle: unknown operation %#x", op[0])}
		}
		if err := step(&u); err != nil {
			return nil, nil, err
		}
	}
	return nil, nil, fmt.Errorf("the pickle has more than %d operations", maxOperations)
}

// errPickle reports a pickle that no Python writes.
func errPickle(what string) error { return &notMessage{fmt.Errorf("pickle: %s", what)} }

// bytes reads n bytes, which remain part of the file.
func (u *unpickler) bytes(n uint64) ([]byte, error) {
	if n > uint64(len(u.data)) {
		return nil, errPickle("it ends too early")
	}
	out := u.data[:n:n]
	u.data = u.data[n:]
	return out, nil
}

// number reads an unsigned integer of n bytes, up to 8.
func (u *unpickler) number(n uint64) (uint64, error) {
	b, err := u.bytes(n)
	if err != nil {
		return 0, err
	}
	var wide [8]byte
	copy(wide[:], b)
	return binary.LittleEndian.Uint64(wide[:]), nil
}

// sized reads what an unsigned integer of n bytes gives the length of.
func (u *unpickler) sized(n uint64) ([]byte, error) {
	size, err := u.number(n)
	if err != nil {
		return nil, err
	}
	return u.bytes(size)
}

// line reads up to the end of a line.
func (u *unpickler) line() (string, error) {
	n := bytes.IndexByte(u.data, '\n')
	if n < 0 {
		return "", errPickle("it ends too early")
	}
	line := string(u.data[:n])
	u.data = u.data[n+1:]
	return line, nil
}

func (u *unpickler) push(v any) { u.take = append(u.take, v) }

// floor is the height below which the stack belongs to what an outer mark begins.
func (u *unpickler) floor() int {
	if len(u.mark) == 0 {
		return 0
	}
	return u.mark[len(u.mark)-1]
}

func (u *unpickler) pop() (any, error) {
	v, err := u.pops(1)
	if err != nil {
		return nil, err
	}
	return v[0], nil
}

// pops returns the n last values on the stack, in order, and removes them.
func (u *unpickler) pops(n int) ([]any, error) {
	at := len(u.take) - n
	if at < u.floor() {
		return nil, errPickle("a value is missing")
	}
	out := append([]any(nil), u.take[at:]...)
	u.take = u.take[:at]
	return out, nil
}

// marked returns the values behind the last mark, and removes them and it.
func (u *unpickler) marked() ([]any, error) {
	if len(u.mark) == 0 {
		return nil, errPickle("a mark is missing")
	}
	out, err := u.pops(len(u.take) - u.floor())
	u.mark = u.mark[:len(u.mark)-1]
	return out, err
}
