package live

import "testing"

// TestInit checks that initialisers run once, with the cell that declares them.
func TestInit(t *testing.T) {
	l := newLab(t)
	l.want("var runs int", "")
	l.want("unit := 1\nfunc scale() int { return unit }", "")
	l.want("func init() { runs++; fmt.Println(\"init\") }\nfunc init() { runs++ }\nfunc init_more() { runs += scale(); fmt.Println(\"more\") }\nfmt.Println(runs)", "init\nmore\n3\n")
	l.want("runs", "Out: 3")
	l.want("func scale() float64 { return 2 }", "") // init_more does not compile with that, and stays
	l.want("func scale() int { return 10 }", "")    // with this it does, and does not run
	l.want("runs", "Out: 3")
	l.want("init_more()\nruns", "more\nOut: 13")
	l.want("func init_more() { runs++ }", "")
	l.want("runs", "Out: 14")
	l.want("func init_with(n int) { runs += n }\nfunc init_value() int { runs++; return 0 }\nfunc init_any[T any]() { runs++ }\ntype t int\nfunc (t) init_method() { runs++ }", "")
	l.want("runs", "Out: 14")
}
