package tests

import (
	"fmt"
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

// In JupyterLab a widget speaks with a goroutine that a cell has left behind, a cell asks
// for input, is interrupted, is completed and explained; the kernel restarts.
func TestLabInUse(t *testing.T) {
	b := openLab(t)
	b.open(writeNotebook(t, "used.ipynb", usedCells))

	b.start(buttonCell)
	b.ended(buttonCell)
	for n := 1; n <= 2; n++ {
		b.Do(`document.getElementById("push").click()`)
		b.shows(buttonCell, fmt.Sprint("pushed ", n))
	}

	b.start(inputCell)
	b.Until("a place to type", `(function () { var e = document.querySelector("input.jp-Stdin-input"); e.focus(); return document.activeElement === e; })()`)
	b.Ask(nil, "Input.insertText", map[string]any{"text": "Ada"})
	b.Press("Enter", 13, "\r")
	b.shows(inputCell, "hello Ada")
	b.ended(inputCell)

	b.start(watchingCell)
	b.shows(watchingCell, "watching")
	b.command("notebook:interrupt-kernel")
	b.shows(watchingCell, "stopped, and still know Ada")
	b.ended(watchingCell)

	b.choose(lastCell)
	if err := b.Value(nil, `jupyterapp.commands.execute("notebook:enter-edit-mode").then(function () {
  var editor = jupyterapp.shell.currentWidget.content.activeCell.editor;
  editor.setCursorPosition({ line: 0, column: 14 });
})`); err != nil {
		t.Fatal(err)
	}
	// JupyterLab drops what the kernel answers while it still moves the cursor: ask again, as its user would.
	b.Until("the name offered", `(function () {
  var e = document.querySelector(".jp-Completer:not(.lm-mod-hidden) .jp-Completer-item");
  if (!e && !(Date.now() - window.asked < 3000)) {
    window.asked = Date.now();
    jupyterapp.commands.execute("completer:invoke-notebook");
  }
  return !!e && e.innerText.includes("HasPrefix");
})()`)
	b.command("completer:select-notebook")
	b.Until("the name completed", `jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel.source === "strings.HasPrefix"`)
	b.command("tooltip:launch-notebook")
	b.Until("the function explained", `(function () {
  var e = document.querySelector(".jp-Tooltip");
  return !!e && e.innerText.includes("func HasPrefix(s, prefix string) bool");
})()`)
	b.Shot("explained")
	b.Press("Escape", 27, "")

	b.start(endlessCell)
	b.shows(endlessCell, "round and round")
	b.command("notebook:interrupt-kernel")
	b.shows(endlessCell, "interrupted at line 2 of cell")
	b.ended(endlessCell)
	b.Shot("ended")

	b.command("kernelmenu:restart")
	b.Until("the question whether", `(function () {
  var e = document.querySelector(".jp-Dialog .jp-mod-accept");
  if (e) e.click();
  return !!e;
})()`)
	b.Until("a kernel again", `(function () {
  var s = jupyterapp.shell.currentWidget.sessionContext;
  return !document.querySelector(".jp-Dialog") && !s.isRestarting && s.session.kernel.status === "idle";
})()`)
	b.start(inputCell)
	b.Until("a place to type", `!!document.querySelector("input.jp-Stdin-input")`)
	b.Until("its turn", fmt.Sprintf(`%s[%d].Prompt === "[*]:"`, lookAtCells, inputCell))
	b.command("notebook:interrupt-kernel")
	b.ended(inputCell)
	var cells []labCell
	if err := b.Value(&cells, lookAtCells); err != nil {
		t.Fatal(err)
	}
	if c := cells[inputCell]; c.Prompt != "[1]:" || !strings.Contains(c.Text, "interrupted at line 3 of cell 1") {
		t.Errorf("after a restart, and interrupted at its question, the cell is %+v", c)
	}
	b.Shot("restarted")
}
