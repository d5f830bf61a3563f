package tests

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// chromium returns the browser's path; without one the test is skipped.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skipf("%s: chromium is not installed", t.Name())
	return ""
}

// tab is a page in a browser, driven by Chromium's DevTools protocol over a pipe
// (https://chromedevtools.github.io/devtools-protocol).
type tab struct {
	t       *testing.T
	session string
	served  map[string][]byte // what the network has, by address

	mu      sync.Mutex
	to      *os.File
	last    int
	waiting map[int]chan answer
	wrong   []string      // exceptions, and what the console has of errors
	gone    chan struct{} // closed when the browser is
}

// answer is one of the browser's, or an event.
type answer struct {
	ID     int
	Method string
	Params json.RawMessage
	Result json.RawMessage
	Error  *struct{ Message string }
}

// openTab starts a browser that reaches this machine alone; of other addresses it gets
// those that are served.
func openTab(t *testing.T, served map[string][]byte, flags ...string) *tab {
	t.Helper()
	dir, err := os.MkdirTemp(shared, "browser-") // the browser may still write when it is told to go
	if err != nil {
		t.Fatal(err)
	}
	in, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	from, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	args := append([]string{"--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--user-data-dir=" + filepath.Join(dir, "profile"),
		"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--remote-debugging-pipe"}, flags...)
	cmd := exec.Command(chromium(t), args...)
	cmd.ExtraFiles = []*os.File{in, out} // 3 and 4, as the browser expects
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	in.Close()
	out.Close()
	b := &tab{t: t, served: served, to: to, waiting: map[int]chan answer{}, gone: make(chan struct{})}
	go b.listen(from)
	t.Cleanup(func() {
		to.Close() // which ends the browser
		select {
		case <-b.gone:
		case <-time.After(20 * time.Second):
			cmd.Process.Kill()
		}
		cmd.Wait()
	})
	var target struct{ TargetID string }
	b.ask(&target, "Target.createTarget", map[string]any{"url": "about:blank"})
	var attached struct{ SessionID string }
	b.ask(&attached, "Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true})
	b.session = attached.SessionID
	for _, domain := range []string{"Page", "Runtime", "Log"} {
		b.ask(nil, domain+".enable", nil)
	}
	b.ask(nil, "Fetch.enable", map[string]any{"patterns": []map[string]any{{"urlPattern": "https://*"}}})
	return b
}

// listen takes what the browser says.
func (b *tab) listen(from *os.File) {
	defer close(b.gone)
	defer from.Close()
	r := bufio.NewReader(from)
	for {
		text, err := r.ReadBytes(0)
		if err != nil {
			return
		}
		var a answer
		if json.Unmarshal(text[:len(text)-1], &a) != nil {
			continue
		}
		if a.ID == 0 {
			b.event(a)
			continue
		}
		b.mu.Lock()
		to := b.waiting[a.ID]
		delete(b.waiting, a.ID)
		b.mu.Unlock()
		if to != nil {
			to <- a
		}
	}
}

// event takes one that the browser was not asked for.
func (b *tab) event(a answer) {
	switch a.Method {
	case "Fetch.requestPaused":
		var p struct {
			RequestID string
			Request   struct{ URL string }
		}
		json.Unmarshal(a.Params, &p)
		body, ok := b.served[p.Request.URL]
		if !ok {
			b.send("Fetch.failRequest", map[string]any{"requestId": p.RequestID, "errorReason": "InternetDisconnected"})
			return
		}
		b.send("Fetch.fulfillRequest", map[string]any{
			"requestId": p.RequestID, "responseCode": 200, "body": base64.StdEncoding.EncodeToString(body),
			"responseHeaders": []map[string]string{
				{"name": "Content-Type", "value": "text/javascript"}, {"name": "Access-Control-Allow-Origin", "value": "*"},
			},
		})
	case "Runtime.exceptionThrown":
		var p struct {
			ExceptionDetails struct {
				Text      string
				Exception struct{ Description string }
			}
		}
		json.Unmarshal(a.Params, &p)
		b.note(p.ExceptionDetails.Text + " " + p.ExceptionDetails.Exception.Description)
	case "Log.entryAdded":
		var p struct {
			Entry struct{ Level, Text, URL string }
		}
		json.Unmarshal(a.Params, &p)
		if p.Entry.Level == "error" {
			b.note(p.Entry.Text + " " + p.Entry.URL)
		}
	}
}

func (b *tab) note(wrong string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.wrong = append(b.wrong, wrong)
}

// send asks for something, and returns where the answer will come.
func (b *tab) send(method string, params any) (<-chan answer, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last++
	m := map[string]any{"id": b.last, "method": method}
	if params != nil {
		m["params"] = params
	}
	if b.session != "" {
		m["sessionId"] = b.session
	}
	text, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	to := make(chan answer, 1)
	b.waiting[b.last] = to
	_, err = b.to.Write(append(text, 0))
	return to, err
}

// ask sends a command and decodes its result.
func (b *tab) ask(result any, method string, params any) {
	b.t.Helper()
	to, err := b.send(method, params)
	if err != nil {
		b.t.Fatalf("%s: %v", method, err)
	}
	select {
	case a := <-to:
		if a.Error != nil {
			b.t.Fatalf("%s: %s", method, a.Error.Message)
		}
		if result != nil {
			if err := json.Unmarshal(a.Result, result); err != nil {
				b.t.Fatalf("%s: %v in %.300s", method, err, a.Result)
			}
		}
	case <-b.gone:
		b.t.Fatalf("%s: the browser has ended", method)
	case <-time.After(2 * time.Minute):
		b.t.Fatalf("%s: the browser does not answer", method)
	}
}

// value returns what a JavaScript expression, or the promise that it gives, comes to.
func (b *tab) value(into any, expression string) error {
	var r struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails *struct {
			Text      string
			Exception struct{ Description string }
		}
	}
	b.ask(&r, "Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true})
	if e := r.ExceptionDetails; e != nil {
		return fmt.Errorf("%s %s", e.Text, e.Exception.Description)
	}
	if into == nil || len(r.Result.Value) == 0 {
		return nil
	}
	return json.Unmarshal(r.Result.Value, into)
}

// until waits for an expression to be true.
func (b *tab) until(what, expression string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), 3*time.Minute)
	defer cancel()
	for {
		var ok bool
		err := b.value(&ok, expression)
		if ok {
			return
		}
		select {
		case <-ctx.Done():
			var page string
			b.value(&page, "document.body.innerText")
			b.shot("failed")
			b.t.Fatalf("%s does not come (%v); wrong: %q; the page shows\n%s", what, err, b.wrong, strings.TrimSpace(page))
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// press presses a key, such as "Enter".
func (b *tab) press(key string, code int, text string) {
	b.t.Helper()
	down := map[string]any{"type": "keyDown", "key": key, "code": key, "windowsVirtualKeyCode": code}
	if text != "" {
		down["text"] = text
	}
	b.ask(nil, "Input.dispatchKeyEvent", down)
	b.ask(nil, "Input.dispatchKeyEvent", map[string]any{"type": "keyUp", "key": key, "code": key, "windowsVirtualKeyCode": code})
}

// shot leaves a picture of the page where go test -artifacts keeps it.
func (b *tab) shot(name string) {
	b.t.Helper()
	var r struct{ Data []byte }
	b.ask(&r, "Page.captureScreenshot", map[string]any{"format": "png"})
	if err := os.WriteFile(filepath.Join(b.t.ArtifactDir(), name+".png"), r.Data, 0o600); err != nil {
		b.t.Error(err)
	}
}
