// Package browser drives Chromium in tests: one browser for all pages of a test run, each
// page in a context of its own, with the network that the test gives it and no other. It
// speaks the DevTools protocol over a pipe (https://chromedevtools.github.io/devtools-protocol).
package browser

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"
)

// ErrMissing says that there is no Chromium on PATH.
var ErrMissing = errors.New("chromium is not installed")

// Browser is a Chromium without a window. It reaches this machine alone.
type Browser struct {
	dir  string // its profile
	cmd  *exec.Cmd
	gone chan struct{} // closed when the browser is

	mu      sync.Mutex
	to      *os.File
	last    int
	waiting map[int]chan answer
	tabs    map[string]*Tab // by their session
}

// answer is one of the browser's, or an event.
type answer struct {
	ID        int
	SessionID string
	Method    string
	Params    json.RawMessage
	Result    json.RawMessage
	Error     *struct{ Message string }
}

// Start starts a browser; [ErrMissing] where there is none.
func Start() (*Browser, error) {
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		return nil, ErrMissing
	}
	dir, err := os.MkdirTemp("", "sdtlab-browser-")
	if err != nil {
		return nil, fmt.Errorf("start a browser: %w", err)
	}
	b := &Browser{dir: dir, gone: make(chan struct{}), waiting: map[int]chan answer{}, tabs: map[string]*Tab{}}
	if err := b.start(path); err != nil {
		os.RemoveAll(dir)
		return nil, fmt.Errorf("start a browser: %w", err)
	}
	return b, nil
}

func (b *Browser) start(path string) error {
	in, to, err := os.Pipe()
	if err != nil {
		return err
	}
	defer in.Close()
	from, out, err := os.Pipe()
	if err != nil {
		to.Close()
		return err
	}
	defer out.Close()
	b.cmd = exec.Command(path, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--user-data-dir="+filepath.Join(b.dir, "profile"),
		"--disable-renderer-backgrounding", "--disable-backgrounding-occluded-windows", "--disable-background-timer-throttling",
		"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--remote-debugging-pipe")
	b.cmd.ExtraFiles = []*os.File{in, out} // 3 and 4, as the browser expects
	if err := b.cmd.Start(); err != nil {
		to.Close()
		from.Close()
		return err
	}
	b.to = to
	go b.listen(from)
	return nil
}

// Close ends the browser.
func (b *Browser) Close() {
	b.to.Close() // which ends it
	select {
	case <-b.gone:
	case <-time.After(20 * time.Second):
		b.cmd.Process.Kill()
	}
	b.cmd.Wait()
	for range 20 { // it may still write when it is told to go
		if os.RemoveAll(b.dir) == nil {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// listen takes what the browser says.
func (b *Browser) listen(from *os.File) {
	defer close(b.gone)
	defer from.Close()
	for r := bufio.NewReader(from); ; {
		text, err := r.ReadBytes(0)
		if err != nil {
			return
		}
		var a answer
		if json.Unmarshal(text[:len(text)-1], &a) != nil {
			continue
		}
		b.mu.Lock()
		to, tab := b.waiting[a.ID], b.tabs[a.SessionID]
		delete(b.waiting, a.ID)
		b.mu.Unlock()
		switch {
		case to != nil:
			to <- a
		case a.Method != "" && tab != nil:
			tab.event(a)
		}
	}
}

// send asks for something, and returns where the answer will come.
func (b *Browser) send(session, method string, params any) (<-chan answer, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last++
	m := map[string]any{"id": b.last, "method": method}
	if params != nil {
		m["params"] = params
	}
	if session != "" {
		m["sessionId"] = session
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

// ask sends a command and decodes its result, unless result is nil.
func (b *Browser) ask(result any, session, method string, params any) error {
	to, err := b.send(session, method, params)
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	select {
	case a := <-to:
		if a.Error != nil {
			return fmt.Errorf("%s: %s", method, a.Error.Message)
		}
		if result == nil {
			return nil
		}
		if err := json.Unmarshal(a.Result, result); err != nil {
			return fmt.Errorf("%s: %w in %.300s", method, err, a.Result)
		}
		return nil
	case <-b.gone:
		return fmt.Errorf("%s: the browser has ended", method)
	case <-time.After(2 * time.Minute):
		return fmt.Errorf("%s: the browser does not answer", method)
	}
}
