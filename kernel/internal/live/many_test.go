package live

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"
)

// manyCells is how many cells the session has. For the figures in README:
// go test ./kernel/internal/live -run ManyCells -cells 300 -v
var manyCells = flag.Int("cells", 150, "cells that TestManyCells runs")

// manyEnviron is a variable in the session's environment:
// go test ./kernel/internal/live -run ManyCells -cells 300 -environ GOGC=1 -v
var manyEnviron = flag.String("environ", "SDT_NOTHING=", "environment variable of TestManyCells' session")

// TestManyCells checks that a session does not slow down or grow much with its cells, and
// keeps no file open for each. Each cell leaves its plugin in the worker: some 10 to 30 KiB
// of code and data on separate pages, with the loader's and the runtime's tables for it.
func TestManyCells(t *testing.T) {
	if testing.Short() {
		t.Skipf("%s: runs many cells", t.Name())
	}
	b, err := base()
	if err != nil {
		t.Fatal(err)
	}
	l := newTesterOf(t, b, *manyEnviron)
	before := openFiles(t)
	const few = 30
	cells := max(*manyCells, 2*few)
	took, building, resident := make([]time.Duration, cells), make([]time.Duration, cells), make([]uint64, cells)
	for i := range cells {
		code, want := manifold(i)
		began := time.Now()
		o, err := l.Eval(context.Background(), Cell{Number: i + 1, Code: code}, nil)
		took[i] = time.Since(began)
		if err != nil || o.Failure != nil {
			t.Fatalf("%s: %v, %+v", code, err, o)
		}
		if got := ""; o.Value != nil {
			got = o.Value.Data["text/plain"]
			if got != want {
				t.Fatalf("%s: %s, want %s", code, got, want)
			}
		}
		building[i] = o.Building
		_, m, err := l.Who()
		if err != nil {
			t.Fatal(err)
		}
		resident[i] = m.Resident
	}
	if files := openFiles(t); files > before+few/2 {
		t.Errorf("%d files are open after %d cells; %d were before", files, cells, before)
	}
	first, last := median(took[:few]), median(took[cells-few:])
	growth := (int64(resident[cells-1]) - int64(resident[few])) / int64(cells-few)
	t.Logf("the first %d cells: %v (building %v), the last: %v (building %v)", few, first, median(building[:few]), last, median(building[cells-few:]))
	if around := func(n int) time.Duration { return median(took[n-few/2 : n+few/2]) }; cells >= 100+few/2 {
		t.Logf("around the twentieth cell: %v, around the hundredth: %v", around(20), around(100))
	}
	t.Logf("memory: %d MiB after %d cells, %d MiB after %d: %d KiB for each", resident[few]>>20, few, resident[cells-1]>>20, cells, growth>>10)
	if last > 2*first {
		t.Errorf("the last %d cells take %v, the first took %v", few, last, first)
	}
	if growth > growthLimit {
		t.Errorf("each cell takes %d KiB", growth>>10)
	}
}

// growthLimit is how many bytes of memory a cell may use permanently: more than twice the
// 55 KiB that were measured (Go 1.26, mold), as it includes memory that the heap does not
// return.
const growthLimit = 128 << 10

// manifold returns one of many cells, and its value.
func manifold(i int) (code, want string) {
	switch i % 6 {
	case 0:
		return fmt.Sprintf("v%d := %d\nv%d + 1", i, i, i), fmt.Sprint(i + 1)
	case 1:
		return fmt.Sprintf("func f%d(x int) int { return x + %d }\nf%d(1)", i, i, i), fmt.Sprint(i + 1)
	case 2:
		return fmt.Sprintf("func same(x int) int { return x * %d }\nsame(2)", i), fmt.Sprint(2 * i)
	case 3:
		return fmt.Sprintf("type t%d struct{ n int }\nfunc (t t%d) get() int { return t.n + same(1) }\n(t%d{%d}).get()", i, i, i, i), fmt.Sprint(i + i - 1)
	case 4:
		return fmt.Sprintf("c := sdt.Config{PretrainSteps: %d}\nc.PretrainSteps + f%d(1)", i, i-3), fmt.Sprint(i + i - 3 + 1)
	}
	return fmt.Sprintf("for range 3 { v%d++ }\nm := map[string]int{\"a\": v%d}\nm[\"a\"] + len(fmt.Sprint(same(1)))", i-5, i-5), fmt.Sprint(i - 5 + 3 + len(fmt.Sprint(i-3)))
}

// openFiles returns how many file descriptors the kernel has.
func openFiles(t *testing.T) int {
	t.Helper()
	all, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

func median(all []time.Duration) time.Duration {
	all = slices.Clone(all)
	slices.Sort(all)
	return all[len(all)/2].Round(time.Millisecond)
}
