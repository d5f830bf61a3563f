package jupyter

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"path/filepath"

	"github.com/sdtlab/sdtlab/kernel/internal/atomicfile"
)

// Connection is what a connection file says: where the kernel listens and the
// key that signs.
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

func (c Connection) address(port int) string {
	return fmt.Sprintf("ipc://%s-%d", c.IP, port)
}
