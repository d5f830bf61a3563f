package tests

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// Cells that a user does something with, by their place in the notebook.
const (
	buttonCell = iota
	inputCell
	watchingCell
	endlessCell
	lastCell
)

var usedCells = []string{
	buttonCell: `push := widgets.Button("push me").WithHtmlId("push").Done()
clicks := push.Listen()
go func() {
	for n := range clicks.C {
		fmt.Println("pushed", n)
	}
}()`,
	inputCell: "var name string\nfmt.Print(\"name? \")\nfmt.Scanln(&name)\nfmt.Println(\"hello\", name)",
	watchingCell: `ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
fmt.Println("watching")
<-ctx.Done()
stop()
fmt.Println("stopped, and still know", name)`,
	endlessCell: "fmt.Println(\"round and round\")\nfor {\n}",
	lastCell:    "strings.HasPre",
}

// command has JupyterLab carry out one of its commands; it does not wait for the end.
func (b *tab) command(name string) {
	b.t.Helper()
	if err := b.value(nil, "void jupyterapp.commands.execute("+quoted(name)+")"); err != nil {
		b.t.Fatal(err)
	}
}

// choose makes a cell the active one.
func (b *tab) choose(cell int) {
	b.t.Helper()
	if err := b.value(nil, fmt.Sprintf("void (jupyterapp.shell.currentWidget.content.activeCellIndex = %d)", cell)); err != nil {
		b.t.Fatal(err)
	}
}

// start runs a cell and does not wait for its end.
func (b *tab) start(cell int) {
	b.t.Helper()
	b.choose(cell)
	b.command("notebook:run-cell")
}

// shows waits for a text in a cell's output.
func (b *tab) shows(cell int, text string) {
	b.t.Helper()
	b.until(fmt.Sprintf("%q in cell %d", text, cell+1), fmt.Sprintf("%s[%d].Text.includes(%s)", lookAtCells, cell, quoted(text)))
}

// ended waits for a cell's end.
func (b *tab) ended(cell int) {
	b.t.Helper()
	b.until(fmt.Sprintf("the end of cell %d", cell+1), fmt.Sprintf(`/\[\d+\]/.test(%s[%d].Prompt)`, lookAtCells, cell))
}

// quoted is a text in JavaScript.
func quoted(s string) string {
	text, _ := json.Marshal(s) // a string is never refused
	return string(text)
}

// In JupyterLab a widget speaks with a goroutine that a cell has left behind, a cell asks
// for input, is interrupted once and twice, is completed and explained; the kernel restarts.
func TestLabInUse(t *testing.T) {
	needsJupyter(t, "lab")
	chromium(t)
	dir := t.TempDir()
	writeNotebook(t, filepath.Join(dir, "used.ipynb"), usedCells)
	base, token := openLab(t, dir)
	b := openTab(t, nil, "--window-size=1300,1500")
	b.openNotebook(base, token, "used.ipynb")

	b.start(buttonCell)
	b.ended(buttonCell)
	for n := 1; n <= 2; n++ {
		if err := b.value(nil, `void document.getElementById("push").click()`); err != nil {
			t.Fatal(err)
		}
		b.shows(buttonCell, fmt.Sprint("pushed ", n))
	}

	b.start(inputCell)
	b.until("a place to type", `(function () { var e = document.querySelector("input.jp-Stdin-input"); e.focus(); return document.activeElement === e; })()`)
	b.ask(nil, "Input.insertText", map[string]any{"text": "Ada"})
	b.press("Enter", 13, "\r")
	b.shows(inputCell, "hello Ada")
	b.ended(inputCell)

	b.start(watchingCell)
	b.shows(watchingCell, "watching")
	b.command("notebook:interrupt-kernel")
	b.shows(watchingCell, "stopped, and still know Ada")
	b.ended(watchingCell)

	b.choose(lastCell)
	if err := b.value(nil, `jupyterapp.commands.execute("notebook:enter-edit-mode").then(function () {
  var editor = jupyterapp.shell.currentWidget.content.activeCell.editor;
  editor.setCursorPosition({ line: 0, column: 14 });
})`); err != nil {
		t.Fatal(err)
	}
	b.command("completer:invoke-notebook")
	b.until("the name offered", `(function () {
  var e = document.querySelector(".jp-Completer:not(.lm-mod-hidden) .jp-Completer-item");
  return !!e && e.innerText.includes("HasPrefix");
})()`)
	b.command("completer:select-notebook")
	b.until("the name completed", `jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel.source === "strings.HasPrefix"`)
	b.command("tooltip:launch-notebook")
	b.until("the function explained", `(function () {
  var e = document.querySelector(".jp-Tooltip");
  return !!e && e.innerText.includes("func HasPrefix(s, prefix string) bool");
})()`)
	b.shot("explained")
	b.press("Escape", 27, "")

	b.start(endlessCell)
	b.shows(endlessCell, "round and round")
	b.command("notebook:interrupt-kernel")
	b.shows(endlessCell, "interrupt again")
	b.command("notebook:interrupt-kernel")
	b.shows(endlessCell, "A fresh session has begun.")
	b.ended(endlessCell)
	b.shot("ended")

	b.command("kernelmenu:restart")
	b.until("the question whether", `(function () {
  var e = document.querySelector(".jp-Dialog .jp-mod-accept");
  if (e) e.click();
  return !!e;
})()`)
	b.until("a kernel again", `(function () {
  var s = jupyterapp.shell.currentWidget.sessionContext;
  return !document.querySelector(".jp-Dialog") && !s.isRestarting && s.session.kernel.status === "idle";
})()`)
	b.start(inputCell)
	b.until("a place to type", `!!document.querySelector("input.jp-Stdin-input")`)
	b.until("its turn", fmt.Sprintf(`%s[%d].Prompt === "[*]:"`, lookAtCells, inputCell))
	b.command("notebook:interrupt-kernel")
	b.ended(inputCell)
	var cells []labCell
	if err := b.value(&cells, lookAtCells); err != nil {
		t.Fatal(err)
	}
	if c := cells[inputCell]; c.Prompt != "[1]:" || !strings.Contains(c.Text, "hello") {
		t.Errorf("after a restart, and interrupted at its question, the cell is %+v", c)
	}
	b.shot("restarted")
}
