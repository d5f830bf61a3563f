package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"text/template"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/sdtlab/sdtlab/kernel/internal/atomicfile"
	"github.com/sdtlab/sdtlab/kernel/internal/project"
)

// slurmJob and kubernetesJob are templates of files that execute a sweep on a cluster, in the
// manner of docker/array.slurm and docker/job.yaml.
//
//go:embed sweep.slurm
var slurmJob string

//go:embed sweep.yaml
var kubernetesJob string

// mostTasks bounds the shares that a cluster's file asks for; who has more nodes changes it.
const mostTasks = 16

// job is what the templates are filled with.
type job struct {
	File, Notebook string
	Words          string // the notebook and the parameters, for a shell in the project's folder
	Out            string // the folder for the points, for a shell
	Shared         string // that on the pods' volume, for YAML
	Points         int
	Tasks, Last    int // shares, and the index of the last one
}

// writeJobs writes the files for clusters.
func (s *sweep) writeJobs(c *cobra.Command) error {
	p, err := project.Find(c.Context(), ".")
	if err != nil {
		return err
	}
	path, out := within(p, s.path), within(p, s.out)
	if s.kubernetes != "" && !filepath.IsLocal(path) {
		return fmt.Errorf("--kubernetes: %s is outside the project's folder, which is what the pods have", s.path)
	}
	tasks := min(len(s.points), mostTasks)
	j := job{
		Notebook: filepath.ToSlash(path), Words: shellQuote(filepath.ToSlash(path)) + flags(s.typed), Out: shellQuote(filepath.ToSlash(out)),
		Shared: strconv.Quote("/shared/sweeps/" + s.name()), Points: len(s.points), Tasks: tasks, Last: tasks - 1,
	}
	if s.engine != "" {
		j.Words += " --engine " + shellQuote(s.engine)
	}
	if strings.ContainsFunc(j.Words+j.Out+s.slurm+s.kubernetes, unicode.IsControl) {
		return fmt.Errorf("%s: a name or a value has a line break or another control character, which the file of a job cannot have", s.path)
	}
	for _, to := range []struct{ file, text, submit string }{
		{s.slurm, slurmJob, "sbatch "}, {s.kubernetes, kubernetesJob, "kubectl apply -f "},
	} {
		if to.file == "" {
			continue
		}
		j.File = shellQuote(filepath.ToSlash(within(p, to.file)))
		var b bytes.Buffer
		if err := template.Must(template.New("").Parse(to.text)).Execute(&b, j); err != nil {
			return err
		}
		if err := atomicfile.Write(to.file, b.Bytes(), 0o644); err != nil {
			return fmt.Errorf("sweep: %w", err)
		}
		fmt.Fprintf(c.OutOrStdout(), "%s has %d points in %d shares. From the project's folder: %s\n", to.file, len(s.points), tasks, to.submit+j.File)
	}
	return nil
}

// within returns a path from the project's folder if it is in it, else an absolute one.
func within(p project.Project, path string) string {
	full, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	if rel, err := filepath.Rel(p.Root, full); err == nil && filepath.IsLocal(rel) {
		return rel
	}
	return full
}
