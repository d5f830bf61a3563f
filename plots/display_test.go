//go:build unix

package plots_test

import (
	"context"
	"encoding/gob"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/janpfeifer/gonb/gonbui/protocol"

	"github.com/sdtlab/sdtlab/plots"
)

// TestDisplay acts as the notebook for a child process: it reads what GoNB's kernel would read
// from the pipe, and acknowledges it.
func TestDisplay(t *testing.T) {
	if gonbui.IsNotebook {
		if err := plots.Comparison(madeUpTrials("")...).Display(); err != nil {
			t.Fatal(err)
		}
		if err := plots.ResultTable(madeUpTrials("")...).Display(); err != nil {
			t.Fatal(err)
		}
		return
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	dir := t.TempDir()
	there, back := filepath.Join(dir, "there"), filepath.Join(dir, "back")
	for _, path := range []string{there, back} {
		if err := syscall.Mkfifo(path, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	child := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestDisplay$")
	child.Env = append(os.Environ(), protocol.GONB_PIPE_ENV+"="+there, protocol.GONB_PIPE_BACK_ENV+"="+back)
	var out strings.Builder
	child.Stdout, child.Stderr = &out, &out
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	from, err := os.OpenFile(there, os.O_RDONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	to, err := os.OpenFile(back, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer to.Close()
	decode, encode := gob.NewDecoder(from), gob.NewEncoder(to)
	var shown []map[protocol.MIMEType]any
	for {
		var data protocol.DisplayData
		if decode.Decode(&data) != nil { // the child has gone
			break
		}
		if sync, ok := data.Data[protocol.MIMECommValue].(protocol.CommValue); ok {
			if err := encode.Encode(&protocol.CommValue{Address: protocol.GonbuiSyncAckAddress, Value: sync.Value}); err != nil {
				t.Error(err)
			}
			continue
		}
		shown = append(shown, data.Data)
	}
	if err := child.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	if len(shown) != 2 {
		t.Fatalf("%d outputs shown want 2", len(shown))
	}
	for i, f := range []interface {
		plots.Figure
		String() string
	}{plots.Comparison(madeUpTrials("")...), plots.ResultTable(madeUpTrials("")...)} {
		if len(shown[i]) != 2 || shown[i][protocol.MIMETextHTML] != rendered(t, f) || shown[i][protocol.MIMETextPlain] != f.String() {
			t.Errorf("output %d has other than text/html and text/plain of the figure", i)
		}
	}
}
