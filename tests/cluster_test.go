package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"sigs.k8s.io/yaml"

	"github.com/sdtlab/sdtlab/notebooks/reproduce/miniature"
)

// manifest reads a file strictly into the types of Kubernetes' own API: a field that it does
// not have, or one twice, is an error here.
func manifest(t *testing.T, path string, edit func(text string) string) (c core.PersistentVolumeClaim, j batch.Job) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(edit(string(text)), "\n---\n")
	if len(parts) != 2 {
		t.Fatalf("%s has %d documents, want 2", path, len(parts))
	}
	for i, into := range []any{&c, &j} {
		if err := yaml.UnmarshalStrict([]byte(parts[i]), into); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
	}
	return c, j
}

// inDocker returns the path of a file of docker/.
func inDocker(file string) string { return filepath.Join(root, "docker", file) }

// asItIs is an edit of none.
func asItIs(text string) string { return text }

func TestKubernetesManifest(t *testing.T) {
	for _, file := range []string{"job.yaml", "job-gpu.yaml"} {
		t.Run(file, func(t *testing.T) { checkManifest(t, inDocker(file)) })
	}
}

// checkManifest fails unless a manifest's parts fit together.
func checkManifest(t *testing.T, path string) {
	t.Helper()
	c, j := manifest(t, path, asItIs)
	if c.APIVersion != core.SchemeGroupVersion.String() || c.Kind != "PersistentVolumeClaim" || j.APIVersion != batch.SchemeGroupVersion.String() || j.Kind != "Job" {
		t.Errorf("it is of %s %s and %s %s", c.APIVersion, c.Kind, j.APIVersion, j.Kind)
	}
	pod := j.Spec.Template.Spec
	if !slices.Equal(c.Spec.AccessModes, []core.PersistentVolumeAccessMode{core.ReadWriteMany}) || len(pod.Volumes) != 1 || pod.Volumes[0].PersistentVolumeClaim.ClaimName != c.Name {
		t.Errorf("the pods' volumes %v are not the one claim %q, or its access is %v", pod.Volumes, c.Name, c.Spec.AccessModes)
	}
	if n := c.Spec.Resources.Requests.Storage(); n.Value() < 1<<30 {
		t.Errorf("the claim is of %v", n)
	}
	// Kubernetes refuses backoffLimitPerIndex and podFailurePolicy with another policy.
	if pod.RestartPolicy != core.RestartPolicyNever || *j.Spec.BackoffLimitPerIndex < 1 || j.Spec.PodFailurePolicy.Rules[0].Action != batch.PodFailurePolicyActionIgnore {
		t.Errorf("restartPolicy is %s, backoffLimitPerIndex %d, podFailurePolicy %v", pod.RestartPolicy, *j.Spec.BackoffLimitPerIndex, j.Spec.PodFailurePolicy)
	}
	if ttl := j.Spec.TTLSecondsAfterFinished; ttl == nil || *ttl < 24*60*60 {
		t.Errorf("ttlSecondsAfterFinished is %v, want a day for the log at least", ttl)
	}
	one := pod.Containers[0]
	env := map[string]string{}
	for _, e := range one.Env {
		env[e.Name] = e.Value
	}
	if n := fmt.Sprint(*j.Spec.Completions); *j.Spec.CompletionMode != batch.IndexedCompletion || env["SHARDS"] != n || *j.Spec.Completions < 2 {
		t.Errorf("%s completions, mode %s, but SHARDS is %q", n, *j.Spec.CompletionMode, env["SHARDS"])
	}
	// A pod that may use more than it asks for is the first to be evicted.
	for name, want := range one.Resources.Requests {
		if got := one.Resources.Limits[name]; got.Cmp(want) != 0 || want.IsZero() {
			t.Errorf("a pod requests %v of %s, its limit is %v", want, name, got)
		}
	}
	if len(one.VolumeMounts) != 1 || one.VolumeMounts[0].Name != pod.Volumes[0].Name || *pod.SecurityContext.FSGroup != 1000 {
		t.Fatalf("mounts are %v, for group %v", one.VolumeMounts, pod.SecurityContext)
	}
	for _, name := range []string{"RUNS", "SDT_DATA"} {
		if !strings.HasPrefix(env[name], one.VolumeMounts[0].MountPath+"/") {
			t.Errorf("%s is %s, outside the shared volume at %s", name, env[name], one.VolumeMounts[0].MountPath)
		}
	}
	_, queued := manifest(t, path, func(text string) string { return strings.Replace(text, "  # labels:", "  labels:", 1) })
	if queued.Labels["kueue.x-k8s.io/queue-name"] == "" {
		t.Errorf("for Kueue the labels are %v", queued.Labels)
	}
}

// On GPUs a job is the same but for its name, its image, the back end with a folder of its own,
// and a GPU, which Kubernetes takes as a limit.
func TestKubernetesGPU(t *testing.T) {
	claim, want := manifest(t, inDocker("job.yaml"), asItIs)
	same, got := manifest(t, inDocker("job-gpu.yaml"), asItIs)
	one := &want.Spec.Template.Spec.Containers[0]
	want.Name += "-gpu"
	one.Image = "sdtlab:cuda" // built by the target of docker/Dockerfile
	for i, e := range one.Env {
		if e.Name == "RUNS" {
			one.Env[i].Value += "-gpu"
		}
	}
	one.Env = append(one.Env, core.EnvVar{Name: "GOMLX_BACKEND", Value: "xla:cuda"})
	one.Resources.Limits["nvidia.com/gpu"] = resource.MustParse("1")
	if diff := cmp.Diff(want, got) + cmp.Diff(claim, same); diff != "" {
		t.Error(diff)
	}
}

// clusterFlags are those of a table of 18 cells, which a cluster shares.
const clusterFlags = "-table 1 -partial -network convnet -only amazon→dslr -trials 3 -steps 1"

// clusterTable returns the folder of that table's data, and what one run of it prints.
func clusterTable(t *testing.T) (data, want string) {
	t.Helper()
	data = t.TempDir()
	if err := miniature.Office31(filepath.Join(data, "office31")); err != nil {
		t.Fatal(err)
	}
	want = oneRun(t, data, t.TempDir())
	if !regexp.MustCompile(`(?m)^\| amazon→dslr( \| \d+\.\d ± \d+\.\d){6} \|$`).MatchString(want) {
		t.Fatalf("one run prints\n%s", want)
	}
	return data, want
}

// oneRun returns what the program prints about that table in a run directory.
func oneRun(t *testing.T, data, runs string, more ...string) string {
	t.Helper()
	args := slices.Concat([]string{"run", "./notebooks/reproduce"}, strings.Fields(clusterFlags), []string{"-data", data, "-o", runs}, more)
	return command(t.Context(), checkout(t), nil, "go", args...).must(t).stdout
}

// A cluster's pods, or tasks, at once on one folder, each by the very command of the
// file, leave the table of one run.
func TestClusters(t *testing.T) {
	if testing.Short() {
		t.Skipf("%s: trains networks", t.Name())
	}
	data, want := clusterTable(t)
	_, j := manifest(t, inDocker("job.yaml"), asItIs)
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
				env := append(cluster.env(i), "TABLE="+clusterFlags, "RUNS="+cluster.runs, "SDT_DATA="+data, "TMPDIR="+t.TempDir())
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
			if got := oneRun(t, data, cluster.runs, "-report", "markdown"); got != want {
				t.Errorf("the three leave\n%s\none run\n%s", got, want)
			}
		})
	}
}
