package host

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// edge is how many elements are shown at each end of an axis with more than wholeAxis
// elements.
const (
	edge      = 3
	wholeAxis = 10
)

// tensor describes an array of any rank.
type tensor struct {
	kind string // type of its elements
	dims []int
	at   func(flat int) string // its elements in row order
	fail string                // why its elements cannot be read
}

// shapeOf returns the element type and dimensions of a value with a method Shape and a
// result with fields DType and Dimensions, as GoMLX's tensors have.
func shapeOf(v any) (kind string, dims []int, ok bool) {
	m := reflect.ValueOf(v).MethodByName("Shape")
	if !m.IsValid() || m.Type().NumIn() != 0 || m.Type().NumOut() != 1 || m.Type().Out(0).Kind() != reflect.Struct {
		return "", nil, false
	}
	t := m.Type().Out(0)
	_, typed := t.FieldByName("DType")
	d, sized := t.FieldByName("Dimensions")
	if !typed || !sized || d.Type != reflect.TypeFor[[]int]() {
		return "", nil, false
	}
	shape := m.Call(nil)[0]
	dims = slices.Clone(shape.FieldByName("Dimensions").Interface().([]int))
	return strings.ToLower(fmt.Sprint(shape.FieldByName("DType"))), dims, true
}

// flat is a value that passes its elements, in row order, to a function as a slice.
type flat interface{ ConstFlatData(func(flat any)) error }

// matrix is implemented by gonum's matrices.
type matrix interface {
	Dims() (rows, columns int)
	At(row, column int) float64
}

// shapeName returns the text of a tensor inside another value; false if the value is not a
// tensor.
func shapeName(v any) (name string, ok bool) {
	defer func() {
		if recover() != nil {
			name = typeName(v) // the tensor was given away
		}
	}()
	if _, ok = v.(flat); ok {
		var kind string
		var dims []int
		if kind, dims, ok = shapeOf(v); ok {
			return shapeText(kind, dims), true
		}
	}
	return "", false
}

func shapeText(kind string, dims []int) string {
	texts := make([]string, len(dims))
	for i, d := range dims {
		texts[i] = strconv.Itoa(d)
	}
	return kind + "[" + strings.Join(texts, ", ") + "]"
}

// array returns a tensor or matrix as its type, shape and the elements at its corners; nil
// for other values.
func array(v any) map[string]string {
	if isNil(v) {
		return nil
	}
	if m, ok := v.(matrix); ok {
		rows, columns := m.Dims()
		t := &tensor{kind: typeName(v), dims: []int{rows, columns}, at: func(i int) string {
			return number(reflect.ValueOf(m.At(i/columns, i%columns)))
		}}
		return t.show()
	}
	f, ok := v.(flat)
	if !ok {
		return nil
	}
	if _, ok := shapeName(v); !ok {
		return nil
	}
	var data map[string]string
	kind, dims := "", []int(nil)
	var err error
	panicked := orPanic("Shape method", func() string {
		kind, dims, _ = shapeOf(v)
		return ""
	})
	if panicked != "" { // the tensor was given away
		return plain(fmt.Sprintf("%s (%s)", typeName(v), panicked))
	}
	panicked = orPanic("ConstFlatData method", func() string {
		err = f.ConstFlatData(func(elements any) {
			t := &tensor{kind: kind, dims: dims}
			all := reflect.ValueOf(elements)
			if all.Kind() != reflect.Slice || all.Len() != t.size() {
				t.fail = "elements are packed"
			}
			t.at = func(i int) string { return number(all.Index(i)) }
			data = t.show()
		})
		return ""
	})
	switch {
	case data != nil:
		return data
	case err != nil:
		panicked = err.Error()
	}
	if kind == "" || strings.HasPrefix(kind, "invalid") { // the tensor was given away
		return plain(fmt.Sprintf("%s (%s)", typeName(v), panicked))
	}
	return plain(fmt.Sprintf("%s (%s)", shapeText(kind, dims), panicked))
}

