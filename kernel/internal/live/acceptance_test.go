package live

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

// TestAcceptance runs what a session must be able to do, in one session.
func TestAcceptance(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a session and trains")
	}
	l := newTester(t)

	// Values across cells: types with unexported fields, changed by a method.
	l.want("type account struct {\n\towner string\n\tcents int\n}\nfunc (a *account) deposit(cents int) { a.cents += cents }\nmine := account{owner: \"Ada\"}\nhers := &mine", "")
	l.want("mine.deposit(250); hers.deposit(50)", "")
	l.want("fmt.Print(mine.cents, hers == &mine)\nmine", `300 trueOut: {owner:"Ada" cents:300}`)
	// A generic type, with one of these as argument.
	l.want("type stack[T any] struct{ items []T }\nfunc (s *stack[T]) push(t T) *stack[T] { s.items = append(s.items, t); return s }", "")
	l.want("accounts := new(stack[*account])\naccounts.push(hers).push(&account{cents: 1});", "")
	l.want("accounts.items[0].deposit(1)\nlen(accounts.items)", "Out: 2")
	// A closure and what it captures.
	l.want("calls := 0\nnext := func() int { calls++; return calls * mine.cents }", "")
	l.want("next(); next()", "Out: 602")
	// A channel with a goroutine that stays alive.
	l.want("squares := make(chan int)\ngo func() {\n\tfor i := 0; ; i++ {\n\t\tsquares <- i * i\n\t}\n}()", "")
	l.want("<-squares + <-squares", "Out: 1")
	l.want("<-squares", "Out: 4")
	// Initializers run once.
	l.want("var inits []string\nfunc note(s string) { inits = append(inits, s) }", "")
	l.want("func init() { note(\"init\") }\nfunc init_glyphs() { note(\"glyphs\") }", "")
	l.want("len(inits)", "Out: 2")

	// A trained network, used cells later from memory: its folder has been deleted by then.
	l.want("runs, err := os.MkdirTemp(\"\", \"sdt-runs-\")\nglyphs, err := datasets.Glyphs31(datasets.GlyphsConfig{Fraction: 0.02, Size: 28, Grey: true})\ntask, err := datasets.SemiSupervised(glyphs.Catalogue, glyphs.Webcam, datasets.Protocol{Seed: 1, PerSource: 1})\nerr == nil", "Out: true")
	l.want("lab, err := sdt.Open(runs, task, sdt.Config{Method: sdt.SourceOnly, Network: network.LeNet, PretrainSteps: 2, Seed: 1})\nif err != nil {\n\tpanic(err)\n}\nsource, err := lab.Pretrain(context.Background())\nif err != nil {\n\tpanic(err)\n}", "")
	l.want("first, err := lab.Predict(context.Background(), source, task.Test.Examples)\nerr == nil && len(first) == task.Test.Len()", "Out: true")
	l.want("os.RemoveAll(runs) == nil", "Out: true")

	intact := func(after string) {
		t.Helper()
		l.want("again, err := lab.Predict(context.Background(), source, task.Test.Examples)\nerr == nil && fmt.Sprint(again) == fmt.Sprint(first)", "Out: true")
		l.want("mine.owner == \"Ada\" && hers == accounts.items[0] && accounts.items[0].cents == 301", "Out: true")
		l.want("before := calls\nnext() == (before+1)*mine.cents", "Out: true")
		l.want("a, b := <-squares, <-squares\nint(math.Sqrt(float64(b))) - int(math.Sqrt(float64(a)))", "Out: 1")
		l.want("len(inits)", "Out: 2")
		if t.Failed() {
			t.Fatal("not so after ", after)
		}
	}
	intact("training")
	if _, err := l.run("mine.nothing()"); !errors.As(err, new(Problems)) {
		t.Errorf("what does not compile: %v", err)
	}
	intact("a compile error")
	if _, err := l.run("var none *account\nnone.deposit(1)"); err == nil || !strings.Contains(err.Error(), "nil pointer") {
		t.Errorf("a panic: %v", err)
	}
	intact("a panic")
	time.AfterFunc(2*time.Second, l.Interrupt)
	l.want("ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)\nselect {\ncase <-ctx.Done():\ncase <-time.After(time.Minute):\n}\nstop()\nctx.Err() != nil", "Out: true")
	intact("an interrupt")
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.Eval(canceled, Cell{Number: 99, Code: "mine.cents = 0"}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted before it ran: %v", err)
	}
	intact("an interrupt while it was compiled")
}
