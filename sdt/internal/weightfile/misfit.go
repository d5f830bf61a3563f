package weightfile

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// misfits are the tensors of a file that do not fit a network: each reason once, with one
// example and the count.
type misfits struct {
	network string
	reasons []misfit
	lost    []shapedName // in the network, not in the file
	spare   []shapedName // in the file, not in the network
}

// misfit is one reason.
type misfit struct {
	reason, name, says string // the example's
	count              int
}

type shapedName struct {
	name  string
	shape []int
}

// add records a tensor of the file; says is what is wrong with it, to follow its name.
func (m *misfits) add(reason, name, says string) {
	if i := slices.IndexFunc(m.reasons, func(r misfit) bool { return r.reason == reason }); i >= 0 {
		m.reasons[i].count++
		return
	}
	if !strings.HasPrefix(says, ":") {
		says = " " + says
	}
	m.reasons = append(m.reasons, misfit{reason, name, says, 1})
}

func (m *misfits) missing(name string, shape []int) {
	m.lost = append(m.lost, shapedName{name, shape})
}
func (m *misfits) extra(name string, shape []int) {
	m.spare = append(m.spare, shapedName{name, shape})
}

// err returns everything as one error, nil if all tensors fit.
func (m *misfits) err() error {
	var wrong []string
	if len(m.lost) > 0 {
		wrong = append(wrong, counted(m.lost, " is missing", " are missing")+m.likely())
	}
	if len(m.spare) > 0 {
		wrong = append(wrong, counted(m.spare, " does not belong to ", " do not belong to ")+m.network)
	}
	for _, r := range m.reasons {
		example := fmt.Sprintf("%q%s", r.name, r.says)
		if r.count > 1 {
			example += fmt.Sprintf(" (and %d more like it)", r.count-1)
		}
		wrong = append(wrong, example)
	}
	if len(wrong) == 0 {
		return nil
	}
	return errors.New("tensors do not fit " + m.network + ": " + strings.Join(wrong, "; "))
}

// counted returns the first name and how many follow.
func counted(all []shapedName, one, more string) string {
	if len(all) == 1 {
		return fmt.Sprintf("%q%s", all[0].name, one)
	}
	return fmt.Sprintf("%q and %d more%s", all[0].name, len(all)-1, more)
}

// likely suggests the file's tensor that has the shape of the first missing one.
func (m *misfits) likely() string {
	lost := m.lost[0]
	for _, s := range m.spare {
		if slices.Equal(s.shape, lost.shape) {
			return fmt.Sprintf(" (%q has the shape of %q: if it is the same tensor, rename it)", s.name, lost.name)
		}
	}
	return ""
}
