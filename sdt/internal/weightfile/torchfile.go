package weightfile

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"path"
	"strings"
)

// isTorch reports whether data is a file of torch.save.
func isTorch(data []byte) bool {
	_, line, _ := insideZip(data)
	return line == torchLine || bytes.HasPrefix(data, []byte(torchMagic))
}

// decodeTorch returns the tensors, by name, of a file of torch.save, in both of its forms: a
// zip archive since PyTorch 1.6, and a sequence of pickles before. It runs nothing that the
// file names (see [unpickler]). Of several dictionaries of tensors, it reads the one that
// [largestDict] finds.
func decodeTorch(data []byte) (map[string]foreignTensor, error) {
	var value any
	var storages func(key string, size int64) ([]byte, error)
	var err error
	if bytes.HasPrefix(data, []byte(torchMagic)) {
		value, storages, err = decodeTorchSequence(data[len(torchMagic):])
	} else {
		value, storages, err = decodeTorchArchive(data)
	}
	if err != nil {
		return nil, err
	}
	all := map[string]foreignTensor{}
	copied := 4 * len(data) // bytes that tensors may take which do not lie in the file as they are
	for name, t := range largestDict(value) {
		if all[name], err = t.read(storages, &copied); err != nil {
			return nil, fmt.Errorf("tensor %q: %w", name, err)
		}
	}
	if len(all) == 0 {
		return nil, &notTensors{"no dictionary of tensors"}
	}
	return all, nil
}

// decodeTorchArchive reads NAME/data.pkl of a zip archive; the numbers of storage KEY are in
// NAME/data/KEY.
func decodeTorchArchive(data []byte) (value any, storages func(key string, size int64) ([]byte, error), err error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, nil, err
	}
	files, root := map[string]*zip.File{}, ""
	for _, f := range z.File {
		files[f.Name] = f
		if strings.HasSuffix("/"+f.Name, "/data.pkl") {
			root = path.Dir(f.Name)
		}
	}
	inflated := 0
	read := func(name string) ([]byte, error) {
		f := files[path.Join(root, name)]
		if f == nil {
			return nil, &notMessage{fmt.Errorf("the archive has no %s", path.Join(root, name))}
		}
		return unzip(data, f, &inflated)
	}
	if files[path.Join(root, "byteorder")] != nil {
		if order, err := read("byteorder"); err != nil || string(order) != "little" {
			return nil, nil, fmt.Errorf("its byte order is %q, want little", order)
		}
	}
	pickle, err := read("data.pkl")
	if err != nil {
		return nil, nil, err
	}
	value, _, err = unpickle(pickle)
	return value, func(key string, size int64) ([]byte, error) {
		raw, err := read("data/" + key)
		if err == nil && int64(len(raw)) != size {
			err = fmt.Errorf("its storage has %d bytes, want %d", len(raw), size)
		}
		return raw, err
	}, err
}

// unzip returns the content of a file in archive data: a slice of it where the file is not
// compressed, as PyTorch writes it. inflated counts the bytes of those that are.
func unzip(data []byte, f *zip.File, inflated *int) ([]byte, error) {
	if f.Method == zip.Store {
		at, err := f.DataOffset()
		if err != nil || at > int64(len(data)) || f.UncompressedSize64 > uint64(int64(len(data))-at) {
			return nil, &notMessage{fmt.Errorf("%s ends beyond the archive", f.Name)}
		}
		return data[at : at+int64(f.UncompressedSize64)], nil
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name, err)
	}
	defer r.Close()
	most := maxBytes - *inflated
	out, err := io.ReadAll(io.LimitReader(r, int64(most)+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name, err)
	}
	if *inflated += len(out); len(out) > most {
		return nil, fmt.Errorf("the archive holds more than %d bytes", maxBytes)
	}
	return out, nil
}

