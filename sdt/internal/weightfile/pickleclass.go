package weightfile

import (
	"math"
	"slices"
)

// The functions that a state_dict's pickle calls.
const (
	orderedDict      pickledClass = "collections.OrderedDict"
	rebuildTensor    pickledClass = "torch._utils._rebuild_tensor_v2"
	rebuildParameter pickledClass = "torch._utils._rebuild_parameter"
)

// storageKinds are PyTorch's classes of storage, by the type of their numbers. Those with a
// kind of size 0 hold integers or bools: a program's counters.
var storageKinds = map[pickledClass]struct {
	kind numberKind
	size int64 // bytes of a number
}{
	"torch.FloatStorage": {single, 4}, "torch.DoubleStorage": {double, 8},
	"torch.HalfStorage": {half, 2}, "torch.BFloat16Storage": {brain, 2},
	"torch.LongStorage": {size: 8}, "torch.IntStorage": {size: 4}, "torch.ShortStorage": {size: 2},
	"torch.CharStorage": {size: 1}, "torch.ByteStorage": {size: 1}, "torch.BoolStorage": {size: 1},
}

// class pushes a class or a function, if it is one of those above.
func (u *unpickler) class(module, name string) error {
	c := pickledClass(module + "." + name)
	if _, storage := storageKinds[c]; !storage && !slices.Contains([]pickledClass{orderedDict, rebuildTensor, rebuildParameter}, c) {
		return &notTensors{string(c)}
	}
	u.push(c)
	return nil
}

func (u *unpickler) global() error {
	module, err := u.line()
	if err != nil {
		return err
	}
	name, err := u.line()
	if err != nil {
		return err
	}
	return u.class(module, name)
}

func (u *unpickler) stackGlobal() error {
	v, err := u.pops(2)
	if err != nil {
		return err
	}
	module, ok := v[0].(string)
	name, ok2 := v[1].(string)
	if !ok || !ok2 {
		return errPickle("the name of a class is not a string")
	}
	return u.class(module, name)
}

// persistent pushes the storage that a tuple describes: "storage", class, key, device, count
// and, before PyTorch 1.6, the view of another storage (key, offset, count) or None.
func (u *unpickler) persistent() error {
	v, err := u.pop()
	if err != nil {
		return err
	}
	id, ok := v.(*pickled)
	if ok && len(id.values) > 1 && id.values[0] == any("module") { // as before PyTorch 1.6
		return &notTensors{"a module, with its source"}
	}
	if !ok || len(id.values) < 5 || len(id.values) > 6 {
		return errPickle("an object outside of it is not a storage")
	}
	class, isClass := id.values[1].(pickledClass)
	key, isText := id.values[2].(string)
	count, isCount := id.values[4].(int64)
	if _, known := storageKinds[class]; id.values[0] != any("storage") || !isClass || !known || !isText || !isCount {
		return errPickle("an object outside of it is not a storage")
	}
	s := pickledStorage{class: class, key: key, count: count}
	if len(id.values) == 6 && id.values[5] != nil {
		view, ok := id.values[5].(*pickled)
		if !ok || len(view.values) != 3 {
			return errPickle("the view of a storage has no offset")
		}
		if s.from, ok = view.values[1].(int64); !ok {
			return errPickle("the view of a storage has no offset")
		}
	}
	u.push(s)
	return nil
}

// reduce calls a function: it pops it and its arguments, and pushes the result.
func (u *unpickler) reduce() error {
	v, err := u.pops(2)
	if err != nil {
		return err
	}
	args, ok := v[1].(*pickled)
	if !ok || args.dict {
		return errPickle("the arguments of a function are not a tuple")
	}
	switch f := v[0]; {
	case f == any(orderedDict):
		u.push(&pickled{dict: true})
		for _, pair := range orderedPairs(args) { // Python 2 passes a list of pairs
			if err := u.extend(pair, nil); err != nil {
				return err
			}
		}
		return nil
	case f == any(rebuildParameter) && len(args.values) > 0:
		u.push(args.values[0])
		return nil
	case f == any(rebuildTensor) && len(args.values) >= 4:
		storage, ok1 := args.values[0].(pickledStorage)
		offset, ok2 := args.values[1].(int64)
		shape, ok3 := integersOf(args.values[2])
		stride, ok4 := integersOf(args.values[3])
		if !ok1 || !ok2 || !ok3 || !ok4 || len(shape) != len(stride) || storage.from < 0 || offset < 0 || offset > math.MaxInt64-storage.from {
			return errPickle("a tensor has no storage, offset, shape and strides")
		}
		u.push(&pickledTensor{storage, storage.from + offset, shape, stride})
		return nil
	}
	return errPickle("it calls something that is not a function")
}

// orderedPairs returns the keys and values that an OrderedDict is called with.
func orderedPairs(args *pickled) (pairs [][]any) {
	if len(args.values) == 0 {
		return nil
	}
	list, _ := args.values[0].(*pickled)
	if list == nil {
		return nil
	}
	for _, v := range list.values {
		if pair, ok := v.(*pickled); ok && len(pair.values) == 2 {
			pairs = append(pairs, pair.values)
		}
	}
	return pairs
}

// integersOf returns the integers of a list or a tuple.
func integersOf(v any) (all []int64, ok bool) {
	list, ok := v.(*pickled)
	if !ok || list.dict || len(list.values) > maxRank {
		return nil, false
	}
	for _, v := range list.values {
		n, ok := v.(int64)
		if !ok {
			return nil, false
		}
		all = append(all, n)
	}
	return all, true
}

// build sets the attributes of an object. A state_dict has one, _metadata, without a tensor.
func (u *unpickler) build() error {
	v, err := u.pops(2)
	if err != nil {
		return err
	}
	if _, ok := v[0].(*pickled); !ok {
		return errPickle("it sets the attributes of something that is not a dictionary")
	}
	u.push(v[0])
	return nil
}
