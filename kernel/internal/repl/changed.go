package repl

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// remind prints a message, once, if packages have changed since the session began: the
// session still uses the old ones.
func (e *Evaluator) remind(c *cell) {
	if e.reminded {
		return
	}
	if file := e.changed(); file != "" {
		e.reminded = true
		c.out.Stream("stderr", fmt.Sprintf("%s has changed since this session began, but the session uses the old version; %%restart begins one with the new version\n", file))
	}
}

// changed returns a Go file of the watched folders that is newer than the session, "" if
// there is none.
func (e *Evaluator) changed() string {
	for _, dir := range e.opt.Watch {
		files, err := os.ReadDir(dir)
		if err != nil {
			continue
		}
		for _, f := range files {
			if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
				continue
			}
			if info, err := f.Info(); err == nil && info.ModTime().After(e.since) {
				return filepath.Join(filepath.Base(dir), f.Name())
			}
		}
	}
	return ""
}
