package tests

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/datasets"
	"github.com/sdtlab/sdtlab/sdt"
	"github.com/sdtlab/sdtlab/sdt/network"
)

// The lines of Python in docs/training.md classify with a network that was exported as the
// program there does it.
func TestExportAsDocumented(t *testing.T) {
	python := pythonWith(t, "onnxruntime")
	glyphs, err := datasets.Glyphs31(datasets.GlyphsConfig{Fraction: 0.05, Grey: true, Size: 28})
	if err != nil {
		t.Fatal(err)
	}
	task, err := datasets.SemiSupervised(glyphs.Catalogue, glyphs.Webcam, datasets.Protocol{})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	lab, err := sdt.Open(filepath.Join(dir, "runs", "readme"), task, sdt.Config{Network: network.LeNet, PretrainSteps: 1, SourceBatch: 4})
	if err != nil {
		t.Fatal(err)
	}
	source, err := lab.Pretrain(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := lab.Export(source, filepath.Join(dir, "runs", "readme", "adapted.onnx")); err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, b := range page(t, filepath.Join("docs", "training.md")).blocks {
		if b.language != "python" {
			continue
		}
		found++
		out := command(t.Context(), dir, nil, python, "-c", b.text).must(t).stdout
		if named := strings.Count(out, "'"); named != 2*7 {
			t.Errorf("line %d prints %q, want the names of seven classes", b.line, out)
		}
	}
	if found == 0 {
		t.Error("docs/training.md has no Python")
	}
}