// decodeTorchSequence reads the pickles behind the first, a magic number: version, the
// system's properties, the value, the storages' keys. The storages follow, each with its
// count of numbers first.
func decodeTorchSequence(data []byte) (value any, storages func(key string, size int64) ([]byte, error), err error) {
	var four [4]any
	for i := range four {
		if four[i], data, err = unpickle(data); err != nil {
			return nil, nil, err
		}
	}
	keys, _ := four[3].(*pickled)
	if keys == nil {
		return nil, nil, errPickle("the storages have no keys")
	}
	sizes := map[string]int64{} // of a number
	storageSizes(four[2], sizes)
	numbers := map[string][]byte{}
	for _, k := range keys.values {
		key, ok := k.(string)
		size, used := sizes[key]
		if !ok || !used || len(data) < 8 {
			return nil, nil, errPickle(fmt.Sprintf("storage %v is missing", k))
		}
		n := binary.LittleEndian.Uint64(data)
		if data = data[8:]; n > uint64(len(data))/uint64(size) {
			return nil, nil, errPickle(fmt.Sprintf("storage %q ends beyond the file", key))
		}
		numbers[key] = data[:int64(n)*size]
		data = data[int64(n)*size:]
	}
	return four[2], func(key string, size int64) ([]byte, error) {
		raw, ok := numbers[key]
		if !ok || int64(len(raw)) < size {
			return nil, fmt.Errorf("its storage has %d bytes, want %d", len(raw), size)
		}
		return raw, nil
	}, nil
}

// read returns the tensor, with its numbers in row-major order: as they lie in the file if
// they lie so, otherwise copied, which reduces copied.
func (t *pickledTensor) read(storages func(key string, size int64) ([]byte, error), copied *int) (foreignTensor, error) {
	kind, size := storageKinds[t.storage.class].kind, storageKinds[t.storage.class].size
	out := foreignTensor{kind: kind, shape: make([]int, len(t.shape)), counts: kind.size == 0}
	if t.storage.count < 0 || max(t.storage.count, t.offset) > maxBytes {
		return out, fmt.Errorf("it begins at number %d of a storage of %d", t.offset, t.storage.count)
	}
	n, last, contiguous := int64(1), t.offset, true
	for i := len(t.shape) - 1; i >= 0; i-- {
		d, s := t.shape[i], t.stride[i]
		if d < 0 || s < 0 || d > 0 && n > t.storage.count/d || d > 1 && s > t.storage.count {
			return out, fmt.Errorf("shape %v with strides %v does not fit its storage of %d numbers: save it as tensor.contiguous().clone()", t.shape, t.stride, t.storage.count)
		}
		contiguous = contiguous && (d == 1 || s == n)
		out.shape[i], n = int(d), n*d
		last += max(d-1, 0) * s
	}
	if out.counts {
		out.problem = wrongType(strings.TrimSuffix(string(t.storage.class), "Storage"))
		return out, nil
	}
	raw, err := storages(t.storage.key, t.storage.count*size)
	if err != nil || n == 0 {
		return out, err
	}
	if (last+1)*size > int64(len(raw)) {
		return out, fmt.Errorf("shape %v from number %d ends beyond its storage of %d bytes", t.shape, t.offset, len(raw))
	}
	if contiguous {
		out.raw = raw[t.offset*size : (t.offset+n)*size]
		return out, nil
	}
	if *copied -= int(n * size); *copied < 0 {
		return out, fmt.Errorf("the tensors that share numbers take more than four times the file's size: save them as tensor.contiguous().clone()")
	}
	out.raw = t.gather(raw, n, size)
	return out, nil
}

// gather copies the tensor's n numbers, of that many bytes each, in row-major order.
func (t *pickledTensor) gather(raw []byte, n, size int64) []byte {
	out := make([]byte, 0, n*size)
	index, at := make([]int64, len(t.shape)), t.offset
	for range n {
		out = append(out, raw[at*size:(at+1)*size]...)
		for i := len(index) - 1; i >= 0; i-- {
			if index[i]++; index[i] < t.shape[i] {
				at += t.stride[i]
				break
			}
			at -= (index[i] - 1) * t.stride[i]
			index[i] = 0
		}
	}
	return out
}
