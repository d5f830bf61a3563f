package names

import (
	"fmt"
	"go/types"
	"strconv"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// TypePiece returns a type as code; an error if the type cannot be named outside of its
// function or package.
func (m *Meaning) TypePiece(t types.Type) (*program.Piece, error) {
	const stop = "\x00"
	var refs []program.Ref
	w := &typeWriter{name: func(o types.Object) (string, error) {
		r, ok := m.ref(o, false)
		switch {
		case !ok, r.Text != "" && r.Text != o.Name():
			return "", fmt.Errorf("its type %s is declared in a function, and has no name outside it", o.Name())
		case r.Path != "" && !o.Exported():
			return "", fmt.Errorf("its type %s.%s has no name outside its package; give it an interface type", o.Pkg().Name(), o.Name())
		}
		refs = append(refs, r)
		return stop + strconv.Itoa(len(refs)-1) + stop, nil
	}}
	text, err := w.text(t)
	if err != nil {
		return nil, err
	}
	p := &program.Piece{}
	for i, part := range strings.Split(text, stop) {
		if i%2 == 0 {
			p.Text += part
			continue
		}
		n, _ := strconv.Atoi(part)
		r := refs[n]
		r.From, r.To = len(p.Text), len(p.Text)
		p.Refs = append(p.Refs, r)
	}
	return p, nil
}
