package weightfile

import (
	"errors"
	"fmt"
	"iter"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
)

// field is one field of a protobuf message.
type field struct {
	number protowire.Number
	kind   protowire.Type
	bytes  []byte // of a string, a message or a packed list; otherwise the value as encoded
}

// notMessage reports that bytes are not a protobuf message of the expected kind: they are
// from another kind of file, or incomplete.
type notMessage struct{ why error }

func (e *notMessage) Error() string { return e.why.Error() }

// notFile returns err as an error about the file, if it is about bytes that are not a message.
func notFile(err error, kind, again string) error {
	if errors.As(err, new(*notMessage)) {
		return fmt.Errorf("this is not %s, or it is cut off: %s (%w)", kind, again, err)
	}
	return err
}

// fields iterates over the fields of a message. Bytes that are not a message end the
// iteration with an error. No field is copied.
//
// https://protobuf.dev/programming-guides/encoding
func fields(message []byte) iter.Seq2[field, error] {
	return func(yield func(field, error) bool) {
		for len(message) > 0 {
			number, kind, n := protowire.ConsumeTag(message)
			if n < 0 {
				yield(field{}, &notMessage{protowire.ParseError(n)})
				return
			}
			size := protowire.ConsumeFieldValue(number, kind, message[n:])
			if size < 0 {
				yield(field{}, &notMessage{fmt.Errorf("field %d: %w", number, protowire.ParseError(size))})
				return
			}
			f := field{number, kind, message[n : n+size]}
			if kind == protowire.BytesType {
				f.bytes, _ = protowire.ConsumeBytes(f.bytes)
			}
			if !yield(f, nil) {
				return
			}
			message = message[n+size:]
		}
	}
}

// wrongKind returns the error for a field that does not have the schema's wire type.
func (f field) wrongKind() error {
	return &notMessage{fmt.Errorf("field %d has wire type %d, which it cannot have", f.number, f.kind)}
}

// message returns what a field of bytes holds: a message or a string.
func (f field) message() ([]byte, error) {
	if f.kind != protowire.BytesType {
		return nil, f.wrongKind()
	}
	return f.bytes, nil
}

// integer returns the value of an integer field.
func (f field) integer() (int64, error) {
	if f.kind != protowire.VarintType {
		return 0, f.wrongKind()
	}
	v, _ := protowire.ConsumeVarint(f.bytes)
	return int64(v), nil
}

// integers returns the values of a repeated integer field, packed or not, at most most.
func (f field) integers(most int) ([]int64, error) {
	if f.kind != protowire.BytesType {
		v, err := f.integer()
		return []int64{v}, err
	}
	var all []int64
	for rest := f.bytes; len(rest) > 0; {
		v, n := protowire.ConsumeVarint(rest)
		if n < 0 {
			return nil, fmt.Errorf("field %d: %w", f.number, protowire.ParseError(n))
		}
		if len(all) == most {
			return nil, fmt.Errorf("field %d has more than %d values", f.number, most)
		}
		all, rest = append(all, int64(v)), rest[n:]
	}
	return all, nil
}

// appendFloats appends the values of a repeated field of floating-point numbers, packed or
// not, each of the given size in bytes, to raw in their encoding: little-endian. It does not
// copy the first field that goes into raw.
func (f field) appendFloats(raw []byte, size int) ([]byte, error) {
	packed := f.kind == protowire.BytesType && len(f.bytes)%size == 0
	if !packed && (f.kind != protowire.Fixed32Type || size != 4) && (f.kind != protowire.Fixed64Type || size != 8) {
		return nil, fmt.Errorf("field %d of wire type %d and %d bytes does not hold numbers of %d bytes", f.number, f.kind, len(f.bytes), size)
	}
	if raw == nil {
		return slices.Clip(f.bytes), nil // clipped, so that appending copies
	}
	return append(raw, f.bytes...), nil
}
