package tests

import (
	"bytes"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// filesOf returns the files below a directory that hold something, in order of name.
func filesOf(t *testing.T, dir string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Size() > 0 { // locks are empty
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// The second process is told of the first and changes nothing; a process that is killed
// leaves no lock behind.
func twoProcesses(t *testing.T, u *user) {
	for _, end := range []string{"it ends", "it is killed"} {
		u := newUser(t)
		first := exec.CommandContext(t.Context(), u.program, u.args("-hold")...)
		in, err := first.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := first.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := first.Start(); err != nil {
			t.Fatal(err)
		}
		line := make([]byte, len("pretrain 1\n"))
		if _, err := out.Read(line); err != nil || string(line) != "pretrain 1\n" {
			t.Fatalf("the first process says %q, %v", line, err)
		}
		u.fails(t, []string{"pretrain: another process", u.run, "wait for it, or use another run directory"})
		if end == "it is killed" {
			if err := first.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			first.Wait()
			if steps := u.ends(t); len(steps) == 0 {
				t.Error("nothing was left to do")
			}
			continue
		}
		in.Close()
		var rest bytes.Buffer
		rest.ReadFrom(out)
		if err := first.Wait(); err != nil {
			t.Fatal(err)
		}
		if steps := u.ends(t); len(steps) > 0 {
			t.Errorf("what the first process has done is done again: %q", steps)
		}
	}
}

// No date of a file says what is to be done.
func clockMoved(t *testing.T, u *user) {
	u.fails(t, []string{"pretrain interrupted at step 2 of 3: saved in", u.run}, "-stop", "2")
	dates := []time.Time{time.Unix(0, 0), time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)}
	turn := func() {
		for _, path := range append(filesOf(t, u.run), u.source, u.target) {
			if err := os.Chtimes(path, dates[0], dates[0]); err != nil {
				t.Fatal(err)
			}
			slices.Reverse(dates)
		}
	}
	turn()
	if steps := u.ends(t); len(steps) != 4 {
		t.Errorf("steps %q, want the 4 that are left", steps)
	}
	turn()
	if steps := u.ends(t); len(steps) > 0 {
		t.Errorf("steps %q are taken again", steps)
	}
}

// Whatever bit is flipped, the file is named; once it is deleted it is made again.
func flippedBits(t *testing.T, u *user) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("bits from seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	flip := func(path string) {
		t.Helper()
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		content := slices.Clone(whole)
		content[random.IntN(len(content))] ^= 1 << random.IntN(8)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		s := command(t.Context(), "", nil, u.program, u.args()...)
		if s.err == nil { // a blank between two names of a record, say
			writeFile(t, path, whole)
			same(t, results(t, u.run), alone(t))
			return
		}
		s.sentence(t, path, "delete it")
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		u.ends(t)
	}
	for _, stop := range []string{"2", "5"} { // in the middle of each training
		u.run = filepath.Join(u.dir, "stopped at "+stop)
		u.fails(t, nil, "-stop", stop)
		found, err := filepath.Glob(filepath.Join(u.run, "*", "checkpoint.safetensors"))
		if err != nil || len(found) != 1 {
			t.Fatalf("checkpoints %q, %v", found, err)
		}
		flip(found[0])
	}
	files := filesOf(t, u.run)
	if len(files) != 6 {
		t.Fatalf("the run has %q", files)
	}
	for _, path := range files {
		flip(path)
	}
}

// A run that was begun does not go on with other data, and nor does another begin in its place
// unasked: it says whose data has changed. With the data back it ends as if nothing had been.
func changedData(t *testing.T, u *user) {
	for stop, stage := range map[int]string{2: "pretrain", 5: "adapt"} {
		u.fails(t, nil, "-stop", strconv.Itoa(stop))
		before := filesOf(t, u.run)
		writeFeatures(t, u.source, 1, func(x []float32, _ []uint8) { x[40] += 0.5 })
		u.fails(t, []string{"pretrain: the data of ", filepath.Base(u.source) + " (source)", "has changed", filepath.Join(u.run, stage+"-"), "another run directory"})
		if after := filesOf(t, u.run); !slices.Contains(after, before[0]) {
			t.Errorf("of the run that was begun %q is gone", before)
		}
		writeFeatures(t, u.source, 1, nil)
		if steps := u.goes(t); len(steps) != 6-stop {
			t.Errorf("with its data back it takes the steps %q, want the %d that are left", steps, 6-stop)
		}
		same(t, results(t, u.run), alone(t))
		if err := os.RemoveAll(u.run); err != nil {
			t.Fatal(err)
		}
	}

	// What is done stays, and other data has results of its own.
	u.goes(t)
	writeFeatures(t, u.source, 1, func(x []float32, _ []uint8) { x[40] += 0.5 })
	if steps := u.goes(t); len(steps) != 6 {
		t.Errorf("on other data it takes the steps %q", steps)
	}
}

// Not even a user who asks for no protection gives his run to others.
func private(t *testing.T, u *user) {
	for _, more := range []string{"-stop 5", ""} {
		command(t.Context(), "", nil, "sh", append([]string{"-c", `umask 0; exec "$@" ` + more, "sh", u.program}, u.args()...)...)
		seen := 0
		err := filepath.WalkDir(u.run, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := d.Info()
			if err == nil && info.Mode().Perm()&0o077 != 0 {
				t.Errorf("%s has mode %v", strings.TrimPrefix(path, u.dir), info.Mode())
			}
			seen++
			return err
		})
		if err != nil || seen < 7 {
			t.Errorf("%d files and folders, %v", seen, err)
		}
	}
}
