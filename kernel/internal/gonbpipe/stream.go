package gonbpipe

import (
	"encoding/gob"
	"errors"
	"fmt"
	"io"

	"github.com/janpfeifer/gonb/gonbui/protocol"
)

// decode reads what a program sends and calls handle with each message, until reading
// fails. Unreadable input is reported to complain, once for everything up to the next
// readable message: it may be a value of a type that only the program knows, or no message
// at all.
func decode(r io.Reader, handle func(*protocol.DisplayData), complain func(error)) {
	source := &source{Reader: r}
	decoder := gob.NewDecoder(source)
	for failed := false; ; {
		data, err := next(decoder)
		switch {
		case err == nil:
			failed = false
			handle(data)
			continue
		case source.ended:
			return
		case !failed:
			failed = true
			complain(fmt.Errorf("a message cannot be read: %w", err))
		}
		if errors.Is(err, errDecoder) {
			io.Copy(io.Discard, r) // the decoder's state is unknown
			return
		}
	}
}

// errDecoder is the error for a panic in package gob.
var errDecoder = errors.New("decoder fails")

// next decodes a message.
func next(decoder *gob.Decoder) (data *protocol.DisplayData, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", errDecoder, r)
		}
	}()
	data = &protocol.DisplayData{}
	return data, decoder.Decode(data)
}

// source is a reader that knows whether it has reached its end: the decoder's errors may
// also mean the end of a message.
type source struct {
	io.Reader
	ended bool
}

func (s *source) Read(b []byte) (int, error) {
	n, err := s.Reader.Read(b)
	s.ended = err != nil
	return n, err
}
