package live

import (
	"errors"

	"github.com/sdtlab/sdtlab/kernel/internal/live/host"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// Flush forwards what cells have written so far.
func (s *Session) Flush() { s.process().flush() }

// Who returns the variables that live in the session, by name, and how much memory its
// process uses.
func (s *Session) Who() ([]host.Variable, host.Memory, error) {
	report, err := s.do(host.Command{Who: s.program.Variables()})
	return report.Variables, report.Memory, err
}

// Chdir changes the folder that cells run in. Like the variables that Setenv sets, it
// survives a restart.
func (s *Session) Chdir(dir string) error {
	if _, err := s.do(host.Command{Dir: dir}); err != nil {
		return err
	}
	s.dir = dir
	return nil
}

// Setenv sets an environment variable.
func (s *Session) Setenv(name, value string) error {
	if _, err := s.do(host.Command{Env: map[string]string{name: value}}); err != nil {
		return err
	}
	s.env = append(s.env, name+"="+value)
	return nil
}

// SetArgs sets the elements of os.Args after the program's name, from the next cell on.
func (s *Session) SetArgs(args []string) { s.args = append([]string{""}, args...) }

// Declared returns the functions, types and constants of the session, sorted by name, each
// as its declaration without the body.
func (s *Session) Declared() []string {
	var all []string
	for _, t := range s.program.Things() {
		if t.Class != program.Variable {
			all = append(all, t.Text)
		}
	}
	return all
}

// do makes the process carry out a command other than running a cell.
func (s *Session) do(c host.Command) (host.Report, error) {
	report, err := s.process().do(c, nil)
	if err != nil {
		return report, s.ended()
	}
	if report.Failure != nil {
		return report, errors.New(report.Failure.Message)
	}
	return report, nil
}
