package weightfile

// maxNesting limits how deep the dictionaries and lists of a checkpoint may be nested.
const maxNesting = 64

// walk visits the dictionaries, lists and tuples in a pickled value, each once, however often
// the pickle refers to it. visit says whether to go into one.
func walk(value any, visit func(*pickled) bool) {
	seen := map[*pickled]bool{}
	var into func(v any, depth int)
	into = func(v any, depth int) {
		p, ok := v.(*pickled)
		if !ok || seen[p] || depth == maxNesting {
			return
		}
		seen[p] = true
		if visit(p) {
			for _, v := range p.values {
				into(v, depth+1)
			}
		}
	}
	into(value, 0)
}

// tensors returns the dictionary's tensors by name, and how many numbers they have.
func (p *pickled) tensors() (all map[string]*pickledTensor, numbers float64) {
	all = map[string]*pickledTensor{}
	for i, key := range p.keys {
		name, ok := key.(string)
		if t, isTensor := p.values[i].(*pickledTensor); ok && isTensor {
			all[name] = t
		} else if ok {
			delete(all, name)
		}
	}
	for _, t := range all {
		n := 1.0
		for _, d := range t.shape {
			n *= float64(d)
		}
		numbers += n
	}
	return all, numbers
}

// largestDict returns the dictionary of tensors, by name, that has most numbers in a
// checkpoint of any form. An optimizer's, which has param_groups, does not count, since it may
// keep two numbers for each weight; its line in [torchLine] chooses the same.
func largestDict(value any) (largest map[string]*pickledTensor) {
	most := -1.0
	walk(value, func(p *pickled) bool {
		if !p.dict {
			return true
		}
		if all, numbers := p.tensors(); len(all) > 0 && numbers > most {
			largest, most = all, numbers
		}
		for _, key := range p.keys {
			if key == any("param_groups") {
				return false
			}
		}
		return true
	})
	return largest
}

// storageSizes puts the bytes of a number of each storage in a value into sizes, by key.
func storageSizes(value any, sizes map[string]int64) {
	walk(value, func(p *pickled) bool {
		for _, v := range p.values {
			if t, ok := v.(*pickledTensor); ok {
				sizes[t.storage.key] = storageKinds[t.storage.class].size
			}
		}
		return true
	})
}
