package tests

import (
	"bytes"
	"fmt"
	"image/gif"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// block is a fenced block of README.
type block struct {
	language string
	line     int // of its first line, from 1
	text     string
}

var inline = regexp.MustCompile("`((?:go|\\./tests/(?:setup|run)|jupyter|docker)(?: [^`]+)?)`")

// document is a page that users read.
type document struct {
	name   string // from the project's root
	text   string
	blocks []block
	named  []string // commands that its prose names in code
}

// documents returns README and the pages beside it.
func documents(t *testing.T) (all []document) {
	t.Helper()
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil || len(pages) == 0 {
		t.Fatalf("docs has %d pages: %v", len(pages), err)
	}
	for _, path := range append([]string{filepath.Join(root, "README.md"), filepath.Join(root, "CONTRIBUTING.md")}, pages...) {
		name, err := filepath.Rel(root, path)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, page(t, name))
	}
	return all
}

// page returns one.
func page(t *testing.T, name string) document {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	d := document{name: name, text: string(data)}
	open := false
	n := 0
	for line := range strings.Lines(d.text) {
		n++
		switch fence, ok := strings.CutPrefix(strings.TrimSpace(line), "```"); {
		case ok && !open:
			d.blocks = append(d.blocks, block{language: fence, line: n + 1})
			open = true
		case ok:
			open = false
		case open:
			d.blocks[len(d.blocks)-1].text += line
		default:
			for _, m := range inline.FindAllStringSubmatch(line, -1) {
				if strings.Contains(m[1], " ") || strings.HasPrefix(m[1], "./") {
					d.named = append(d.named, m[1])
				}
			}
		}
	}
	if open {
		t.Fatalf("%s: a block is not closed", name)
	}
	return d
}

// commands returns the commands of a block for a shell: a line each, continued lines
// joined, comments and prompts left out.
func commands(text string) (all []string) {
	for line := range strings.Lines(strings.ReplaceAll(text, "\\\n", " ")) {
		line, _, _ = strings.Cut(line, " #")
		line = strings.TrimPrefix(strings.TrimSpace(line), "$ ")
		if line != "" && !strings.HasPrefix(line, "#") {
			all = append(all, strings.Join(strings.Fields(line), " "))
		}
	}
	return all
}

// Every command in README and the pages beside it, in a block or in the prose, has a row in
// the table of how it is run, and runs.
func TestReadmeCommands(t *testing.T) {
	var all []string
	for _, d := range documents(t) {
		all = append(all, d.named...)
		for _, b := range d.blocks {
			switch b.language {
			case "sh":
				all = append(all, commands(b.text)...)
			case "bash", "shell", "console":
				t.Errorf("%s:%d: a block of %s: call it sh, so that it is tested", d.name, b.line, b.language)
			}
		}
	}
	if len(all) == 0 {
		t.Fatal("README has no commands")
	}
	done := map[string]bool{}
	for _, c := range all {
		if done[c] {
			continue
		}
		done[c] = true
		t.Run(c, func(t *testing.T) {
			for _, r := range rows {
				if regexp.MustCompile(`^(?:` + r.command + `)$`).MatchString(c) {
					r.check(t, c)
					return
				}
			}
			t.Errorf("no row of the table says how to run %q", c)
		})
	}
}

// The words of a command that makes a fresh start would be useless if two rows took it.
func TestReadmeRowsAreDistinct(t *testing.T) {
	for _, c := range []string{"go run ./kernel demo", "./tests/run", "go run ./kernel install", "go run ./kernel install --backend onnx",
		"go run ./kernel install --backend xla-cpu", "go run ./kernel doctor", "go run ./notebooks/reproduce -table digits"} {
		var took []string
		for _, r := range rows {
			if regexp.MustCompile(`^(?:` + r.command + `)$`).MatchString(c) {
				took = append(took, r.command)
			}
		}
		if len(took) != 1 {
			t.Errorf("%q is taken by %q", c, took)
		}
	}
}

// Every Go program in README and the pages beside it runs on every back end that is here, and
// every other piece of Go compiles.
func TestReadmeGo(t *testing.T) {
	var blocks []block
	var where []string
	for _, d := range documents(t) {
		for _, b := range d.blocks {
			if b.language == "go" {
				blocks, where = append(blocks, b), append(where, fmt.Sprintf("%s:%d", d.name, b.line))
			}
		}
	}
	for i, b := range blocks {
		t.Run(where[i], func(t *testing.T) {
			dir := filepath.Join(checkout(t), fmt.Sprintf("readme%d", i))
			if err := os.MkdirAll(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			whole := strings.Contains(b.text, "package main")
			text := b.text
			if !whole { // statements: imports are found, the context is there
				text = "package main\n\nfunc main() {\n\tctx := context.Background()\n\t_ = ctx\n" + text + "}\n"
			}
			file := filepath.Join(dir, "main.go")
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if !whole {
				command(t.Context(), dir, nil, "go", "tool", "goimports", "-w", file).must(t)
			} else if changed := command(t.Context(), dir, nil, "gofmt", "-l", ".").must(t).stdout; changed != "" {
				t.Error("gofmt would change it")
			}
			command(t.Context(), dir, nil, "go", "vet", ".").must(t)
			if !whole || testing.Short() {
				return
			}
			all := backends()
			if !strings.Contains(b.text, `"`+module+`/sdt"`) {
				all = all[:1] // only package sdt brings the others
			}
			for _, backend := range all {
				s := command(t.Context(), checkout(t), []string{"GOMLX_BACKEND=" + backend}, "go", "run", "./"+filepath.Base(dir)).must(t)
				if s.stdout == "" {
					t.Errorf("on %s it prints nothing", backend)
				}
			}
		})
	}
	if len(blocks) == 0 {
		t.Error("README shows no Go")
	}
}

// backends returns the settings of the back ends that are here.
func backends() []string {
	all := []string{"go"}
	if os.Getenv("ONNXRUNTIME_SHARED_LIBRARY_PATH") != "" {
		all = append(all, "onnx:cpu")
	}
	if setting := os.Getenv("SDT_TEST_XLA"); setting != "" {
		all = append(all, setting)
	}
	return all
}

// Links to files, and pictures, are there.
func TestReadmeLinks(t *testing.T) {
	files := 0
	for _, d := range documents(t) {
		for _, m := range regexp.MustCompile(`(?:\]\(|src="|href=")([^)"#\s]+)`).FindAllStringSubmatch(d.text, -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			files++
			if _, err := os.Stat(filepath.Join(root, filepath.Dir(d.name), filepath.FromSlash(m[1]))); err != nil {
				t.Errorf("%s: a link to %s: %v", d.name, m[1], err)
			}
		}
	}
	if files == 0 {
		t.Error("README links to no file")
	}
}

// The picture of README moves, and is small enough to load on any line. picture_test.go makes
// it.
func TestReadmePicture(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(root, "docs", "session.gif"))
	if err != nil {
		t.Fatal(err)
	}
	moving, err := gif.DecodeAll(bytes.NewReader(data))
	if err != nil || len(moving.Image) < 10 || len(data) > 2<<20 {
		t.Errorf("docs/session.gif: %v, %d frames in %d bytes, want at least 10 in 2 MiB", err, len(moving.Image), len(data))
	}
}
