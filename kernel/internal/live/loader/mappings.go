package loader

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// mapping is a range of addresses in use, with the file mapped there, if any.
type mapping struct {
	from, to uintptr
	writable bool
	path     string
}

// mappings returns the mappings of the process, in address order.
func mappings() ([]mapping, error) {
	text, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		return nil, err
	}
	all := make([]mapping, 0, bytes.Count(text, []byte("\n")))
	for line := range strings.Lines(string(text)) {
		m, err := parseMapping(line)
		if err != nil {
			return nil, fmt.Errorf("read /proc/self/maps: %w", err)
		}
		all = append(all, m)
	}
	return all, nil
}

// parseMapping reads a line: from-to, access, offset, device, inode, path.
func parseMapping(line string) (m mapping, err error) {
	first, rest, _ := strings.Cut(line, " ")
	begin, end, _ := strings.Cut(first, "-")
	from, err := strconv.ParseUint(begin, 16, 64)
	if err != nil {
		return m, err
	}
	to, err := strconv.ParseUint(end, 16, 64)
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		m.path = strings.TrimSuffix(rest[i:], "\n")
	}
	m.from, m.to, m.writable = uintptr(from), uintptr(to), strings.HasPrefix(rest, "rw")
	return m, err
}
