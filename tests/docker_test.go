package tests

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// buildCommand is README's command for the image, which TestImage builds by, and
// imageName what it calls it.
const (
	buildCommand = "docker build -f docker/Dockerfile -t sdtlab ."
	imageName    = "sdtlab"
)

// compose is what docker/compose.yaml has of the Compose specification; another field in it is
// an error here.
type compose struct {
	Name     string
	Services map[string]service
	Volumes  map[string]any
}

type service struct {
	Image string
	Build struct {
		Context, Dockerfile, Target string
	}
	Profiles, Ports, Volumes []string
	Environment              map[string]string
	CapDrop                  []string `yaml:"cap_drop"`
	SecurityOpt              []string `yaml:"security_opt"`
	Healthcheck              struct {
		Test              []string
		Interval, Timeout string
		StartPeriod       string `yaml:"start_period"`
	}
	Deploy struct {
		Resources struct {
			Reservations struct {
				Devices []struct {
					Driver       string
					Count        int
					Capabilities []string
				}
			}
		}
	}
}

// services reads docker/compose.yaml.
func services(t *testing.T) compose {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "docker", "compose.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var c compose
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(&c); err != nil {
		t.Fatalf("docker/compose.yaml: %v", err)
	}
	return c
}

// dockerfile returns the text of docker/Dockerfile.
func dockerfile(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "docker", "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// stage tells whether the Dockerfile has a stage of the name.
func stage(t *testing.T, name string) bool {
	t.Helper()
	return regexp.MustCompile(`(?m)^FROM \S+ AS ` + regexp.QuoteMeta(name) + `$`).MatchString(dockerfile(t))
}

// Both services can be reached from this machine alone, want a token, and have no rights
// that the other lacks; the GPU is asked for where it is used.
func TestCompose(t *testing.T) {
	c := services(t)
	if len(c.Services) != 2 {
		t.Fatalf("compose.yaml has %d services", len(c.Services))
	}
	for name, s := range c.Services {
		if len(s.Ports) != 1 || !strings.HasPrefix(s.Ports[0], "127.0.0.1:") || !strings.HasSuffix(s.Ports[0], ":8888") {
			t.Errorf("%s publishes %q, not on this machine alone", name, s.Ports)
		}
		if s.Build.Context != ".." || s.Build.Dockerfile != "docker/Dockerfile" || !stage(t, s.Build.Target) || !strings.HasPrefix(s.Image, imageName) {
			t.Errorf("%s: %s is built by %+v", name, s.Image, s.Build)
		}
		if s.Environment["JUPYTER_TOKEN"] != "${JUPYTER_TOKEN:-}" { // an empty one is a random one: TestImage
			t.Errorf("%s: the token is %q", name, s.Environment["JUPYTER_TOKEN"])
		}
		if !slices.Equal(s.CapDrop, []string{"ALL"}) || !slices.Equal(s.SecurityOpt, []string{"no-new-privileges:true"}) {
			t.Errorf("%s drops %q, security_opt is %q", name, s.CapDrop, s.SecurityOpt)
		}
		if own := `HEALTHCHECK --interval=` + s.Healthcheck.Interval + ` --timeout=` + s.Healthcheck.Timeout + ` --start-period=` + s.Healthcheck.StartPeriod +
			` CMD ["` + strings.Join(s.Healthcheck.Test[1:], `", "`) + `"]`; !strings.Contains(dockerfile(t), own) {
			t.Errorf("%s: the health check is not the image's own:\n%s", name, own)
		}
		for _, v := range s.Volumes {
			if volume, _, _ := strings.Cut(v, ":"); !strings.HasPrefix(volume, "$") {
				if _, ok := c.Volumes[volume]; !ok {
					t.Errorf("%s mounts %s, which is no volume", name, v)
				}
			}
		}
		gpu := s.Deploy.Resources.Reservations.Devices
		if cuda := s.Build.Target == "cuda"; cuda != (len(gpu) == 1) || cuda != slices.Equal(s.Profiles, []string{"gpu"}) {
			t.Errorf("%s: profiles %q, devices %v", name, s.Profiles, gpu)
		}
	}
}

// The linter of Dockerfiles finds nothing, and what it does not look for is so.
func TestDockerfile(t *testing.T) {
	text := dockerfile(t)
	for _, line := range []struct{ pattern, what string }{
		{`(?m)^ARG BASE=\S+:\S+$`, "the base is no argument with a tag"},
		{`(?m)^FROM \$\{BASE\} AS lab$`, "the image is not built on the base"},
		{`(?m)^USER [1-9]\d*$`, "the user is root, or has no number"},
		{`(?m)^CMD \["jupyter", "lab", "--ip=0\.0\.0\.0", `, "it does not start JupyterLab"},
		{`(?m)^FROM lab\n*\z`, "the last stage is not the image without CUDA"},
		{`(?m)^ENV GOMLX_BACKEND=xla:cuda$`, "no stage computes on CUDA"},
	} {
		if !regexp.MustCompile(line.pattern).MatchString(text) {
			t.Error(line.what)
		}
	}
	if bad := regexp.MustCompile(`(?i)(ServerApp|IdentityProvider)\.(token|password)|JUPYTER_TOKEN=|--allow-root|disable_check_xsrf|sudo`).FindString(text); bad != "" {
		t.Errorf("it has %s", bad)
	}
	script, err := os.ReadFile(filepath.Join(root, "kernel", "internal", "echarts", "echarts.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, own := range []string{`Version: "([0-9.]+)"`, `const sum = "([0-9a-f]{64})"`} {
		if m := regexp.MustCompile(own).FindSubmatch(script); m == nil || !strings.Contains(text, string(m[1])) {
			t.Errorf("the chart script is not the kernel's: %q", m)
		}
	}
	pins, err := os.ReadFile(filepath.Join(root, "docker", "requirements.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(pins)) {
		if !strings.HasPrefix(line, "#") && !regexp.MustCompile(`^[\w.-]+==[\w.]+\n$`).MatchString(line) {
			t.Errorf("docker/requirements.txt: %q is no version", line)
		}
	}
	if _, err := exec.LookPath("hadolint"); err != nil {
		t.Skipf("%s: no linter: %v", t.Name(), err)
	}
	if s := command(t.Context(), root, nil, "hadolint", "docker/Dockerfile"); s.err != nil {
		t.Errorf("hadolint: %v\n%s%s", s.err, s.stdout, s.stderr)
	}
}

// ofDocker checks a command of README: what it names is there, the image is built as
// TestImage builds it, and nothing is published beyond this machine.
func ofDocker(t *testing.T, c string) {
	words := strings.Fields(c)
	after := func(flag string) string {
		if i := slices.Index(words, flag); i >= 0 && i+1 < len(words) {
			return words[i+1]
		}
		return ""
	}
	switch words[1] {
	case "build":
		target := after("--target")
		if target == "" && c != buildCommand || target != "" && !stage(t, target) {
			t.Errorf("%q is not %q, and not of another stage", c, buildCommand)
		}
		exist(t, after("-f"))
	case "run":
		if image := words[len(words)-1]; image != imageName && image != imageName+":cuda" {
			t.Errorf("%s is not what is built", image)
		}
		if !regexp.MustCompile(`^127\.0\.0\.1:\d+:8888$`).MatchString(after("-p")) || !strings.Contains(dockerfile(t), "\nEXPOSE 8888\n") {
			t.Errorf("it publishes %s", after("-p"))
		}
	case "compose":
		all := services(t).Services
		exist(t, after("-f"))
		profile, name := after("--profile"), after("up")
		if name == "" {
			name = "lab"
		}
		s, ok := all[name]
		if !ok || profile != "" && !slices.Contains(s.Profiles, profile) || profile == "" && len(s.Profiles) > 0 {
			t.Errorf("compose.yaml has no service %q of profile %q", name, profile)
		}
	}
}
