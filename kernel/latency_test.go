package main

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/sdtlab/sdtlab/kernel/internal/engine"
	"github.com/sdtlab/sdtlab/kernel/internal/jupyter"
	"github.com/sdtlab/sdtlab/kernel/internal/remark"
)

// TestLatency compares how long a cell with code that has not run before takes, from the
// request to idle, in our own kernel and in GoNB, which run it in turns: whatever else the
// machine does slows both. Only the ratio is asserted.
func TestLatency(t *testing.T) {
	if testing.Short() {
		t.Skip("starts kernels")
	}
	talks := map[string]*jupyter.Client{}
	names := []string{engine.Live, engine.GoNB}
	for _, name := range names {
		e, err := engine.Find(t.Context(), name, remark.Lines(func(s string) { t.Log(s) }))
		if errors.Is(err, engine.ErrUnsupported) {
			t.Skip(err)
		}
		if err != nil {
			t.Fatal(err)
		}
		k, err := e.Start(t.Context(), t.TempDir(), "")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(k.Stop)
		talks[name] = k.Talk()
	}
	execute := func(name, code string) time.Duration {
		t.Helper()
		began := time.Now()
		request, err := talks[name].ExecuteRequest(code, false)
		if err != nil {
			t.Fatal(err)
		}
		reply, err := talks[name].Execute(request, func(jupyter.Message) {})
		if err != nil || reply.Status != "ok" {
			t.Fatalf("%s: %s: %v, %+v", name, code, err, reply)
		}
		return time.Since(began)
	}
	const rounds = 12
	for _, c := range []struct{ name, code string }{
		{"trivial", "%%%%\nfmt.Println(%d)"},
		{"sdt", "%%%%\nc := sdt.Config{PretrainSteps: %d}\nfmt.Println(c.Validate(), sdt.Full)"},
	} {
		took := map[string][]time.Duration{}
		for i := range rounds + 2 { // the first two warm up
			for _, name := range names {
				d := execute(name, fmt.Sprintf(c.code, 100+i))
				if i >= 2 {
					took[name] = append(took[name], d)
				}
			}
		}
		for _, name := range names {
			slices.Sort(took[name])
		}
		ours, theirs := took[engine.Live][rounds/2], took[engine.GoNB][rounds/2]
		t.Logf("%s cell: live %v, GoNB %v: %.2f of it", c.name, ours.Round(time.Millisecond), theirs.Round(time.Millisecond), float64(ours)/float64(theirs))
		if ours > theirs {
			t.Errorf("a %s cell takes %v, in GoNB %v", c.name, ours, theirs)
		}
	}
}
