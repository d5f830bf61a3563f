package live

import (
	"fmt"
	"os"

	"github.com/sdtlab/sdtlab/kernel/internal/live/host"
)

// The folder and the environment of a session are those of its process: what a cell changes
// by os.Chdir and os.Setenv counts for all that the session does. As it is the program that
// has changed them, they go with the program: a fresh process has the folder that Chdir has
// set last, and the variables that Setenv has set.

// Dir is the folder that cells run in. It can be called while a cell runs.
func (s *Session) Dir() string {
	at := fmt.Sprintf("/proc/%d/cwd", s.process().cmd.Process.Pid)
	theirs, err := os.Stat(at)
	if err != nil {
		return s.dir
	}
	if ours, err := os.Stat(s.dir); err == nil && os.SameFile(ours, theirs) {
		return s.dir // by the name that the user knows, which may be that of a link
	}
	dir, err := os.Readlink(at)
	if err != nil {
		return s.dir
	}
	return dir
}

// Environ returns the environment of cells.
func (s *Session) Environ() ([]string, error) {
	report, err := s.do(host.Command{Environ: true})
	return report.Environ, err
}
