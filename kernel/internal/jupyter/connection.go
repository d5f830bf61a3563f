package jupyter

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"

	"github.com/sdtlab/sdtlab/kernel/internal/atomicfile"
)

// Connection is the content of a connection file: where the kernel listens, and the key for
// signatures.
type Connection struct {
	Transport       string `json:"transport"`
	IP              string `json:"ip"`
	Shell           int    `json:"shell_port"`
	IOPub           int    `json:"iopub_port"`
	Stdin           int    `json:"stdin_port"`
	Control         int    `json:"control_port"`
	Heartbeat       int    `json:"hb_port"`
	Key             string `json:"key"`
	SignatureScheme string `json:"signature_scheme"`
}

// NewConnection returns a connection over sockets in dir, which should be short
// (a Unix socket's path has about 100 bytes) and readable by its owner only. No
// network port is opened, so nothing can take one first or connect from outside.
func NewConnection(dir string) Connection {
	return Connection{
		Transport: "ipc", IP: filepath.Join(dir, "k"),
		Shell: 1, IOPub: 2, Stdin: 3, Control: 4, Heartbeat: 5,
		Key: rand.Text(), SignatureScheme: "hmac-sha256",
	}
}

// Write writes the connection file.
func (c Connection) Write(path string) error {
	data, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return fmt.Errorf("encode connection file: %w", err)
	}
	return atomicfile.Write(path, data, 0o600)
}

// ReadConnection reads a connection file, as a front end writes it for the kernel that it
// starts. A file that [Connection.Validate] refuses is an error.
func ReadConnection(path string) (Connection, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Connection{}, fmt.Errorf("read connection file: %w", err)
	}
	var c Connection
	if err := json.Unmarshal(data, &c); err != nil {
		return Connection{}, fmt.Errorf("read connection file %s: %w", path, err)
	}
	if err := c.Validate(); err != nil {
		return Connection{}, fmt.Errorf("read connection file %s: %w", path, err)
	}
	return c, nil
}

// Validate returns an error if a kernel could not be reached at c, or would not be safe
// there. Jupyter accepts an empty key, which switches signatures off; we do not: anyone who
// can reach the sockets could run code.
func (c Connection) Validate() error {
	highest := 1<<31 - 1
	switch c.Transport {
	case "ipc":
	case "tcp":
		highest = 1<<16 - 1
	default:
		return fmt.Errorf("transport %q, want tcp or ipc", c.Transport)
	}
	if c.IP == "" {
		return fmt.Errorf("no ip")
	}
	taken := map[int]string{}
	for _, s := range []struct {
		name string
		port int
	}{{"shell", c.Shell}, {"iopub", c.IOPub}, {"stdin", c.Stdin}, {"control", c.Control}, {"hb", c.Heartbeat}} {
		if s.port < 1 || s.port > highest {
			return fmt.Errorf("%s_port %d, want 1 to %d", s.name, s.port, highest)
		}
		if taken[s.port] != "" {
			return fmt.Errorf("%s_port %d is also %s_port", s.name, s.port, taken[s.port])
		}
		taken[s.port] = s.name
	}
	if c.Key == "" {
		return fmt.Errorf("no key")
	}
	if c.SignatureScheme != "hmac-sha256" {
		return fmt.Errorf("signature_scheme %q, want hmac-sha256", c.SignatureScheme)
	}
	return nil
}

// Endpoint returns the address of the socket with that port, for [net.Listen] and
// [net.Dial]: host and port, or a Unix socket's path.
func (c Connection) Endpoint(port int) (network, address string) {
	if c.Transport == "tcp" {
		return "tcp", net.JoinHostPort(c.IP, strconv.Itoa(port))
	}
	return "unix", fmt.Sprintf("%s-%d", c.IP, port)
}

// address returns the endpoint in ZeroMQ's notation.
func (c Connection) address(port int) string {
	_, address := c.Endpoint(port)
	return c.Transport + "://" + address
}
