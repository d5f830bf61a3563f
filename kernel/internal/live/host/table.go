package host

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Limits of a table.
const (
	rowLimit    = 60
	columnLimit = 20
	cellLimit   = 120 // bytes of a cell's text
	lineLimit   = 80  // characters of text that needs no table
)

// table is a value in rows.
type table struct {
	title    string // description above it; may be ""
	head     []string
	rows     [][]string
	numeric  []bool   // for each column: all its cells are numbers
	index    []string // for each row, or nil
	moreRows int      // not shown
	moreCols int
	note     string // further remark below it
}

// tabular returns a value as a table where that helps: slices of structs, of maps and of
// slices; maps and structs that fill more than a line. The plain text is the table only if
// the value would not fit in a line. It returns nil for other values.
func tabular(v any) map[string]string {
	r := reflect.ValueOf(v)
	if !r.IsValid() {
		return nil
	}
	if _, ok := byMethod(r); ok {
		return nil
	}
	var t *table
	line := text(v)
	short := len([]rune(line)) <= lineLimit
	for r.Kind() == reflect.Pointer && !r.IsNil() {
		if _, ok := byMethod(r.Elem()); ok {
			return nil
		}
		r = r.Elem()
	}
	switch r.Kind() {
	case reflect.Slice, reflect.Array:
		t = tableOfRows(r)
	case reflect.Map:
		if !short {
			t = tableOfMap(r)
		}
	case reflect.Struct:
		if !short && r.NumField() > 1 {
			t = tableOfStruct(r)
		}
	}
	if t == nil {
		return nil
	}
	t.findNumeric()
	data := plain(line)
	if !short {
		data = plain(t.text())
	}
	data["text/html"] = t.html()
	return data
}

// row returns the kind of a type that can be a row: a struct, a slice or a map.
func row(t reflect.Type) reflect.Kind {
	for _, method := range []string{"Error", "Format", "String", "GoString"} {
		if _, ok := t.MethodByName(method); ok {
			return reflect.Invalid
		}
	}
	switch t.Kind() {
	case reflect.Pointer:
		if t.Elem().Kind() == reflect.Struct {
			return row(t.Elem())
		}
	case reflect.Struct:
		if t.NumField() > 0 {
			return reflect.Struct
		}
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() != reflect.Uint8 {
			return reflect.Slice
		}
	case reflect.Map:
		return reflect.Map
	}
	return reflect.Invalid
}

// tableOfRows makes a table of a slice; nil if its elements are not rows.
func tableOfRows(v reflect.Value) *table {
	kind := row(v.Type().Elem())
	if kind == reflect.Invalid || v.Len() == 0 {
		return nil
	}
	n := min(v.Len(), rowLimit)
	t := &table{moreRows: v.Len() - n, index: []string{}}
	var keys []reflect.Value // of maps
	columns := 0
	for i := range n {
		t.index = append(t.index, strconv.Itoa(i))
		switch e := indirect(v.Index(i)); {
		case !e.IsValid():
		case kind == reflect.Slice:
			columns = max(columns, e.Len())
		case kind == reflect.Map:
			for _, k := range firstKeys(e, columnLimit+1) {
				if !slices.ContainsFunc(keys, func(o reflect.Value) bool { return compare(k, o) == 0 }) {
					keys = append(keys, k)
				}
			}
		}
	}
	slices.SortStableFunc(keys, compare)
	switch kind {
	case reflect.Struct:
		e := v.Type().Elem()
		if e.Kind() == reflect.Pointer {
			e = e.Elem()
		}
		columns = e.NumField()
		for i := range min(columns, columnLimit) {
			t.head = append(t.head, e.Field(i).Name)
		}
	case reflect.Map:
		columns = len(keys)
		for _, k := range keys[:min(columns, columnLimit)] {
			t.head = append(t.head, cell(k))
		}
	default:
		for i := range min(columns, columnLimit) {
			t.head = append(t.head, strconv.Itoa(i))
		}
	}
	if columns == 0 {
		return nil
	}
	t.moreCols = columns - len(t.head)
	for i := range n {
		cells := make([]string, len(t.head))
		e := indirect(v.Index(i))
		for j := range cells {
			switch {
			case !e.IsValid():
				cells[j] = "nil"
			case kind == reflect.Struct:
				cells[j] = cell(e.Field(j))
			case kind == reflect.Map:
				if x := e.MapIndex(keys[j]); x.IsValid() {
					cells[j] = cell(x)
				}
			case j < e.Len():
				cells[j] = cell(e.Index(j))
			}
		}
		t.rows = append(t.rows, cells)
	}
	return t
}

func tableOfMap(v reflect.Value) *table {
	t := &table{title: v.Type().String(), head: []string{"key", "value"}}
	keys := firstKeys(v, rowLimit)
	for _, k := range keys {
		t.rows = append(t.rows, []string{cell(k), cell(v.MapIndex(k))})
	}
	t.moreRows = v.Len() - len(keys)
	return t
}

func tableOfStruct(v reflect.Value) *table {
	t := &table{title: v.Type().String(), head: []string{"field", "value"}}
	n := min(v.NumField(), 2*rowLimit)
	for i := range n {
		t.rows = append(t.rows, []string{v.Type().Field(i).Name, cell(v.Field(i))})
	}
	t.moreRows = v.NumField() - n
	return t
}

// indirect follows interfaces and pointers; the result is invalid if one is nil.
func indirect(v reflect.Value) reflect.Value {
	for v.IsValid() && (v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer) {
		v = v.Elem()
	}
	return v
}

// cell returns a value's text in a table: a string without quotes if possible, a fraction
// to six digits.
func cell(v reflect.Value) string {
	for v.Kind() == reflect.Interface && !v.IsNil() {
		v = v.Elem()
	}
	if !v.IsValid() {
		return "nil"
	}
	if _, ok := byMethod(v); !ok {
		switch v.Kind() {
		case reflect.String:
			s := v.String()
			if len(s) <= cellLimit && s == strings.TrimSpace(s) && strconv.CanBackquote(s) && !strings.Contains(s, "\t") {
				return s
			}
		case reflect.Float32, reflect.Float64:
			return strconv.FormatFloat(v.Float(), 'g', 6, 64)
		}
	}
	s := textWithin(v, cellLimit)
	return strings.ReplaceAll(s, "\n", "⏎")
}

// findNumeric records the columns that hold only numbers.
func (t *table) findNumeric() {
	t.numeric = make([]bool, len(t.head))
	for j := range t.head {
		some := false
		t.numeric[j] = !slices.ContainsFunc(t.rows, func(cells []string) bool {
			_, err := strconv.ParseFloat(cells[j], 64)
			some = some || err == nil
			return err != nil && cells[j] != ""
		}) && some
	}
}
