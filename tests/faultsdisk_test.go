package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// onDisk runs a shell script in which "$@" is the user's program with its arguments, and
// $disk a small disk of its own, mounted there alone, with the run directory on it.
func (u *user) onDisk(t *testing.T, script string, more ...string) said {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(u.dir, "disk"), 0o755); err != nil {
		t.Fatal(err)
	}
	u.run = filepath.Join(u.dir, "disk", "run")
	mounted := `set -e; mount -t tmpfs -o size=64k tmpfs "$disk"; ` + script
	args := append([]string{"-rm", "sh", "-c", mounted, "sh", u.program}, u.args(more...)...)
	return command(t.Context(), "", []string{"disk=" + filepath.Join(u.dir, "disk"), "kept=" + filepath.Join(u.dir, "kept")}, "unshare", args...)
}

// needsMount skips a test where no disk may be mounted.
func (u *user) needsMount(t *testing.T) {
	t.Helper()
	if s := u.onDisk(t, "true"); s.err != nil {
		t.Skipf("%s: no disk can be mounted here: %v: %s", t.Name(), s.err, s.stderr)
	}
}

// A disk that is full from the start, or after some pages: at another write each time. When
// there is room again the run goes on.
func diskFull(t *testing.T, u *user) {
	u.needsMount(t)
	const script = `
head -c $((65536 - 4096 * %d)) /dev/zero >"$disk/ballast"
status=0; "$@" 2>"$disk/../sentence" || status=$?
rm "$disk/ballast"
ls -A "$disk/run" "$disk"/run/* | grep '^[.].' && echo "left behind"
"$@" >"$disk/../rest"
cp -r "$disk/run" "$kept"
exit $status`
	want := alone(t)
	for free := range 6 {
		s := u.onDisk(t, fmt.Sprintf(script, free))
		text, err := os.ReadFile(filepath.Join(u.dir, "sentence"))
		if err != nil {
			t.Fatal(err)
		}
		if s.stderr != "" || strings.Contains(s.stdout, "left behind") {
			t.Errorf("%d pages: %s %s", free, s.stdout, s.stderr)
		}
		s.stderr = string(text)
		s.sentence(t, "write "+u.run, "no space left on device", "free some space and run it again", "what was saved before is intact")
		same(t, results(t, filepath.Join(u.dir, "kept")), want)
		if err := os.RemoveAll(filepath.Join(u.dir, "kept")); err != nil {
			t.Fatal(err)
		}
		t.Logf("%d pages: %s", free, text)
	}
}

// A run that was begun cannot go on where nothing can be written, and says so; one that is
// done is read.
func readOnly(t *testing.T, u *user) {
	u.needsMount(t)
	const script = `cp -r "$disk/../begun" "$disk/run"; mount -o remount,ro "$disk"; exec "$@"`
	u.run = filepath.Join(u.dir, "begun")
	u.fails(t, nil, "-stop", "5")
	s := u.onDisk(t, script)
	s.sentence(t, "adapt: ", u.run, "read-only file system", "use another one")
	s = u.onDisk(t, `mount -o remount,ro "$disk"; exec "$@"`)
	s.sentence(t, "run directory: ", u.run, "read-only file system", "use another one")

	u.run = filepath.Join(u.dir, "begun")
	u.ends(t)
	if s := u.onDisk(t, script); s.err != nil || strings.Contains(s.stdout, "adapt 1") || !strings.Contains(s.stdout, "accuracy") {
		t.Errorf("a run that is done cannot be read: %v %s %s", s.err, s.stdout, s.stderr)
	}
}
