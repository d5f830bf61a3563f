package tests

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// The run that is killed takes 60 steps: 30 of pretraining, 30 of adaptation.
const killedSteps = 60

// A run killed with SIGKILL at five random moments, and started again each time, ends
// with the same bits as one left alone.
func TestKilledRunEndsWithTheSameBits(t *testing.T) {
	program := buildKilled(t)
	alone := t.TempDir()
	command(t.Context(), "", nil, program, alone).must(t)
	want := results(t, alone)
	if len(want) != 7 { // of two networks weights and history, soft labels, evaluation and its mistakes
		t.Fatalf("the run left alone leaves %v", want)
	}

	seed := uint64(time.Now().UnixNano())
	t.Logf("moments from seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))

	// The moments are spread over the steps, each a little after the one it is drawn for:
	// in the middle of a step or of a file.
	t.Run("at five random moments", func(t *testing.T) {
		dir := t.TempDir()
		moments := make([]int, 5)
		for i := range moments {
			moments[i] = 1 + random.IntN(killedSteps-1)
		}
		slices.Sort(moments)
		for _, moment := range moments {
			after := time.Duration(random.Int64N(int64(20 * time.Millisecond)))
			last := kill(t, program, dir, moment, func(ended <-chan struct{}) {
				select {
				case <-time.After(after):
				case <-ended:
				}
			})
			t.Logf("killed %v after step %d, at step %d", after, moment, last)
		}
		command(t.Context(), "", nil, program, dir).must(t)
		same(t, results(t, dir), want)
	})

	// Each start is killed as soon as a file is half written.
	t.Run("while it writes", func(t *testing.T) {
		const kills = 8
		dir, step, half := t.TempDir(), 0, 0
		for range kills {
			step = kill(t, program, dir, step+1+random.IntN(4), func(ended <-chan struct{}) {
				for look := time.NewTicker(100 * time.Microsecond); len(temporary(t, dir)) == 0; {
					select {
					case <-look.C:
					case <-ended:
						return
					}
				}
			})
			half += len(temporary(t, dir)) // at most one: each start removes what it finds
		}
		command(t.Context(), "", nil, program, dir).must(t)
		same(t, results(t, dir), want)
		if left := temporary(t, dir); len(left) > 0 {
			t.Errorf("the run that ended has left %q", left)
		}
		if half == 0 {
			t.Error("no kill fell into a write: the test tries nothing")
		}
		t.Logf("%d of %d kills fell into a write", half, kills)
	})
}

// buildKilled builds the program, without the race detector, which has its own tests.
func buildKilled(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "killed")
	command(t.Context(), root, nil, "go", "build", "-o", program, "./tests/internal/killed").must(t)
	return program
}

// kill starts the program in dir and kills it once it has taken a step, counted from the
// beginning of the run, and wait has returned. It returns the last step that was
// reported.
func kill(t *testing.T, program, dir string, step int, wait func(ended <-chan struct{})) (last int) {
	t.Helper()
	c := exec.CommandContext(t.Context(), program, dir)
	var log bytes.Buffer
	c.Stderr = &log
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended, killed := make(chan struct{}), make(chan error, 1)
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var stage string
		before := last
		if _, err := fmt.Sscan(lines.Text(), &stage, &last); err != nil {
			t.Fatalf("%q: %v", lines.Text(), err)
		}
		if stage == "adapt" {
			last += killedSteps / 2
		}
		if before < step && last >= step {
			go func() {
				wait(ended)
				killed <- c.Process.Kill()
			}()
		}
	}
	close(ended)
	if last < step {
		t.Fatalf("it ended by itself, after step %d: %v\n%s", last, c.Wait(), log.String())
	}
	if err := <-killed; err != nil {
		t.Fatalf("kill: %v", err)
	}
	if err := c.Wait(); err == nil {
		t.Error("it was not killed: it ended well before")
	}
	return last
}

// temporary returns the files that are being written in dir, or were when it was
// killed.
func temporary(t *testing.T, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*", ".*"))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// results returns the hash of every result in a run directory, by its name. What a
// file says of time is left out.
func results(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, pattern := range []string{"*/weights.safetensors", "*/stage.json", "*.json"} {
		names, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(name, ".json") {
				data = timeless(t, data)
			}
			sum := sha256.Sum256(data)
			rel, err := filepath.Rel(dir, name)
			if err != nil {
				t.Fatal(err)
			}
			all[rel] = hex.EncodeToString(sum[:])
		}
	}
	return all
}

// timeless returns a result without where it comes from, which says when, and a history
// without the seconds it took.
func timeless(t *testing.T, data []byte) []byte {
	t.Helper()
	var sealed struct{ Record any }
	if err := json.Unmarshal(data, &sealed); err != nil || sealed.Record == nil {
		t.Fatalf("no record, %v, in %s", err, data)
	}
	if history, ok := sealed.Record.(map[string]any); ok {
		delete(history, "seconds")
	}
	left, err := json.Marshal(sealed.Record)
	if err != nil {
		t.Fatal(err)
	}
	return left
}

// same compares the results of two runs.
func same(t *testing.T, got, want map[string]string) {
	t.Helper()
	if maps.Equal(got, want) {
		return
	}
	for name, sum := range want {
		if got[name] != sum {
			t.Errorf("%s: sha256 %q, in the run left alone %q", name, got[name], sum)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d results, want %d", len(got), len(want))
	}
}
