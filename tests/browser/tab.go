package browser

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Tab is a page, with cookies and a cache of its own. What goes wrong in driving it ends
// the test that it was opened for.
type Tab struct {
	Patience time.Duration // how long to wait for something, 3 minutes unless changed

	t       testing.TB
	b       *Browser
	session string
	net     map[string][]byte

	mu    sync.Mutex
	asked map[string]int
	wrong []string
}

// Window is how large a page is.
type Window struct {
	Width  int // pixels
	Height int // pixels
}

// Open opens an empty page, until the test's end. Of addresses that begin with https it
// gets those of net, by their address; the others fail, as they do without a network.
func (b *Browser) Open(t testing.TB, w Window, net map[string][]byte) *Tab {
	t.Helper()
	p := &Tab{Patience: 3 * time.Minute, t: t, b: b, net: net, asked: map[string]int{}}
	var made struct{ BrowserContextID, TargetID, SessionID string }
	p.must(b.ask(&made, "", "Target.createBrowserContext", nil))
	t.Cleanup(func() {
		b.ask(nil, "", "Target.disposeBrowserContext", map[string]any{"browserContextId": made.BrowserContextID})
	})
	p.must(b.ask(&made, "", "Target.createTarget", map[string]any{"url": "about:blank", "browserContextId": made.BrowserContextID}))
	p.must(b.ask(&made, "", "Target.attachToTarget", map[string]any{"targetId": made.TargetID, "flatten": true}))
	p.session = made.SessionID
	b.mu.Lock()
	b.tabs[p.session] = p
	b.mu.Unlock()
	for _, domain := range []string{"Page", "Runtime", "Log"} {
		p.Ask(nil, domain+".enable", nil)
	}
	p.Ask(nil, "Fetch.enable", map[string]any{"patterns": []map[string]any{{"urlPattern": "https://*"}}})
	p.Ask(nil, "Emulation.setDeviceMetricsOverride", map[string]any{
		"width": w.Width, "height": w.Height, "deviceScaleFactor": 1, "mobile": false})
	return p
}

func (p *Tab) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// Ask sends a command of the DevTools protocol and decodes its result, unless it is nil.
func (p *Tab) Ask(result any, method string, params any) {
	p.t.Helper()
	p.must(p.b.ask(result, p.session, method, params))
}

// Go opens an address and waits until it is loaded.
func (p *Tab) Go(address string) {
	p.t.Helper()
	p.Do("window.left = true") // the browser may answer before it leaves, even while it still comes to about:blank
	var r struct{ ErrorText string }
	p.Ask(&r, "Page.navigate", map[string]any{"url": address})
	if r.ErrorText != "" {
		p.t.Fatalf("open %s: %s", address, r.ErrorText)
	}
	p.Until("the page "+address, `!window.left && location.href !== "about:blank" && document.readyState === "complete"`)
}

// Show opens a page of which the HTML is given.
func (p *Tab) Show(html string) {
	p.t.Helper()
	file := filepath.Join(p.t.TempDir(), "page.html")
	p.must(os.WriteFile(file, []byte(html), 0o600))
	p.Go("file://" + file)
}

// Dark has the page's reader prefer a dark scheme of colours, or a light one.
func (p *Tab) Dark(dark bool) {
	p.t.Helper()
	scheme := map[bool]string{true: "dark", false: "light"}[dark]
	p.Ask(nil, "Emulation.setEmulatedMedia", map[string]any{
		"features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}}})
}

// Value decodes what a JavaScript expression, or the promise that it gives, comes to.
func (p *Tab) Value(into any, expression string) error {
	var r struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails *struct {
			Text      string
			Exception struct{ Description string }
		}
	}
	p.Ask(&r, "Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true})
	if e := r.ExceptionDetails; e != nil {
		return fmt.Errorf("%s %s", e.Text, e.Exception.Description)
	}
	if into == nil || len(r.Result.Value) == 0 {
		return nil
	}
	return json.Unmarshal(r.Result.Value, into)
}

// Do carries out JavaScript; it does not wait for what a promise comes to.
func (p *Tab) Do(code string) {
	p.t.Helper()
	p.must(p.Value(nil, "void ("+code+")"))
}

// Until waits for an expression to be true; what says what for.
func (p *Tab) Until(what, expression string) {
	p.t.Helper()
	var err error
	for deadline := time.Now().Add(p.Patience); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		var ok bool
		if err = p.Value(&ok, expression); ok {
			return
		}
		if p.t.Context().Err() != nil {
			break
		}
	}
	var page string
	p.Value(&page, "document.body.innerText")
	p.Shot("failed")
	wrong := slices.DeleteFunc(p.Wrong(), func(w string) bool { return strings.HasPrefix(w, "warning: ") })
	p.t.Fatalf("%s does not come (%v); wrong: %q; the page shows\n%s", what, err, wrong, strings.TrimSpace(page))
}

// Press presses a key, such as "Enter".
func (p *Tab) Press(key string, code int, text string) {
	p.t.Helper()
	down := map[string]any{"type": "keyDown", "key": key, "code": key, "windowsVirtualKeyCode": code}
	if text != "" {
		down["text"] = text
	}
	p.Ask(nil, "Input.dispatchKeyEvent", down)
	p.Ask(nil, "Input.dispatchKeyEvent", map[string]any{"type": "keyUp", "key": key, "code": key, "windowsVirtualKeyCode": code})
}

// Shot leaves a picture of the page where `go test -artifacts -outputdir DIR` keeps it.
func (p *Tab) Shot(name string) {
	p.t.Helper()
	var r struct{ Data []byte }
	p.Ask(&r, "Page.captureScreenshot", map[string]any{"format": "png"})
	p.must(os.WriteFile(filepath.Join(p.t.ArtifactDir(), name+".png"), r.Data, 0o600))
}

// Wrong returns the exceptions so far, and the errors and warnings of the page's console;
// these begin "warning: ".
func (p *Tab) Wrong() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.wrong)
}

// Asked returns how often the page asked the network for an address that begins with https.
func (p *Tab) Asked(address string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked[address]
}
