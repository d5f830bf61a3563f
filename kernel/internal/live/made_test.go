package live

import "testing"

// TestMadeTypes checks types that reflect creates before a cell mentions them: they are
// one, as in a program.
func TestMadeTypes(t *testing.T) {
	const e = "type E struct{ v int }\nof := reflect.TypeOf(E{})\n"
	inSessions(t, []sessionRow{
		{"a slice", []string{e + "x := reflect.MakeSlice(reflect.SliceOf(of), 1, 1).Interface()", "y, ok := x.([]E)\nfmt.Println(ok, y, reflect.TypeOf(x) == reflect.TypeFor[[]E](), reflect.SliceOf(of) == reflect.TypeFor[[]E](), reflect.DeepEqual(x, []E{{}}))"}, "true [{0}] true true true\n"},
		{"in a later cell, and one after", []string{e + "x := reflect.MakeSlice(reflect.SliceOf(of), 1, 1).Interface()", "func is(x any) bool { _, ok := x.([]E); return ok }\nvar own any = []E{{7}}", "_, ok := own.([]E)\n_, also := x.([]E)\nfmt.Println(ok, also, is(x), is(own))"}, "true true true true\n"},
		{"a type switch, which goes by hashes", []string{"type E struct {\n\tV []float32\n\tW map[string]int8\n\tX [3]bool\n}\ne := &E{}\nfs := func() (r []any) {\n\tv := reflect.ValueOf(e).Elem()\n\tfor i := range v.NumField() {\n\t\tr = append(r, v.Field(i).Addr().Interface())\n\t}\n\treturn\n}()", "for _, f := range fs {\n\tswitch p := f.(type) {\n\tcase *[]float32:\n\t\t*p = append(*p, 1.5)\n\tcase *map[string]int8:\n\t\t*p = map[string]int8{\"a\": 1}\n\tcase *[3]bool:\n\t\tp[1] = true\n\tcase *int8:\n\tcase *E:\n\tdefault:\n\t\tfmt.Printf(\"unknown %T\\n\", f)\n\t}\n}\nfmt.Println(*e)"}, "{[1.5] map[a:1] [false true false]}\n"},
		{"maps, arrays, channels, pointers", []string{e + "all := []any{reflect.MakeMap(reflect.MapOf(reflect.TypeOf(\"\"), of)).Interface(), reflect.New(reflect.ArrayOf(5, of)).Elem().Interface(), reflect.MakeChan(reflect.ChanOf(reflect.BothDir, of), 1).Interface(), reflect.New(reflect.PointerTo(of)).Interface()}", "all[0].(map[string]E)[\"k\"] = E{1}\nall[2].(chan E) <- E{3}\n*all[3].(**E) = &E{4}\nfmt.Println(all[0].(map[string]E), len(all[1].([5]E)), <-all[2].(chan E), **all[3].(**E))"}, "map[k:{1}] 5 {3} {4}\n"},
		{"functions and structs", []string{e + "f := reflect.MakeFunc(reflect.FuncOf([]reflect.Type{of}, []reflect.Type{of}, false), func(in []reflect.Value) []reflect.Value { return in }).Interface()\ns := reflect.New(reflect.StructOf([]reflect.StructField{{Name: \"A\", Type: of, Tag: `json:\"a\"`}})).Elem().Interface()", "fmt.Println(f.(func(E) E)(E{6}), s.(struct {\n\tA E `json:\"a\"`\n}).A)"}, "{6} {0}\n"},
		{"of Go's own types", []string{"x := reflect.MakeSlice(reflect.SliceOf(reflect.TypeFor[time.Month]()), 2, 2).Interface()\ny := reflect.New(reflect.SliceOf(reflect.SliceOf(reflect.TypeFor[int8]()))).Interface()", "_, a := x.([]time.Month)\n_, b := y.(*[][]int8)\nfmt.Println(a, b)"}, "true true\n"},
		{"decoded into", []string{e + "func decode(s string, sample any) any {\n\tp := reflect.New(reflect.SliceOf(reflect.TypeOf(sample)))\n\tif err := json.Unmarshal([]byte(s), p.Interface()); err != nil {\n\t\tpanic(err)\n\t}\n\treturn p.Elem().Interface()\n}\ntype P struct{ N int }\ngot := decode(`[{\"N\":3}]`, P{})", "got.([]P)[0].N"}, "Out: 3"},
		{"a type that is declared again is another", []string{e + "x := reflect.MakeSlice(reflect.SliceOf(of), 1, 1).Interface()", "type E struct{ v, w int }", "_, ok := x.([]E)\nok"}, "Out: false"},
		{"methods that come later", []string{"type E struct{ v int }\nx := reflect.MakeSlice(reflect.SliceOf(reflect.TypeOf(E{})), 1, 1).Interface()", "func (e E) String() string { return fmt.Sprint(\"e\", e.v) }", "fmt.Println(x, x.([]E)[0])"}, "[e0] e0\n"},
	})
}
