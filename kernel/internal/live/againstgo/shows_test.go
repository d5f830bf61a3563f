package againstgo

// show is a row of shows: statements that show what a value $v of a type $t is and can do,
// and declarations for them, with names $f and $i, separated by an empty line.
type show struct {
	decl, code string
	of         func(goType) bool // the types that it can be used for; nil for all
}

func plain(t goType) bool { return t.plain }

func having(method string) func(goType) bool {
	return func(t goType) bool { return t.has(method) }
}

// shows are what random programs do: each row is one feature of Go.
var shows = []show{
	{"", "fmt.Printf(\"%v %+v\\n\", $v, $v)", plain},
	{"", "fmt.Printf(\"%#v %T\\n\", $v, $v)", plain},
	{"", "fmt.Printf(\"%T %T %T\\n\", $v, []$t{}, func(map[string]$t) *$t { return nil })", nil},
	{"", "fmt.Println(any($v), []$t{$v})", plain},
	{"func $f(all ...any) string { return fmt.Sprintln(all...) }", "fmt.Print($f($v, $n, $w))", plain},
	{"", "{\n\tx := $v\n\tfmt.Printf(\"%v %+v\\n\", &x, &x)\n}", func(t goType) bool { return t.plain && t.part != "int(t)" }},
	// encodings
	{"", "{\n\tx := $v\n\tb, err := json.Marshal(x)\n\tp, _ := json.Marshal(&x)\n\tfmt.Println(string(b), string(p), err)\n}", nil},
	{"", "{\n\tb, _ := json.Marshal($v)\n\tvar x $t\n\terr := json.Unmarshal(b, &x)\n\tfmt.Printf(\"%+v %v\\n\", x, err)\n}", plain},
	{"", "{\n\tb, err := xml.Marshal($v)\n\tfmt.Println(string(b), err)\n}", nil},
	{"", "{\n\tvar b bytes.Buffer\n\tvar x $t\n\terr := gob.NewEncoder(&b).Encode($v)\n\tfmt.Println(err, err == nil && gob.NewDecoder(&b).Decode(&x) == nil)\n\tfmt.Printf(\"%+v\\n\", x)\n}", plain},
	{"", "{\n\terr := template.Must(template.New($w).Parse(\"{{.}} {{.Name}}\\n\")).Execute(os.Stdout, $v)\n\tfmt.Println(err)\n}", plain},
	// reflection
	{"func $f(t reflect.Type) {\n\tfmt.Println(t, t.Name(), t.PkgPath(), t.Kind(), t.Size(), t.Comparable(), reflect.PointerTo(t))\n\tfor i := range t.NumMethod() {\n\t\tfmt.Println(t.Method(i).Name, t.Method(i).Type)\n\t}\n\tif t.Kind() == reflect.Struct {\n\t\tfor i := range t.NumField() {\n\t\t\tfmt.Printf(\"%+v\\n\", t.Field(i))\n\t\t}\n\t}\n}",
		"$f(reflect.TypeOf($v))\n$f(reflect.TypeFor[*$t]())", nil},
	{"", "fmt.Println(reflect.DeepEqual($v, $v), reflect.TypeOf($v) == reflect.TypeFor[$t](), reflect.TypeOf([]$t{}) == reflect.SliceOf(reflect.TypeOf($v)))", plain},
	// interfaces
	{"type $i interface{ Area(int) int }\n\nfunc $f(x $i) int { return x.Area($n) + 1 }", "{\n\tx := $v\n\tfmt.Println($f(&x), x.Area($n))\n}", having("Area")},
	{"type $i interface{ area(int) int }\n\nfunc $f(x $i) int { return x.area($n) + 1 }", "{\n\tx := $v\n\tm := x.area\n\tfmt.Println($f(&x), m($n), (*$t).area(&x, $n))\n\t_, ok := any(x).($i)\n\tfmt.Println(ok)\n}", having("area")},
	{"type $i interface {\n\tfmt.Stringer\n\terror\n}\n\nfunc $f(x any) string {\n\tswitch x := x.(type) {\n\tcase $i:\n\t\treturn x.Error() + x.String()\n\tcase error:\n\t\treturn \"error \" + x.Error()\n\tcase fmt.Stringer:\n\t\treturn \"stringer \" + x.String()\n\tcase interface{ area(int) int }:\n\t\treturn fmt.Sprint(x.area($n))\n\tcase $t, *$t:\n\t\treturn fmt.Sprintf(\"%T\", x)\n\t}\n\treturn \"?\"\n}",
		"{\n\tx := $v\n\tfmt.Println($f(x), $f(&x), $f($n), $f(any(x).($t)))\n}", nil},
	{"type $i struct {\n\tfmt.Stringer\n\tn int\n}", "{\n\tx := $v\n\tfmt.Println($i{&x, $n}, $i{&x, $n}.String())\n}", having("String")},
	{"", "fmt.Println(any($v) == any($v), map[any]int{$v: $n}[$v])", func(t goType) bool { return t.key }},
	{"func $f(m map[$t]int, k $t) int {\n\tm[k]++\n\treturn len(m)\n}", "fmt.Println($f(map[$t]int{$l: $n}, $v))", func(t goType) bool { return t.key }},
	// errors and panics
	{"", "{\n\tx := $v\n\terr := fmt.Errorf(\"one: %w\", errors.Join(io.EOF, &x))\n\ty, ok := errors.AsType[*$t](err)\n\tvar e interface{ Is(error) bool }\n\tfmt.Println(ok && y == &x, errors.As(err, &e), errors.Is(err, io.EOF), errors.Is(&x, io.EOF))\n}", having("Error")},
	{"func $f(run func()) (said string) {\n\tdefer func() {\n\t\tif r := recover(); r != nil {\n\t\t\tsaid = fmt.Sprintf(\"%v %T\", r, r)\n\t\t}\n\t}()\n\trun()\n\treturn \"fine\"\n}",
		"fmt.Println($f(func() { _ = any($v).(interface{ missing() }) }), $f(func() { _ = any($n).($t) }), $f(func() { panic(fmt.Sprintf(\"%T\", $v)) }))", nil},
	{"type $i int\n\nfunc $f(n int) (err error) {\n\tdefer func() { err, _ = recover().(error) }()\n\tfor i := range n {\n\t\tdefer func() { fmt.Print(i, \" \") }()\n\t}\n\tvar m map[$i]int\n\tm[$i(n)] = []int{}[n]\n\treturn nil\n}", "fmt.Println($f($n))", nil},
	// functions
	{"func $f[A, B any](all []A, f func(A) B) (out []B) {\n\tfor _, a := range all {\n\t\tout = append(out, f(a))\n\t}\n\treturn\n}", "{\n\tout := $f([]$t{$v, $v}, func(x $t) string { return fmt.Sprintf(\"%T\", x) })\n\tfmt.Println(len(out), out, $f(out, strings.ToUpper))\n}", nil},
	{"type $i[K comparable, V any] struct {\n\tkeys []K\n\tof   map[K]V\n}\n\nfunc $f[K comparable, V any](k K, v V) *$i[K, V] { return &$i[K, V]{[]K{k}, map[K]V{k: v}} }", "fmt.Printf(\"%v %T\\n\", *$f($w, $v), $f($n, $v))", plain},
	{"", "{\n\tx := $v\n\tfor n := range x.each {\n\t\tfmt.Print(n, \" \")\n\t}\n}", having("each")},
	{"func $f() any {\n\ttype local struct{ a, B int }\n\treturn local{$n, $n}\n}", "fmt.Printf(\"%T %+v\\n\", $f(), $f())", nil},
	{"type $i = $t\n\nfunc $f(x $i) string { return fmt.Sprintf(\"%T\", x) }", "fmt.Println($f($v), $f($i($l)))", nil},
	{"type $i struct{ left, right *$i }\n\nfunc $f(n int) *$i {\n\tif n == 0 {\n\t\treturn nil\n\t}\n\treturn &$i{$f(n - 1), $f(n - 1)}\n}", "fmt.Printf(\"%T %v\\n\", $f(2), *$f(1))", nil},
	{"const $f = len($w) + $n\n\ntype $i [$f + 1]$t", "fmt.Println(len($i{}), $f, unsafe.Sizeof($i{}) == uintptr($f+1)*unsafe.Sizeof($v))", nil},
	// goroutines
	{"type $i struct {\n\tsync.Mutex\n\tn map[string]int\n}\n\nfunc $f(n int) *$i {\n\tc := &$i{n: map[string]int{}}\n\tvar wg sync.WaitGroup\n\tfor i := range n {\n\t\twg.Go(func() {\n\t\t\tc.Lock()\n\t\t\tdefer c.Unlock()\n\t\t\tc.n[fmt.Sprint(i%2)]++\n\t\t})\n\t}\n\twg.Wait()\n\treturn c\n}", "fmt.Println($f($n).n)", nil},
	{"func $f(in <-chan $t) (out chan string) {\n\tout = make(chan string)\n\tgo func() {\n\t\tdefer close(out)\n\t\tfor x := range in {\n\t\t\tout <- fmt.Sprint(x)\n\t\t}\n\t}()\n\treturn\n}", "{\n\tin := make(chan $t, 2)\n\tin <- $v\n\tin <- $l\n\tclose(in)\n\tfor s := range $f(in) {\n\t\tfmt.Println(s)\n\t}\n}", plain},
	// names that hide others
	{"func $f(len int) (string int) {\n\tfmt := len + $n\n\tstring = fmt * 2\n\treturn\n}", "{\n\t$i := $f($n)\n\t{\n\t\t$i := fmt.Sprint($i) + \"!\"\n\t\tfmt.Println($i)\n\t}\n\tfmt.Println($i)\n}", nil},
	{"", "{\n\ttype int string\n\tstrings := int($w)\n\tfmt.Printf(\"%v %T\\n\", strings, strings)\n}", nil},
}
