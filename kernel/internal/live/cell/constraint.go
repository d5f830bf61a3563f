package cell

import (
	"errors"
	"go/build"
	"go/build/constraint"
	"io"
	"runtime"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/goenv"
)

// ConstraintContext returns the build context of cells that are compiled in an environment:
// the machine's own, whatever GOOS and GOARCH say, with the tags of GOFLAGS and the
// experiments of GOEXPERIMENT.
func ConstraintContext(env []string) *build.Context {
	c := build.Default
	c.GOOS, c.GOARCH, c.CgoEnabled, c.BuildTags = runtime.GOOS, runtime.GOARCH, true, nil
	c.ToolTags = slices.Clone(c.ToolTags)
	for experiment := range strings.SplitSeq(goenv.Value(env, "GOEXPERIMENT"), ",") {
		if off, ok := strings.CutPrefix(experiment, "no"); ok {
			c.ToolTags = slices.DeleteFunc(c.ToolTags, func(t string) bool { return t == "goexperiment."+off })
		} else if experiment != "" {
			c.ToolTags = append(c.ToolTags, "goexperiment."+experiment)
		}
	}
	for _, flag := range goenv.Split(goenv.Value(env, "GOFLAGS")) {
		if tags, ok := strings.CutPrefix(strings.TrimLeft(flag, "-"), "tags="); ok {
			c.BuildTags = strings.Split(tags, ",")
		}
	}
	return &c
}

// constraints reports each build constraint in the comments at the head of the text that
// does not hold. The tag ignore holds: it marks a program that is not part of the package
// in its folder.
func (p *pasting) constraints(text string, context *build.Context) {
	ok, err := holds(text, context)
	if ok {
		return
	}
	at := 0
	for line := range strings.Lines(text) {
		comment := strings.TrimSpace(line)
		if constraint.IsGoBuild(comment) || constraint.IsPlusBuild(comment) {
			alone, _ := holds(comment+"\n\n", context)
			switch {
			case err != nil:
				p.fail(at, "%v", err)
				return
			case !alone:
				p.fail(at, "build constraints exclude this cell: %s does not hold on %s/%s with %s", comment, context.GOOS, context.GOARCH, runtime.Version())
				return
			}
		}
		at += len(line)
	}
	p.fail(0, "build constraints exclude this cell: %v", err)
}

// holds reports whether the constraints at the head of a text hold.
func holds(text string, context *build.Context) (bool, error) {
	const name = "cell.s" // in a file that is not Go, only the comments are read
	c := *context
	c.OpenFile = func(string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }
	ok, err := c.MatchFile("", name)
	if ok {
		return true, nil // also for an unterminated comment, which the parser reports
	}
	if err != nil {
		return false, errors.New(strings.TrimPrefix(err.Error(), name+": "))
	}
	c.BuildTags = append(slices.Clip(c.BuildTags), "ignore")
	return c.MatchFile("", name)
}
