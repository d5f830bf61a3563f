package repl

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSurroundings checks that the folder and the environment are the session's, whatever
// changes them: the Go of a cell or a command.
func TestSurroundings(t *testing.T) {
	opt := options(t)
	opt.Dir = must(filepath.EvalSymlinks(opt.Dir))
	l := newTester(t, opt)
	sub := filepath.Join(opt.Dir, "sub folder")
	l.want("os.Mkdir(\"sub folder\", 0o755)\nos.Chdir(\"sub folder\")", "")
	l.want("!pwd", sub+"\n")
	l.want("%cd", "Current directory: \""+sub+"\"\n")
	l.matches("%%writefile a.txt\nwritten", "written to")
	l.want("!cat "+opt.Dir+"/sub*/a.txt", "written\n")
	l.want("%%bash\ncat a.txt", "written\n")
	l.matches("%cd ..\ndir, _ := os.Getwd()\ndir", "Changed directory to \""+opt.Dir+"\"\nOut: \""+opt.Dir+"\"$")
	l.want("!pwd", opt.Dir+"\n")

	l.want("os.Setenv(\"SDT_A\", \"a cell's\")\nos.Setenv(\"SDT_B\", \"b\")\nos.Unsetenv(\"HOME\")", "")
	l.want("!echo \"$SDT_A ${HOME-unset}\"; env | grep -c GONB_PIPE || true", "a cell's unset\n0\n")
	l.want("%env SDT_B set\n!echo $SDT_B\nos.Getenv(\"SDT_B\")", "Set: SDT_B=\"set\"\nset\nOut: \"set\"")
	l.want("os.Setenv(\"WHERE\", \"sub folder\")", "")
	l.matches("%cd $WHERE\n1", "sub folder")

	// A fresh process has what the commands have set, and nothing of what the program did.
	l.matches("os.Chdir(\"/\")", "")
	l.want("%restart\n!echo \"$SDT_A $SDT_B\"; pwd", "A fresh session has begun.\n set\n"+sub+"\n")
	l.want("dir, _ := os.Getwd()\ndir", "Out: \""+sub+"\"")
}

// TestLink checks that a folder keeps the name by which it was chosen.
func TestLink(t *testing.T) {
	opt := options(t)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(opt.Dir, link); err != nil {
		t.Fatal(err)
	}
	l := newTester(t, opt)
	l.matches("%cd "+link, "link\"\n$")
	l.want("%cd", "Current directory: \""+link+"\"\n")
}

// TestEnvironments checks that a session opens, and runs a cell, in unusual environments.
func TestEnvironments(t *testing.T) {
	for _, c := range []struct{ name, value string }{
		{"GOFLAGS", "nonsense"},
		{"GOFLAGS", "-race -mod=mod"},
		{"GOFLAGS", "-mod=vendor"},
		{"GOTOOLCHAIN", "go1.20"},
		{"GO111MODULE", "off"},
		{"GOOS", "windows"},
		{"GOARCH", "arm64"},
		{"GOROOT", "/nowhere"},
		{"GOWORK", "/nowhere/go.work"},
		{"CGO_ENABLED", "0"},
		{"CC", "gcc -g0"},
	} {
		t.Run(c.name+"="+c.value, func(t *testing.T) {
			t.Setenv(c.name, c.value)
			opt := options(t)
			opt.Packages = opt.Packages[3:]
			l := newTester(t, opt)
			l.want("6 * 7", "Out: 42")
			l.want("os.Getenv(\""+c.name+"\")", "Out: \""+c.value+"\"")
			l.matches("%noautoget\nimport \"github.com/google/go-cmp/cmp\"\ncmp.Equal(1, 1)", "Out: true$")
		})
	}
}

// TestTemporaryFolder checks that a session works if the path of the folder for temporary
// files has spaces.
func TestTemporaryFolder(t *testing.T) {
	temp := filepath.Join(t.TempDir(), "it's a folder")
	if err := os.Mkdir(temp, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", temp)
	l := newTester(t, options(t))
	l.want("x := 6", "")
	l.want("x * 7", "Out: 42")
	l.want("%restart\n1", "A fresh session has begun.\nOut: 1")
	l.want("!*go env GOMOD", filepath.Join(l.opt.Module, "go.mod")+"\n")
}

// TestNoFolder checks the message if there is no folder for temporary files.
func TestNoFolder(t *testing.T) {
	opt := options(t)
	t.Setenv("TMPDIR", "/nowhere")
	if _, err := New(opt); err == nil || !strings.Contains(err.Error(), "/nowhere: no such file or directory: set TMPDIR to a writable folder") {
		t.Errorf("says %v", err)
	}
}
