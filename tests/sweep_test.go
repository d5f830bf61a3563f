package tests

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What kernel sweep writes for Slurm and Kubernetes are files of theirs; their very commands
// execute the points, each share its own, and leave one table.
func TestSweepOnClusters(t *testing.T) {
	if testing.Short() {
		t.Skipf("%s: starts kernels", t.Name())
	}
	dir := checkout(t)
	cell := func(tag, code string) any {
		return map[string]any{"cell_type": "code", "id": tag, "metadata": map[string]any{"tags": []string{tag}},
			"execution_count": nil, "outputs": []any{}, "source": code}
	}
	data, err := json.Marshal(map[string]any{"nbformat": 4, "nbformat_minor": 5, "metadata": map[string]any{}, "cells": []any{
		cell("parameters", "var runFolder = \"runs/x\"\n\nvar name = \"\"\n\nvar n = 0"),
		cell("result", "%%\nfmt.Println(name, n*n)\nfmt.Println(\"in\", runFolder)"),
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "studies"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "studies", "a square.ipynb"), data, 0o600); err != nil {
		t.Fatal(err)
	}
	sweep := func(more ...string) string {
		args := append([]string{"run", "./kernel", "sweep", "studies/a square.ipynb", "-p", "name=it's $HOME", "-p", "n=3..5", "-o", "out/squares"}, more...)
		return command(t.Context(), dir, environment(), "go", args...).must(t).stdout
	}
	if s := sweep("--slurm", "out/sweep.slurm", "--kubernetes", "out/sweep.yaml"); !strings.Contains(s, "sbatch out/sweep.slurm") || !strings.Contains(s, "kubectl apply -f out/sweep.yaml") {
		t.Errorf("it says %q", s)
	}
	slurm, manifested := filepath.Join(dir, "out", "sweep.slurm"), filepath.Join(dir, "out", "sweep.yaml")
	command(t.Context(), dir, nil, "bash", "-n", slurm).must(t)
	if batch, err := os.ReadFile(slurm); err != nil || !strings.Contains(string(batch), "\n#SBATCH --array=0-2\n") {
		t.Errorf("%v, or it is no array of three:\n%s", err, batch)
	}
	checkManifest(t, manifested)
	_, j := manifest(t, manifested, asItIs)
	pod := j.Spec.Template.Spec.Containers[0]
	var env []string
	for _, e := range pod.Env {
		env = append(env, e.Name+"="+e.Value)
	}
	pods := t.TempDir()
	for i := range 3 {
		share := append(environment(), append(env, fmt.Sprint("JOB_COMPLETION_INDEX=", i), "RUNS="+pods, "TMPDIR="+t.TempDir())...)
		command(t.Context(), dir, share, pod.Command[0], pod.Command[1:]...).must(t)
		task := append(environment(), fmt.Sprint("SLURM_ARRAY_TASK_ID=", i+1), "SLURM_ARRAY_TASK_MIN=1", "SLURM_ARRAY_TASK_COUNT=3", "TMPDIR="+t.TempDir())
		s := command(t.Context(), dir, task, "bash", slurm).must(t)
		if of := fmt.Sprintf("%d of 3 points have no result", 2-i); i < 2 && !strings.Contains(s.stdout, of) {
			t.Errorf("task %d does not say that %s:\n%s", i, of, s.stdout)
		}
	}
	for _, folder := range []string{pods, filepath.Join(dir, "out", "squares")} {
		all, err := filepath.Glob(filepath.Join(folder, "*", "a square.ipynb"))
		if err != nil || len(all) != 3 {
			t.Fatalf("%s has the executed notebooks %q, %v", folder, all, err)
		}
		for i, path := range all {
			nb := read(t, path)
			if out := string(nb.Cells[1].Outputs[0]); !strings.Contains(out, fmt.Sprintf("it's $HOME %d", (i+3)*(i+3))) {
				t.Errorf("%s shows %s", path, out)
			}
			if code := text(nb.Cells[0].Source); folder != pods && !strings.Contains(code, `runFolder = "."`) {
				t.Errorf("%s: its run folder, as it is called from there, is\n%s", path, code)
			}
		}
	}
	if s := sweep(); !strings.Contains(s, "in ../out/squares/n=5,name=it-s--HOME-") || strings.Contains(s, "no result") {
		t.Errorf("after its tasks it prints\n%s", s)
	}
}
