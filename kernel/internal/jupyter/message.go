// Package jupyter implements the client of the Jupyter messaging protocol, version 5.3: it
// asks a kernel to execute code and collects what the code shows. Kernels use the same
// messages, keys and connection files.
//
// https://jupyter-client.readthedocs.io/en/latest/messaging.html
//
//	connection   the file that says where the kernel listens
//	client       a session with it; execute, a request; collect, outputs of cells
package jupyter

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// ProtocolVersion is the version that our messages declare.
const ProtocolVersion = "5.3"

// delimiter ends the routing identities of a message.
const delimiter = "<IDS|MSG>"

// Header says what kind a message is and which session sent it.
type Header struct {
	MsgID    string `json:"msg_id"`
	Session  string `json:"session"`
	Username string `json:"username"`
	Date     string `json:"date"` // ISO 8601
	MsgType  string `json:"msg_type"`
	Version  string `json:"version"`
}

// Message is one message of the protocol. Parent is the header of the request that it
// belongs to, zero if it belongs to none.
type Message struct {
	// Identities are the frames before the delimiter: the receiver or sender of a message,
	// or the topic under which it is published.
	Identities [][]byte
	Header     Header
	Parent     Header
	Metadata   json.RawMessage
	Content    json.RawMessage
	Buffers    [][]byte

	// RawHeader and RawParent are the two headers as received, including fields that Header
	// does not know. Encode sends RawParent, if set, instead of Parent; it ignores
	// RawHeader.
	RawHeader, RawParent json.RawMessage
}

// NewMessage returns a request with a fresh id, dated now.
func NewMessage(session, msgType string, content any) (Message, error) {
	// No browser reads this as a page: < stays one byte, where json.Marshal writes six.
	var raw bytes.Buffer
	e := json.NewEncoder(&raw)
	e.SetEscapeHTML(false)
	if err := e.Encode(content); err != nil {
		return Message{}, fmt.Errorf("encode %s: %w", msgType, err)
	}
	return Message{
		Header: Header{
			MsgID: rand.Text(), Session: session, Username: "sdtlab",
			Date: time.Now().UTC().Format(time.RFC3339Nano), MsgType: msgType, Version: ProtocolVersion,
		},
		Content: bytes.TrimSuffix(raw.Bytes(), []byte("\n")),
	}, nil
}

// Answer returns a message that belongs to request m: its parent header is m's header, as
// received, and it goes to the sender of m.
func (m Message) Answer(session, msgType string, content any) (Message, error) {
	a, err := NewMessage(session, msgType, content)
	a.Identities, a.Parent, a.RawParent = m.Identities, m.Header, m.RawHeader
	return a, err
}

// Key signs messages: HMAC-SHA256 over header, parent header, metadata and content, in
// hexadecimal. Both ends read it from the connection file.
type Key []byte

func (k Key) sign(parts [][]byte) []byte {
	mac := hmac.New(sha256.New, k)
	for _, p := range parts {
		mac.Write(p)
	}
	sum := mac.Sum(nil)
	return hex.AppendEncode(nil, sum)
}

// Encode returns the frames that carry m: identities, delimiter, signature,
// header, parent header, metadata, content, buffers.
func (k Key) Encode(m Message) ([][]byte, error) {
	header, err := json.Marshal(m.Header)
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", m.Header.MsgType, err)
	}
	parent := objectOr(m.RawParent)
	if m.RawParent == nil && m.Parent != (Header{}) {
		if parent, err = json.Marshal(m.Parent); err != nil {
			return nil, fmt.Errorf("encode %s: %w", m.Header.MsgType, err)
		}
	}
	signed := [][]byte{header, parent, objectOr(m.Metadata), objectOr(m.Content)}
	return slices.Concat(m.Identities, [][]byte{[]byte(delimiter), k.sign(signed)}, signed, m.Buffers), nil
}

func objectOr(raw json.RawMessage) []byte {
	if len(raw) == 0 {
		return []byte("{}")
	}
	return raw
}

// Decode reads a message from its frames, including routing identities. The signature is
// compared in constant time, before anything is parsed; a message without it is refused.
func (k Key) Decode(frames [][]byte) (Message, error) {
	at := -1
	for i, f := range frames {
		if bytes.Equal(f, []byte(delimiter)) {
			at = i
			break
		}
	}
	if at < 0 {
		return Message{}, fmt.Errorf("kernel message: no %s among its %d frames", delimiter, len(frames))
	}
	rest := frames[at+1:]
	if len(rest) < 5 {
		return Message{}, fmt.Errorf("kernel message: %d frames after the delimiter, want 5 or more", len(rest))
	}
	if signed := rest[1:5]; !hmac.Equal(rest[0], k.sign(signed)) {
		return Message{}, fmt.Errorf("kernel message: wrong signature")
	}
	m := Message{
		Identities: frames[:at:at], Metadata: rest[3], Content: rest[4], Buffers: rest[5:],
		RawHeader: rest[1], RawParent: rest[2],
	}
	if err := json.Unmarshal(rest[1], &m.Header); err != nil {
		return Message{}, fmt.Errorf("kernel message: header: %w", err)
	}
	if err := json.Unmarshal(rest[2], &m.Parent); err != nil {
		return Message{}, fmt.Errorf("kernel message: parent header: %w", err)
	}
	if !json.Valid(m.Metadata) || !json.Valid(m.Content) {
		return Message{}, fmt.Errorf("kernel message: %s: content is not JSON", m.Header.MsgType)
	}
	return m, nil
}
