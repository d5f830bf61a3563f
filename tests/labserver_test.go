package tests

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// jupyterServer is one that serves the shared folder, with our kernels.
type jupyterServer struct {
	base, token string
	log         *logged
}

// logged is a log that may be read while it is written.
type logged struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// jupyterLab returns the JupyterLab of all tests of a run.
func jupyterLab(t *testing.T) jupyterServer {
	t.Helper()
	needsJupyter(t, "lab")
	s, err := labStarted(jupyterAt(t))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var labStarted = func() func(env []string) (jupyterServer, error) {
	var once sync.Once
	var s jupyterServer
	var err error
	return func(env []string) (jupyterServer, error) {
		once.Do(func() {
			config := filepath.Join(shared, "lab-config")
			settings := filepath.Join(config, "lab", "user-settings", "@jupyterlab", "apputils-extension")
			if err = os.MkdirAll(settings, 0o700); err != nil {
				return
			}
			news := []byte(`{"fetchNews": "false", "checkForUpdates": false}`) // it would ask first
			if err = os.WriteFile(filepath.Join(settings, "notification.jupyterlab-settings"), news, 0o600); err != nil {
				return
			}
			s, err = serve(slices.Concat(env, onONNX(), []string{"JUPYTER_CONFIG_DIR=" + config}), "jpserver-*.json",
				"jupyter", "lab", "--no-browser", "--allow-root", "--expose-app-in-browser",
				"--ServerApp.ip=127.0.0.1", "--ServerApp.port=0", "--ServerApp.root_dir="+shared, "--IdentityProvider.token="+serverToken,
				"--LabApp.news_url=", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate")
		})
		return s, err
	}
}()

const serverToken = "a-token-of-the-test"

// serve starts a Jupyter server, which leaves its port in a file of its runtime folder,
// and ends it behind the last test.
func serve(env []string, file, program string, args ...string) (jupyterServer, error) {
	runtime, err := os.MkdirTemp(shared, "runtime-")
	if err != nil {
		return jupyterServer{}, err
	}
	s := jupyterServer{token: serverToken, log: &logged{}}
	c := exec.Command(program, args...)
	c.Dir = shared
	c.Env = append(append(os.Environ(), env...), "JUPYTER_RUNTIME_DIR="+runtime)
	c.Stdout, c.Stderr, c.WaitDelay = s.log, s.log, 10*time.Second
	if err := c.Start(); err != nil {
		return s, err
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	atEnd = append(atEnd, func() {
		c.Process.Signal(syscall.SIGTERM)
		select {
		case <-ended:
		case <-time.After(30 * time.Second):
			c.Process.Kill()
			<-ended
		}
	})
	for deadline := time.Now().Add(3 * time.Minute); time.Now().Before(deadline); {
		files, _ := filepath.Glob(filepath.Join(runtime, file))
		if len(files) == 1 {
			var server struct{ Port int }
			text, err := os.ReadFile(files[0])
			if err == nil && json.Unmarshal(text, &server) == nil && server.Port != 0 {
				s.base = fmt.Sprintf("http://127.0.0.1:%d", server.Port)
				if r, err := http.Get(s.base + "/api?token=" + s.token); err == nil {
					r.Body.Close()
					return s, nil
				}
			}
		}
		select {
		case err := <-ended:
			ended <- err
			return s, fmt.Errorf("%s ended: %v\n%s", program, err, s.log)
		case <-time.After(100 * time.Millisecond):
		}
	}
	return s, errors.New(program + " does not come up\n" + s.log.String())
}

// endKernels ends the server's kernels.
func (s jupyterServer) endKernels(t *testing.T) {
	t.Helper()
	var all []struct{ ID string }
	ask := func(method, path string) *http.Response {
		r, err := http.NewRequest(method, s.base+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "token "+s.token)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
	list := ask(http.MethodGet, "/api/sessions")
	defer list.Body.Close()
	if err := json.NewDecoder(list.Body).Decode(&all); err != nil {
		t.Fatal(err)
	}
	for _, session := range all {
		ask(http.MethodDelete, "/api/sessions/"+session.ID).Body.Close()
	}
}
