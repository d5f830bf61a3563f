package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/sdtlab/sdtlab/internal/cachedir"
	"github.com/sdtlab/sdtlab/kernel/internal/atomicfile"
	"github.com/sdtlab/sdtlab/kernel/internal/echarts"
	"github.com/sdtlab/sdtlab/kernel/internal/nbformat"
	"github.com/sdtlab/sdtlab/kernel/internal/report"
)

// saved holds the paths of an executed notebook and of its report.
type saved struct{ notebook, report string }

// savedAt returns the paths in the folder out, under the notebook's own name.
func savedAt(out, name string) saved {
	path := filepath.Join(out, name)
	return saved{path, strings.TrimSuffix(path, ".ipynb") + ".html"}
}

func (s saved) saveNotebook(nb *nbformat.Notebook) error {
	data, err := nb.Encode()
	if err != nil {
		return err
	}
	return atomicfile.Write(s.notebook, data, 0o644)
}

func (s saved) saveReport(ctx context.Context, nb *nbformat.Notebook, about report.About, say func(string)) error {
	if report.NeedsCharts(nb) {
		cache, err := cachedir.Path()
		if err != nil {
			return err
		}
		if about.Script, err = echarts.Find(ctx, os.Getenv("SDT_ECHARTS"), cache, say); err != nil {
			return err
		}
	}
	var b bytes.Buffer
	if err := report.Write(&b, nb, about); err != nil {
		return err
	}
	return atomicfile.Write(s.report, b.Bytes(), 0o644)
}
