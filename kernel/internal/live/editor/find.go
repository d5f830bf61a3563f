package editor

import (
	"fmt"
	"go/types"

	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
	"github.com/sdtlab/sdtlab/kernel/internal/live/names"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// find finds the declaration of an object; nil if its source is not available.
func (d *describer) find(o types.Object) *declared {
	if t := d.thing(o); t != nil {
		return cellFile(t.Source).find(t.Name, 0)
	}
	if !o.Pos().IsValid() {
		return nil
	}
	if names.InCell(o) {
		if d.sketch == nil {
			return nil
		}
		src, line := d.sketch.SourceAt(o.Pos())
		if src == nil {
			return nil
		}
		return cellFile(src).find(mark.Strip(o.Name()), line)
	}
	at := d.program.Position(o.Pos())
	f := d.files.file(at.Filename)
	if f == nil {
		return nil
	}
	return f.find(o.Name(), at.Line)
}

// thing returns the thing of an earlier cell that an object is, nil if it is not one.
func (d *describer) thing(o types.Object) *program.Thing {
	if d.sketch == nil {
		return nil
	}
	return d.sketch.Thing(o)
}

// origin says which package or cell an object is from.
func (d *describer) origin(o types.Object, at *declared) string {
	switch {
	case o.Pkg() == nil:
		return ""
	case !names.InCell(o):
		return "package " + o.Pkg().Path()
	case at != nil && at.cell > 0:
		return fmt.Sprintf("cell %d", at.cell)
	}
	if t := d.thing(o); t != nil {
		return fmt.Sprintf("cell %d", t.Source.Number)
	}
	return "this cell"
}
