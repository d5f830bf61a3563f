package live

import (
	"context"
	"strings"
	"testing"
)

// TestThrown checks the reports of panics. Package host compares those of chained panics
// with Go's.
func TestThrown(t *testing.T) {
	const conversion = "interface conversion: interface {} is main.%, not main.% (types from different scopes)\n"
	of := func(text, name string) string { return strings.ReplaceAll(text, "%", name) }
	older := func(name string) string {
		return of("% was declared again in cell 2: earlier values are of the older % (cell 1)", name)
	}
	const (
		first  = "type T struct{ a int }\ntype U struct{ T }\ntype G[E any] struct{ e E }\nvar v, u, g any = T{1}, U{}, G[T]{}"
		second = "type T struct{ a, b int }"
	)
	for _, row := range []struct {
		why   string
		cells []string // the last one fails
		want  string   // its message
		shown string   // or what the last one writes, in part: then it does not fail
	}{
		{"a deferred function panics", []string{`func() { defer func() { panic("second") }(); panic("first") }()`}, "first\n\tpanic: second", ""},
		{"the cell's own", []string{"defer func() { panic(recover()) }()\nvar m map[string]int\nm[\"a\"] = 1"}, "assignment to entry in nil map [recovered, repanicked]", ""},
		{"after Goexit", []string{`defer func() { panic("late") }(); runtime.Goexit()`}, "late", ""},
		{"of a goroutine, in Go's own words", []string{"done := make(chan bool)\ngo func() {\n\tdefer close(done)\n\tdefer func() { panic(\"second\") }()\n\tpanic(\"first\")\n}()\n<-done\ntime.Sleep(200 * time.Millisecond)"}, "", "panic: first\n\tpanic: second\n\ngoroutine "},

		{"a type that is declared again", []string{first, second, "_ = v.(T)"}, of(conversion, "T") + older("T"), ""},
		{"what embeds it", []string{first, second, "_ = u.(U)"}, of(conversion, "U") + "U uses what cell 2 declared again, so it is a different type since then: earlier values are of the older U (cell 1)", ""},
		{"an instance for it", []string{first, second, "_ = g.(G[T])"}, of(conversion, "G[main.T]") + older("T"), ""},
		{"a pointer to it", []string{first + "\nv = &T{}", second, "_ = v.(*T)"}, strings.ReplaceAll(of(conversion, "T"), "main", "*main") + older("T"), ""},
		{"in reflect's words", []string{first, second, "reflect.ValueOf(new(T)).Elem().Set(reflect.ValueOf(v))"}, "reflect.Set: value of type main.T is not assignable to type main.T\n" + older("T"), ""},
		{"in the cell that declares it", []string{first, second + "\n_ = v.(T)"}, of(conversion, "T") + older("T"), ""},
		{"declared three times", []string{first, second, "type T int\n_ = v.(T)"}, of(conversion, "T") + "T was declared again in cell 3: earlier values are of an older T (cell 1 or 2)", ""},
		{"in a goroutine", []string{first, second, "go func() { _ = v.(T) }()\ntime.Sleep(200 * time.Millisecond)"}, "", "panic: " + of(conversion, "T") + older("T") + "\n\ngoroutine "},
		{"after a panic of another", []string{first, second, "defer func() { _ = v.(T) }()\npanic(\"first\")"}, "first\n\tpanic: " + of(conversion, "T") + older("T"), ""},
		{"other types, whose names Go tells apart", []string{first, second, "_ = v.(*T)"}, "interface conversion: interface {} is main.T, not *main.T", ""},
		{"one type of a name, and one of a function", []string{first, "func f() {\n\ttype T int\n\t_ = v.(T)\n}", "f()"}, strings.TrimSpace(of(conversion, "T")), ""},
		{"word for word the same type", []string{first, first + "\n_ = v.(T)\n_ = any(1).(T)"}, "interface conversion: interface {} is int, not main.T", ""},
	} {
		t.Run(row.why, func(t *testing.T) {
			l := newTester(t)
			last := len(row.cells) - 1
			for _, code := range row.cells[:last] {
				l.want(code, "")
			}
			l.cells++
			o, err := l.Eval(context.Background(), Cell{Number: l.cells, Code: row.cells[last]}, nil)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if o.Failure != nil {
				got = o.Failure.Message
			}
			if got != row.want {
				t.Errorf("fails with %q, want %q", got, row.want)
			}
			if shown := l.written(); row.shown == "" && shown != "" || !strings.Contains(shown, row.shown) {
				t.Errorf("shows %q, want %q", shown, row.shown)
			}
		})
	}
}
