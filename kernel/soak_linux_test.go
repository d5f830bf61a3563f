package main

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// soaked is how many notebooks one command executes.
var soaked = flag.Int("soak", 24, "notebooks that TestSoak executes")

const soakNotebook = `{"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": {"name": "sdt", "display_name": "Go (sdtlab)", "language": "go"}},
 "cells": [
 {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": null, "outputs": [], "source": "kept := make([]byte, 1<<20)\nfmt.Println(len(kept))"},
 {"cell_type": "code", "id": "b", "metadata": {"tags": ["result"]}, "execution_count": null, "outputs": [], "source": "fmt.Println(\"kept\", len(kept))\ngonbui.DisplayHtml(strings.Repeat(\"<b>wide</b>\", 10000))"}
 ]}`

// Many notebooks executed by one command leave no process behind, no temporary folder, and
// do not make it grow: go test ./kernel -run Soak -soak 200 -v
func TestSoak(t *testing.T) {
	if testing.Short() {
		t.Skipf("%s: starts kernels", t.Name())
	}
	dir, temp := t.TempDir(), t.TempDir()
	path := filepath.Join(dir, "soak.ipynb")
	if err := os.WriteFile(path, []byte(soakNotebook), 0o600); err != nil {
		t.Fatal(err)
	}
	program, err := exec.LookPath("kernel")
	if err != nil {
		t.Fatal(err)
	}
	mark := "SDT_SOAK=" + dir // the processes of this command have it
	args := append([]string{"run", "-o", filepath.Join(dir, "out")}, slices.Repeat([]string{path}, *soaked)...)
	c := exec.CommandContext(t.Context(), program, args...)
	c.Dir, c.Env = "..", append(os.Environ(), "TMPDIR="+temp, mark)
	var remarks bytes.Buffer
	c.Stderr = &remarks
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	var memory []int // resident, KiB, after each
	var processes, folders int
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "report ") {
			if n, running := resident(t, c.Process.Pid); running || len(memory) == 0 {
				memory = append(memory, n)
			} else { // it has ended with its last line
				memory = append(memory, memory[len(memory)-1])
			}
			processes, folders = max(processes, len(marked(t, mark))), max(folders, len(entries(t, temp)))
		}
	}
	if err := c.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, remarks.String())
	}
	if len(memory) != *soaked || *soaked < 20 {
		t.Fatalf("%d notebooks were executed, want %d, and 20 at the least", len(memory), *soaked)
	}
	settled := *soaked / 4 // so many it takes until the memory is what it will be
	before, after := slices.Max(memory[:settled]), slices.Max(memory[*soaked-settled:])
	t.Logf("memory: at most %d MiB in the first %d notebooks, %d MiB in the last; processes at once: %d; temporary folders: %d",
		before>>10, settled, after>>10, processes, folders)
	if after > before+before/4 {
		t.Errorf("the command grows: %d KiB in the first %d notebooks, %d in the last: %v", before, settled, after, memory)
	}
	if processes > 4 || folders > 4 { // the command, its worker, what ends
		t.Errorf("%d processes and %d temporary folders at once: those of earlier notebooks stay", processes, folders)
	}
	if left := marked(t, mark); len(left) > 0 {
		t.Errorf("processes are left behind: %q", left)
	}
	if left := entries(t, temp); len(left) > 0 {
		t.Errorf("in the folder for temporary files are left %q", left)
	}
}

// resident returns the resident memory of a process in KiB, and whether it still runs.
func resident(t *testing.T, pid int) (kib int, running bool) {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, running := strings.Cut(string(status), "VmRSS:")
	if !running {
		return 0, false
	}
	if kib, err = strconv.Atoi(strings.Fields(rest)[0]); err != nil {
		t.Fatal(err)
	}
	return kib, true
}

// marked returns the command lines of the processes that have a setting in their environment.
func marked(t *testing.T, setting string) (lines []string) {
	t.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range all {
		env, err := os.ReadFile(name)
		if err != nil || !slices.Contains(strings.Split(string(env), "\x00"), setting) {
			continue // it has ended, or belongs to another user
		}
		line, _ := os.ReadFile(filepath.Join(filepath.Dir(name), "cmdline"))
		lines = append(lines, strings.ReplaceAll(string(line), "\x00", " "))
	}
	return lines
}

func entries(t *testing.T, dir string) (names []string) {
	t.Helper()
	all, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		names = append(names, e.Name())
	}
	return names
}
