package live

import (
	"fmt"
	"os"

	"github.com/sdtlab/sdtlab/kernel/internal/live/host"
)

// The folder and the environment of a session are those of its process: what a cell changes
// with os.Chdir and os.Setenv affects everything that the session does. These changes are the
// program's, and end with it: a fresh process has the folder last set by [Session.Chdir], and
// the variables set by [Session.Setenv].

// Dir returns the folder that cells run in. It may be called while a cell runs.
func (s *Session) Dir() string {
	at := fmt.Sprintf("/proc/%d/cwd", s.process().cmd.Process.Pid)
	theirs, err := os.Stat(at)
	if err != nil {
		return s.dir
	}
	if ours, err := os.Stat(s.dir); err == nil && os.SameFile(ours, theirs) {
		return s.dir // by the name that the user knows, which may be a symbolic link
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
