package weightfile

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// wrappers are the parts that PyTorch adds to the names in a model that it trains on
// several devices, compiles, shards or recomputes.
var wrappers = []string{"module", "_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module"}

// withoutWrappers returns the tensors under their names without [wrappers], wherever these
// are in the name: "features.module.0.weight" becomes "features.0.weight". A name that
// would clash with another tensor's stays as it is.
func withoutWrappers(all map[string]foreignTensor) map[string]foreignTensor {
	short, taken := map[string]string{}, map[string]int{}
	for name := range all {
		parts := strings.Split(name, ".")
		parts = slices.DeleteFunc(parts, func(part string) bool { return slices.Contains(wrappers, part) })
		short[name] = strings.Join(parts, ".")
		taken[short[name]]++
	}
	out := map[string]foreignTensor{}
	for name, t := range all {
		t.name = name
		if taken[short[name]] == 1 {
			out[short[name]] = t
		} else {
			out[name] = t
		}
	}
	return out
}

// prefix returns the common prefix of the network's tensors in a file, such as "backbone."
// if the network is part of a larger model, and whether all of them are there under it. If
// no prefix has all, it returns the one that has most, and fits is false. Two that fit are
// an error, unless their tensors are the same.
func (o Origin) prefix(all map[string]foreignTensor) (prefix string, fits bool, err error) {
	wanted := o.names()
	have := map[string]int{}
	for name := range all {
		for _, w := range wanted {
			if p, ok := strings.CutSuffix(name, w); ok && (p == "" || strings.ContainsAny(p[len(p)-1:], "./:")) {
				have[p]++
			}
		}
	}
	var fitting []string
	for _, p := range slices.Sorted(maps.Keys(have)) { // "" is first
		if have[p] > have[prefix] {
			prefix = p
		}
		if have[p] == len(wanted) {
			fitting = append(fitting, p)
		}
	}
	if len(fitting) == 0 {
		return prefix, false, nil
	}
	last := fitting[len(fitting)-1] // prefer a prefix: the rest is then another part of the model
	for _, p := range fitting[:len(fitting)-1] {
		for _, w := range wanted {
			if !all[p+w].same(all[last+w]) {
				return "", false, fmt.Errorf("the tensors of %s appear more than once, as %q and as %q: save the ones you want, as {k: v for k, v in state_dict.items() if k.startswith(%q)}",
					o.network, all[p+w].name, all[last+w].name, strings.TrimSuffix(all[last+w].name, w))
			}
		}
	}
	return last, true, nil
}

// names returns the names of the network's tensors in a file, without the classifier's.
func (o Origin) names() (all []string) {
	for _, v := range o.variables() {
		all = append(all, v.theirs)
	}
	return all
}

// same reports whether two tensors have the same shape and the same bytes.
func (t foreignTensor) same(other foreignTensor) bool {
	return t.kind.size == other.kind.size && t.problem == other.problem && slices.Equal(t.shape, other.shape) && bytes.Equal(t.raw, other.raw)
}
