package weightfile

import "fmt"

// operations are the operations of pickles, of protocols 2 to 5, that torch.save uses for a
// dictionary of tensors, plus those that name a class, so that it can be named in an error.
var operations map[byte]func(*unpickler) error

func init() { // since the functions would otherwise refer to the table that holds them
	operations = map[byte]func(*unpickler) error{
		0x80: skip(1), 0x95: skip(8), // PROTO, FRAME
		'(': func(u *unpickler) error { u.mark = append(u.mark, len(u.take)); return nil },
		'0': func(u *unpickler) error { _, err := u.pop(); return err },
		'1': func(u *unpickler) error { _, err := u.marked(); return err },
		'N': func(u *unpickler) error { u.push(nil); return nil },
		'J': integer(4), 'K': integer(1), 'M': integer(2), // BININT, BININT1, BININT2
		0x8a: long(1), 0x8b: long(4),
		0x88: constant(ignored{}), 0x89: constant(ignored{}), // NEWTRUE, NEWFALSE
		'G': func(u *unpickler) error { u.push(ignored{}); _, err := u.bytes(8); return err },
		'X': text(4), 0x8c: text(1), 0x8d: text(8), 'T': text(4), 'U': text(1), // unicode, and Python 2's strings
		'B': blob(4), 'C': blob(1), 0x8e: blob(8), 0x96: blob(8), // BINBYTES, …, BYTEARRAY8
		')': tuple(0), 0x85: tuple(1), 0x86: tuple(2), 0x87: tuple(3),
		't': func(u *unpickler) error { return u.pushMarked(false) },
		'l': func(u *unpickler) error { return u.pushMarked(false) },
		'd': func(u *unpickler) error { return u.pushMarked(true) },
		']': func(u *unpickler) error { u.push(&pickled{}); return nil },
		'}': func(u *unpickler) error { u.push(&pickled{dict: true}); return nil },
		'a': func(u *unpickler) error { return u.extend(u.pops(1)) },
		's': func(u *unpickler) error { return u.extend(u.pops(2)) },
		'e': func(u *unpickler) error { return u.extend(u.marked()) },
		'u': func(u *unpickler) error { return u.extend(u.marked()) },
		'q': func(u *unpickler) error { return u.put(u.number(1)) },
		'r': func(u *unpickler) error { return u.put(u.number(4)) },
		0x94: func(u *unpickler) error { return u.put(uint64(len(u.memo)), nil) },
		'h': func(u *unpickler) error { return u.get(u.number(1)) },
		'j': func(u *unpickler) error { return u.get(u.number(4)) },
		'c': (*unpickler).global, 0x93: (*unpickler).stackGlobal,
		'Q': (*unpickler).persistent, 'R': (*unpickler).reduce, 'b': (*unpickler).build,
	}
}

func skip(n uint64) func(*unpickler) error {
	return func(u *unpickler) error { _, err := u.bytes(n); return err }
}

func constant(v any) func(*unpickler) error {
	return func(u *unpickler) error { u.push(v); return nil }
}

// integer pushes a number of n bytes, which has a sign only if it has four.
func integer(n uint64) func(*unpickler) error {
	return func(u *unpickler) error {
		v, err := u.number(n)
		if n == 4 {
			v = uint64(int64(int32(v)))
		}
		u.push(int64(v))
		return err
	}
}

// long pushes a signed number, whose length takes n bytes.
func long(n uint64) func(*unpickler) error {
	return func(u *unpickler) error {
		b, err := u.sized(n)
		if len(b) > 8 {
			u.push(ignored{})
			return err
		}
		v := int64(0)
		for i, part := range b {
			v |= int64(part) << (8 * i)
		}
		if shift := 64 - 8*len(b); len(b) > 0 {
			v = v << shift >> shift // extends the sign
		}
		u.push(v)
		return err
	}
}

func text(n uint64) func(*unpickler) error {
	return func(u *unpickler) error { b, err := u.sized(n); u.push(string(b)); return err }
}

func blob(n uint64) func(*unpickler) error {
	return func(u *unpickler) error { u.push(ignored{}); _, err := u.sized(n); return err }
}

func tuple(n int) func(*unpickler) error {
	return func(u *unpickler) error {
		v, err := u.pops(n)
		u.push(&pickled{values: v})
		return err
	}
}

func (u *unpickler) pushMarked(dict bool) error {
	items, err := u.marked()
	if err != nil {
		return err
	}
	u.push(&pickled{dict: dict})
	return u.extend(items, nil)
}

// extend adds items to the list, or keys and values to the dictionary, on top of the stack.
func (u *unpickler) extend(items []any, err error) error {
	if err != nil {
		return err
	}
	if len(u.take) == u.floor() {
		return errPickle("a value is missing")
	}
	to, ok := u.take[len(u.take)-1].(*pickled)
	switch {
	case !ok:
		return errPickle("it adds to something that is not a list or a dictionary")
	case !to.dict:
		to.values = append(to.values, items...)
		return nil
	case len(items)%2 != 0:
		return errPickle("a key has no value")
	}
	for i := 0; i < len(items); i += 2 {
		to.keys, to.values = append(to.keys, items[i]), append(to.values, items[i+1])
	}
	return nil
}

func (u *unpickler) put(at uint64, err error) error {
	if err == nil && len(u.take) == u.floor() {
		err = errPickle("a value is missing")
	}
	if err != nil {
		return err
	}
	u.memo[at] = u.take[len(u.take)-1]
	return nil
}

func (u *unpickler) get(at uint64, err error) error {
	v, ok := u.memo[at]
	if err == nil && !ok {
		err = errPickle(fmt.Sprintf("it refers to value %d, which it does not have", at))
	}
	u.push(v)
	return err
}