// number returns an element's text.
func number(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Float32:
		return strconv.FormatFloat(v.Float(), 'g', 6, 32)
	case reflect.Float64:
		return strconv.FormatFloat(v.Float(), 'g', 6, 64)
	}
	return textWithin(v, cellLimit)
}

func (t *tensor) size() int {
	n := 1
	for _, d := range t.dims {
		n *= d
	}
	return n
}

func (t *tensor) show() map[string]string {
	name := shapeText(t.kind, t.dims)
	switch {
	case t.fail != "":
		return plain(name + " (" + t.fail + ")")
	case t.size() == 0:
		return plain(name)
	case len(t.dims) == 0:
		return plain(name + " " + t.at(0))
	}
	data := plain(name + "\n" + t.text())
	data["text/html"] = t.table().html()
	return data
}

// shownOf returns the positions shown of an axis of length n; −1 stands for those omitted.
func shownOf(n int) []int {
	var all []int
	for i := range n {
		switch {
		case n <= wholeAxis || i < edge || i >= n-edge:
			all = append(all, i)
		case i == edge:
			all = append(all, -1)
		}
	}
	return all
}

// text writes a tensor as nested rows.
func (t *tensor) text() string {
	texts := map[int]string{} // of the elements shown, by place
	widest := 0
	t.each(0, 0, func(at int) {
		texts[at] = t.at(at)
		widest = max(widest, width(texts[at]))
	})
	var b strings.Builder
	t.write(&b, 0, 0, func(at int) string {
		return strings.Repeat(" ", widest-width(texts[at])) + texts[at]
	})
	return b.String()
}

// each calls f with the place of each element that is shown.
func (t *tensor) each(axis, at int, f func(at int)) {
	if axis == len(t.dims) {
		f(at)
		return
	}
	for _, i := range t.shown(axis) {
		if i >= 0 {
			t.each(axis+1, at*t.dims[axis]+i, f)
		}
	}
}

// shown is shownOf for an axis, with fewer positions for axes before the last two.
func (t *tensor) shown(axis int) []int {
	n := t.dims[axis]
	if axis < len(t.dims)-2 && n > 2 {
		return []int{0, -1, n - 1}
	}
	return shownOf(n)
}

func (t *tensor) write(b *strings.Builder, axis, at int, element func(int) string) {
	b.WriteString("[")
	last := axis == len(t.dims)-1
	for k, i := range t.shown(axis) {
		if k > 0 && last {
			b.WriteString(" ")
		} else if k > 0 {
			b.WriteString(strings.Repeat("\n", min(len(t.dims)-1-axis, 2)) + strings.Repeat(" ", axis+1))
		}
		switch {
		case i < 0:
			b.WriteString("…")
		case last:
			b.WriteString(element(at*t.dims[axis] + i))
		default:
			t.write(b, axis+1, at*t.dims[axis]+i, element)
		}
	}
	b.WriteString("]")
}

// table returns the first matrix of a tensor.
func (t *tensor) table() *table {
	rows, columns := 1, t.dims[len(t.dims)-1]
	result := &table{title: shapeText(t.kind, t.dims)}
	if len(t.dims) > 1 {
		rows = t.dims[len(t.dims)-2]
		result.index = []string{}
	}
	for _, j := range shownOf(columns) {
		result.head = append(result.head, ordinal(j))
		result.numeric = append(result.numeric, true)
	}
	for _, i := range shownOf(rows) {
		var cells []string
		for _, j := range shownOf(columns) {
			switch {
			case i >= 0 && j >= 0:
				cells = append(cells, t.at(i*columns+j))
			case i < 0 && j < 0:
				cells = append(cells, "⋱")
			case i < 0:
				cells = append(cells, "⋮")
			default:
				cells = append(cells, "…")
			}
		}
		result.rows = append(result.rows, cells)
		if result.index != nil {
			result.index = append(result.index, ordinal(i))
		}
	}
	if n := t.size() / (rows * columns); n > 1 {
		result.note = "the first of " + thousands(n) + " matrices"
	}
	return result
}

func ordinal(i int) string {
	if i < 0 {
		return "…"
	}
	return strconv.Itoa(i)
}
