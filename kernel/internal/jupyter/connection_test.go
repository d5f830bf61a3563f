package jupyter

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// As written by jupyter_client 8.10 (write_connection_file), with another key.
const file = `{
  "shell_port": 53794,
  "iopub_port": 53795,
  "stdin_port": 53796,
  "control_port": 53798,
  "hb_port": 53797,
  "ip": "127.0.0.1",
  "key": "a0436f6c-1916-498b-8eb9-e81ab9368e84",
  "transport": "tcp",
  "signature_scheme": "hmac-sha256",
  "kernel_name": "sdt"
}`

func TestReadConnection(t *testing.T) {
	for _, row := range []struct {
		name, old, new string // what is replaced in file
		want           string // in the error; "" if there is none
	}{
		{"as Jupyter writes it", "", "", ""},
		{"cut off", "}", "", "unexpected end"},
		{"no key", "a0436f6c-1916-498b-8eb9-e81ab9368e84", "", "no key"},
		{"no address", "127.0.0.1", "", "no ip"},
		{"another transport", `"tcp"`, `"udp"`, `transport "udp"`},
		{"another signature", "hmac-sha256", "hmac-md5", `signature_scheme "hmac-md5"`},
		{"no port", "53794", "0", "shell_port 0"},
		{"a port too high", "53798", "65536", "control_port 65536, want 1 to 65535"},
		{"two sockets at one port", "53797", "53794", "hb_port 53794 is also shell_port"},
	} {
		t.Run(row.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "c.json")
			if err := os.WriteFile(path, []byte(strings.Replace(file, row.old, row.new, 1)), 0o600); err != nil {
				t.Fatal(err)
			}
			c, err := ReadConnection(path)
			if row.want == "" {
				if err != nil || c.Shell != 53794 || c.Heartbeat != 53797 || c.Key != "a0436f6c-1916-498b-8eb9-e81ab9368e84" {
					t.Errorf("got %+v, %v", c, err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), row.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("got %v, want an error with %q and the path", err, row.want)
			}
		})
	}
	if _, err := ReadConnection(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a missing file was read")
	}
}

func TestConnectionWriteRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.json")
	want := NewConnection("/tmp/x")
	if err := want.Write(path); err != nil {
		t.Fatal(err)
	}
	if got, err := ReadConnection(path); err != nil || got != want {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
}

func TestEndpoint(t *testing.T) {
	for _, row := range []struct {
		c                        Connection
		network, address, zeromq string
	}{
		{Connection{Transport: "tcp", IP: "127.0.0.1"}, "tcp", "127.0.0.1:5", "tcp://127.0.0.1:5"},
		{Connection{Transport: "tcp", IP: "::1"}, "tcp", "[::1]:5", "tcp://[::1]:5"},
		{Connection{Transport: "ipc", IP: "/tmp/k"}, "unix", "/tmp/k-5", "ipc:///tmp/k-5"},
	} {
		network, address := row.c.Endpoint(5)
		if network != row.network || address != row.address || row.c.address(5) != row.zeromq {
			t.Errorf("%+v: %s %s, %s", row.c, network, address, row.c.address(5))
		}
	}
}
