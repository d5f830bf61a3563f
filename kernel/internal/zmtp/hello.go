package zmtp

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
)

// greeting opens a connection: signature, version 3.0, mechanism NULL.
const greeting = "\xff\x00\x00\x00\x00\x00\x00\x00\x00\x7f" + "\x03\x00" +
	"NULL\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00" +
	"\x00" + "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"

// hello exchanges greetings and introductions as a socket of the given type and returns the
// peer's identity, "" if it has none. A peer with another mechanism, an older protocol or
// an incompatible type is an error.
func hello(r *bufio.Reader, w io.Writer, ours string) (identity string, err error) {
	if _, err := io.WriteString(w, greeting); err != nil {
		return "", err
	}
	var theirs [len(greeting)]byte
	if _, err := io.ReadFull(r, theirs[:]); err != nil {
		return "", fmt.Errorf("greeting: %w", err)
	}
	if theirs[0] != 0xff || theirs[9] != 0x7f {
		return "", fmt.Errorf("greeting: not ZeroMQ's")
	}
	if theirs[10] < 3 {
		return "", fmt.Errorf("greeting: version %d, want 3", theirs[10])
	}
	if mechanism := strings.TrimRight(string(theirs[12:32]), "\x00"); mechanism != "NULL" {
		return "", fmt.Errorf("greeting: mechanism %q, want NULL", mechanism)
	}
	ready := appendProperty(appendProperty(nil, "Socket-Type", ours), "Identity", "")
	if _, err := w.Write(appendCommand(nil, "READY", ready)); err != nil {
		return "", err
	}
	flags, body, err := readFrame(r, commandLimit)
	if err != nil {
		return "", fmt.Errorf("introduction: %w", err)
	}
	name, data, ok := splitCommand(body)
	if flags&flagCommand == 0 || !ok || name != "READY" {
		return "", fmt.Errorf("introduction: not a READY command")
	}
	properties, err := readProperties(data)
	if err != nil {
		return "", fmt.Errorf("introduction: %w", err)
	}
	if t := properties["socket-type"]; !compatible(ours, t) {
		return "", fmt.Errorf("introduction: a socket of type %q cannot connect to one of type %s", t, ours)
	}
	return properties["identity"], nil
}

func appendProperty(to []byte, name, value string) []byte {
	to = append(append(to, byte(len(name))), name...)
	return append(binary.BigEndian.AppendUint32(to, uint32(len(value))), value...)
}

// readProperties returns values by name, in lower case.
func readProperties(data []byte) (map[string]string, error) {
	all := map[string]string{}
	for len(data) > 0 {
		n := 1 + int(data[0])
		if len(data) < n+4 {
			return nil, fmt.Errorf("a property is cut off")
		}
		name, size := string(data[1:n]), binary.BigEndian.Uint32(data[n:])
		if data = data[n+4:]; uint64(len(data)) < uint64(size) {
			return nil, fmt.Errorf("property %q is cut off", name)
		}
		all[strings.ToLower(name)], data = string(data[:size]), data[size:]
	}
	return all, nil
}
