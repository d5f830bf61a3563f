//go:build linux && image

package tests

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// buildah runs buildah on a storage of this test's own.
type buildah struct{ global []string }

// run runs one of its commands in the fresh checkout.
func (b buildah) run(t *testing.T, args ...string) said {
	t.Helper()
	return command(t.Context(), checkout(t), nil, "buildah", slices.Concat(b.global, args)...)
}

// newBuildah skips the test where no image can be built.
func newBuildah(t *testing.T) buildah {
	t.Helper()
	if testing.Short() {
		t.Skipf("%s: builds an image, minutes", t.Name())
	}
	for _, program := range []string{"buildah", "debootstrap"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s: %v", t.Name(), err)
		}
	}
	if os.Getuid() != 0 {
		t.Skipf("%s: debootstrap and chroot want root", t.Name())
	}
	dir := t.TempDir()
	var b buildah
	for _, driver := range []string{"overlay", "vfs"} { // the latter copies, but is there in a container, too
		b = buildah{[]string{"--storage-driver", driver, "--root", filepath.Join(dir, driver), "--runroot", filepath.Join(dir, "run-"+driver)}}
		s := b.run(t, "from", "--name", "probe", "scratch")
		if s.err == nil {
			s = b.run(t, "mount", "probe")
		}
		if s.err == nil {
			break
		}
		t.Logf("storage %s: %s", driver, s.stderr)
	}
	t.Cleanup(func() {
		for _, args := range [][]string{{"umount", "--all"}, {"rm", "--all"}} {
			command(context.Background(), "", nil, "buildah", slices.Concat(b.global, args)...)
		}
	})
	return b
}

// release is the Debian release that the Dockerfile begins with.
var release = regexp.MustCompile(`(?m)^ARG BASE=docker\.io/library/debian:([a-z]+)-slim$`)

// base makes the image that the Dockerfile is built on, by debootstrap, and returns its
// name. The files are kept among what can be had again, as the first image of all that
// Docker has would be. What this machine trusts beside the usual certificates, a proxy's
// say, the image trusts too.
func (b buildah) base(t *testing.T) string {
	t.Helper()
	m := release.FindStringSubmatch(dockerfile(t))
	if m == nil {
		t.Fatal("docker/Dockerfile does not begin with a Debian release")
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	tar := filepath.Join(cache, "sdtlab", "debian-"+m[1]+".tar")
	if _, err := os.Stat(tar); errors.Is(err, os.ErrNotExist) {
		dir := t.TempDir()
		command(t.Context(), "", nil, "debootstrap", "--variant=minbase", m[1], dir).must(t)
		if err := os.MkdirAll(filepath.Dir(tar), 0o755); err != nil {
			t.Fatal(err)
		}
		// Without the packages' archives and lists, which are half of it.
		command(t.Context(), "", nil, "tar", "-C", dir, "--exclude=./var/cache/apt/*", "--exclude=./var/lib/apt/lists/*", "-cf", tar+".part", ".").must(t)
		if err := os.Rename(tar+".part", tar); err != nil {
			t.Fatal(err)
		}
	}
	name := "localhost/debian:" + m[1]
	b.run(t, "from", "--name", "base", "scratch").must(t)
	b.run(t, "add", "-q", "base", tar, "/").must(t)
	const trusted = "/usr/local/share/ca-certificates"
	if more, _ := filepath.Glob(trusted + "/*.crt"); len(more) > 0 {
		b.run(t, slices.Concat([]string{"copy", "-q", "base"}, more, []string{trusted + "/"})...).must(t)
	}
	b.run(t, "commit", "-q", "--rm", "base", name).must(t)
	return name
}

// TestImage, which takes ten minutes and is asked for by the tag image (IMAGE=1 ./tests/run),
// builds the image by README's command and uses it from inside, as its own user
// and without a network: see testdata/image.py.
func TestImage(t *testing.T) {
	b := newBuildah(t)
	begin := time.Now()
	base := b.base(t)
	t.Logf("the base: %.0f s", time.Since(begin).Seconds())
	begin = time.Now()
	build := []string{"build", "--isolation", "chroot", "--format", "docker", "--build-arg", "BASE=" + base,
		// Modules that this machine has already are not fetched again.
		"--volume", filepath.Join(goEnv(t, "GOMODCACHE"), "cache", "download") + ":/modules:ro", "--build-arg", "GOPROXY=file:///modules," + goEnv(t, "GOPROXY"),
		"--target", "lab"}
	b.run(t, append(build, strings.Fields(buildCommand)[2:]...)...).must(t)
	t.Logf("the image: %.0f s", time.Since(begin).Seconds())

	var image struct {
		Docker struct {
			Config json.RawMessage `json:"config"`
		}
	}
	inspected := b.run(t, "inspect", "--type", "image", imageName).must(t).stdout
	if err := json.Unmarshal([]byte(inspected), &image); err != nil {
		t.Fatal(err)
	}
	check := t.TempDir()
	for name, text := range map[string]string{"trains.ipynb": trains, "tiny.ipynb": strings.NewReplacer("KERNEL", "sdt-gonb", `"LAST"`, `"%%\nfmt.Println(\"last\")"`).Replace(tiny)} {
		if err := os.WriteFile(filepath.Join(check, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := copyFile(filepath.Join(check, "image.py"), script(t, "image.py")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(check, 0o755); err != nil {
		t.Fatal(err)
	}
	b.run(t, "from", "--name", "use", imageName).must(t)
	args := slices.Concat([]string{"buildah"}, b.global, []string{"run", "--isolation", "chroot", "--volume", check + ":/check:ro",
		"use", "--", "python3", "/check/image.py", string(image.Docker.Config), "/check"})
	s, asked := cutOff(t, nil, args...)
	lines := strings.Split(strings.TrimSpace(s.stdout), "\n")
	for _, line := range lines {
		result, rest, _ := strings.Cut(line, "\t")
		name, what, _ := strings.Cut(rest, "\t")
		if name == "" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			if t.Log(what); result != "ok" {
				t.Fail()
			}
		})
	}
	if s.err != nil || lines[len(lines)-1] != "done" {
		t.Errorf("the checks did not come to their end: %v\n%s\n%s", s.err, s.stdout, s.stderr)
	}
	if asked != "" {
		t.Errorf("the image asks the network for\n%.1000s", asked)
	}
}
