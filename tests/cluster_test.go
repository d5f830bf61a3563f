package tests

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/sdtlab/sdtlab/notebooks/reproduce/miniature"
)

// claim and job are what docker/job.yaml has of Kubernetes' PersistentVolumeClaim v1 and
// Job batch/v1; another field in it is an error here.
type claim struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string
	Metadata   struct{ Name string }
	Spec       struct {
		AccessModes []string `yaml:"accessModes"`
		Resources   struct{ Requests map[string]string }
	}
}

type job struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string
	Metadata   struct{ Name string }
	Spec       struct {
		CompletionMode           string `yaml:"completionMode"`
		Completions, Parallelism int
		BackoffLimitPerIndex     int `yaml:"backoffLimitPerIndex"`
		PodFailurePolicy         struct {
			Rules []struct {
				Action          string
				OnPodConditions []struct{ Type, Status string } `yaml:"onPodConditions"`
			}
		} `yaml:"podFailurePolicy"`
		Template struct {
			Spec struct {
				RestartPolicy                 string `yaml:"restartPolicy"`
				TerminationGracePeriodSeconds int    `yaml:"terminationGracePeriodSeconds"`
				Containers                    []container
				Volumes                       []struct {
					Name                  string
					PersistentVolumeClaim struct {
						ClaimName string `yaml:"claimName"`
					} `yaml:"persistentVolumeClaim"`
				}
			}
		}
	}
}

type container struct {
	Name, Image  string
	WorkingDir   string `yaml:"workingDir"`
	Command      []string
	Env          []struct{ Name, Value string }
	Resources    struct{ Requests map[string]string }
	VolumeMounts []struct {
		Name      string
		MountPath string `yaml:"mountPath"`
	} `yaml:"volumeMounts"`
}

// manifest reads docker/job.yaml, or one like it.
func manifest(t *testing.T, path string) (c claim, j job) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	for _, into := range []any{&c, &j} {
		if err := d.Decode(into); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
	}
	if err := d.Decode(new(any)); !errors.Is(err, io.EOF) {
		t.Fatalf("%s has more than two documents: %v", path, err)
	}
	return c, j
}

func TestKubernetesManifest(t *testing.T) {
	sound(t, filepath.Join(root, "docker", "job.yaml"))
}

// sound fails unless a manifest's parts fit together.
func sound(t *testing.T, path string) {
	t.Helper()
	c, j := manifest(t, path)
	if c.APIVersion != "v1" || c.Kind != "PersistentVolumeClaim" || j.APIVersion != "batch/v1" || j.Kind != "Job" {
		t.Errorf("it is of %s %s and %s %s", c.APIVersion, c.Kind, j.APIVersion, j.Kind)
	}
	pod := j.Spec.Template.Spec
	if !slices.Equal(c.Spec.AccessModes, []string{"ReadWriteMany"}) || len(pod.Volumes) != 1 || pod.Volumes[0].PersistentVolumeClaim.ClaimName != c.Metadata.Name {
		t.Errorf("the pods' volumes %v are not the one claim %q, or its access is %v", pod.Volumes, c.Metadata.Name, c.Spec.AccessModes)
	}
	// Kubernetes refuses backoffLimitPerIndex and podFailurePolicy with another policy.
	if pod.RestartPolicy != "Never" || j.Spec.BackoffLimitPerIndex < 1 {
		t.Errorf("restartPolicy is %s, backoffLimitPerIndex %d", pod.RestartPolicy, j.Spec.BackoffLimitPerIndex)
	}
	env := map[string]string{}
	for _, e := range pod.Containers[0].Env {
		env[e.Name] = e.Value
	}
	if n := fmt.Sprint(j.Spec.Completions); j.Spec.CompletionMode != "Indexed" || env["SHARDS"] != n || j.Spec.Completions < 2 {
		t.Errorf("%s completions, mode %s, but SHARDS is %q", n, j.Spec.CompletionMode, env["SHARDS"])
	}
	mounts := pod.Containers[0].VolumeMounts
	if len(mounts) != 1 || mounts[0].Name != pod.Volumes[0].Name {
		t.Fatalf("mounts are %v", mounts)
	}
	for _, name := range []string{"RUNS", "SDT_DATA"} {
		if !strings.HasPrefix(env[name], mounts[0].MountPath+"/") {
			t.Errorf("%s is %s, outside the shared volume at %s", name, env[name], mounts[0].MountPath)
		}
	}
}

