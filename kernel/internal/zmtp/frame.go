package zmtp

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
)

// The flags of a frame, in its first byte.
const (
	flagMore    = 1 << iota // the message has another frame
	flagLong                // the size has 8 bytes, not 1
	flagCommand             // a command, not a message
)

// frameCost is what an empty frame counts against a message's limit: the memory that it
// uses here.
const frameCost = 32

// readFrame reads one frame of at most limit bytes. It allocates memory for a long body as
// it arrives, not as it is announced.
func readFrame(r *bufio.Reader, limit int) (flags byte, body []byte, err error) {
	var head [9]byte
	if _, err := io.ReadFull(r, head[:2]); err != nil {
		return 0, nil, err
	}
	flags = head[0]
	size := uint64(head[1])
	if flags&flagLong != 0 {
		if _, err := io.ReadFull(r, head[2:]); err != nil {
			return 0, nil, unexpected(err)
		}
		size = binary.BigEndian.Uint64(head[1:])
	}
	if limit < 0 || size > uint64(limit) {
		return 0, nil, fmt.Errorf("frame of %d bytes, want at most %d", size, max(limit, 0))
	}
	var b bytes.Buffer
	b.Grow(min(int(size), 1<<16))
	if _, err := io.CopyN(&b, r, int64(size)); err != nil {
		return 0, nil, unexpected(err)
	}
	return flags, b.Bytes(), nil
}

// readMessage reads the frames of one message, or one command.
func readMessage(r *bufio.Reader, limit int) (frames [][]byte, command bool, err error) {
	for {
		limit -= frameCost
		flags, body, err := readFrame(r, limit)
		if err != nil {
			if len(frames) > 0 {
				err = unexpected(err)
			}
			return nil, false, err
		}
		limit -= len(body)
		if frames = append(frames, body); flags&flagCommand != 0 {
			if len(frames) > 1 || flags&flagMore != 0 {
				return nil, false, fmt.Errorf("a command with several frames")
			}
			return frames, true, nil
		}
		if flags&flagMore == 0 {
			return frames, false, nil
		}
	}
}

// unexpected turns the end of the input into an error where more was due.
func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// appendMessage appends a message of at least one frame in its wire format.
func appendMessage(to []byte, frames [][]byte) []byte {
	for i, f := range frames {
		var flags byte
		if i < len(frames)-1 {
			flags = flagMore
		}
		to = appendFrame(to, flags, f)
	}
	return to
}

// appendCommand appends the command with that name, 255 bytes at most, and data.
func appendCommand(to []byte, name string, data []byte) []byte {
	body := append([]byte{byte(len(name))}, name...)
	return appendFrame(to, flagCommand, append(body, data...))
}

func appendFrame(to []byte, flags byte, body []byte) []byte {
	if len(body) < 256 {
		to = append(to, flags, byte(len(body)))
	} else {
		to = binary.BigEndian.AppendUint64(append(to, flags|flagLong), uint64(len(body)))
	}
	return append(to, body...)
}

// splitCommand returns a command's name and data; ok is false if it has none.
func splitCommand(body []byte) (name string, data []byte, ok bool) {
	if len(body) == 0 || len(body)-1 < int(body[0]) {
		return "", nil, false
	}
	n := 1 + int(body[0])
	return string(body[1:n]), body[n:], true
}
