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
	lost    []shapedName // that the network wants and the file lacks
	spare   []shapedName // that the file has and the network lacks
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

// add notes a tensor of the file; says is what is wrong with it, behind its name.
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

// err returns all in one error, nil if there is nothing.
func (m *misfits) err() error {
	var wrong []string
	if len(m.lost) > 0 {
		wrong = append(wrong, counted(m.lost, " is missing", " are missing")+m.likely())
	}
	if len(m.spare) > 0 {
		wrong = append(wrong, counted(m.spare, " is none of ", " are none of ")+m.network+"'s")
	}
	for _, r := range m.reasons {
		example := fmt.Sprintf("%q%s", r.name, r.says)
		if r.count > 1 {
			example += fmt.Sprintf(" (and so %d more)", r.count-1)
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

// likely names the tensor of the file that may be the first one missing: of its shape.
func (m *misfits) likely() string {
	lost := m.lost[0]
	for _, s := range m.spare {
		if slices.Equal(s.shape, lost.shape) {
			return fmt.Sprintf(" (%q has the shape of %q: if it is that, rename it)", s.name, lost.name)
		}
	}
	return ""
}