// A cluster's pods, or tasks, at once on one folder, each by the very command of the
// file, leave the table of one run.
func TestClusters(t *testing.T) {
	if testing.Short() {
		t.Skipf("%s: trains networks", t.Name())
	}
	data := t.TempDir()
	if err := miniature.Office31(filepath.Join(data, "office31")); err != nil {
		t.Fatal(err)
	}
	const table = "-table 1 -partial -network convnet -only amazon→dslr -trials 3 -steps 1"
	alone := func(runs string, more ...string) string {
		args := slices.Concat([]string{"run", "./notebooks/reproduce"}, strings.Fields(table), []string{"-data", data, "-o", runs}, more)
		return command(t.Context(), checkout(t), nil, "go", args...).must(t).stdout
	}
	want := alone(t.TempDir())
	if !regexp.MustCompile(`(?m)^\| amazon→dslr( \| \d+\.\d ± \d+\.\d){6} \|$`).MatchString(want) {
		t.Fatalf("one run prints\n%s", want)
	}
	_, j := manifest(t, filepath.Join(root, "docker", "job.yaml"))
	pod := j.Spec.Template.Spec.Containers[0]
	slurm, err := os.ReadFile(filepath.Join(root, "docker", "array.slurm"))
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`(?m)^#SBATCH --array=0-2$`).Match(slurm) {
		t.Errorf("docker/array.slurm is no array of three:\n%s", slurm)
	}
	again := t.TempDir()
	for _, cluster := range []struct {
		name    string
		command []string
		env     func(i int) []string // of one of the three
		runs    string
	}{
		{"kubernetes", pod.Command, func(i int) (env []string) {
			for _, e := range pod.Env {
				env = append(env, e.Name+"="+e.Value)
			}
			return append(env, fmt.Sprint("JOB_COMPLETION_INDEX=", i))
		}, t.TempDir()},
		{"slurm", []string{"bash", "docker/array.slurm"}, func(i int) []string {
			return []string{fmt.Sprint("SLURM_ARRAY_TASK_ID=", i), "SLURM_ARRAY_TASK_MIN=0", "SLURM_ARRAY_TASK_COUNT=3"}
		}, again},
		{"slurm, counted from 1, all done before", []string{"bash", "docker/array.slurm"}, func(i int) []string {
			return []string{fmt.Sprint("SLURM_ARRAY_TASK_ID=", i+1), "SLURM_ARRAY_TASK_MIN=1", "SLURM_ARRAY_TASK_COUNT=3"}
		}, again},
	} {
		t.Run(cluster.name, func(t *testing.T) {
			var shares [3]said
			var wait sync.WaitGroup
			for i := range shares {
				env := append(cluster.env(i), "TABLE="+table, "RUNS="+cluster.runs, "SDT_DATA="+data, "TMPDIR="+t.TempDir())
				wait.Go(func() { shares[i] = command(t.Context(), checkout(t), env, cluster.command[0], cluster.command[1:]...) })
			}
			wait.Wait()
			made := 0
			for _, s := range shares {
				s.must(t)
				made += strings.Count(s.stderr, "amazon→dslr, trial ")
				if s.stdout != "" && s.stdout != want {
					t.Errorf("a share prints\n%s\none run\n%s", s.stdout, want)
				}
			}
			if made != 18 {
				t.Errorf("the three have %d cells together, want 18", made)
			}
			if got := alone(cluster.runs, "-report", "markdown"); got != want {
				t.Errorf("the three leave\n%s\none run\n%s", got, want)
			}
		})
	}
}
