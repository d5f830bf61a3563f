package gonbpipe

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/janpfeifer/gonb/gonbui/protocol"
)

// handle does what a message asks.
func (c *conn) handle(m *protocol.DisplayData) {
	if x, ok := m.Data[protocol.MIMEJupyterInput]; ok {
		if q, ok := x.(protocol.InputRequest); ok {
			c.pipe.mu.Lock()
			c.pipe.questions = append(c.pipe.questions, q)
			c.pipe.mu.Unlock()
			return
		}
		c.strange(protocol.MIMEJupyterInput, x)
		return
	}
	if x, ok := m.Data[protocol.MIMECommValue]; ok {
		if v, ok := x.(protocol.CommValue); ok {
			c.value(v)
			return
		}
		c.strange(protocol.MIMECommValue, x)
		return
	}
	if x, ok := m.Data[protocol.MIMECommSubscribe]; ok {
		if s, ok := x.(protocol.CommSubscription); ok {
			c.subscribe(s)
			return
		}
		c.strange(protocol.MIMECommSubscribe, x)
		return
	}
	c.display(m)
}

func (c *conn) strange(t protocol.MIMEType, x any) {
	c.pipe.complain(fmt.Errorf("%s with a %T", t, x))
}

// value handles a value from the program: it tells the program how far it was read,
// prepares the front end, or sends the value there.
func (c *conn) value(v protocol.CommValue) {
	switch {
	case v.Address == protocol.GonbuiSyncAddress:
		c.send(protocol.CommValue{Address: protocol.GonbuiSyncAckAddress, Value: v.Value})
	case v.Address == protocol.GonbuiStartAddress:
		c.pipe.front.need()
	case v.Request:
		c.pipe.front.need()
		c.pipe.front.send(map[string]any{"address": v.Address, "read_request": true})
	default:
		c.pipe.front.need()
		c.pipe.front.send(map[string]any{"address": v.Address, "value": v.Value})
	}
}

// subscribe records whether the program wants the values of an address.
func (c *conn) subscribe(s protocol.CommSubscription) {
	c.mu.Lock()
	if s.Unsubscribe {
		delete(c.subscribed, s.Address)
	} else {
		c.subscribed[s.Address] = true
	}
	c.mu.Unlock()
	if !s.Unsubscribe {
		c.pipe.front.need()
	}
}

// display shows data, or changes what was displayed with its id.
func (c *conn) display(m *protocol.DisplayData) {
	data := map[string]any{}
	for mime, x := range m.Data {
		x, err := content(string(mime), x)
		if err != nil {
			c.pipe.complain(fmt.Errorf("%s: %w", mime, err))
			continue
		}
		data[string(mime)] = x
	}
	if len(data) == 0 {
		return
	}
	if m.DisplayID == "" {
		c.pipe.out.Display(data, m.Metadata, "")
		return
	}
	id, fresh := c.pipe.ids.take(m.DisplayID)
	if fresh {
		c.pipe.out.Display(data, m.Metadata, id)
	} else {
		c.pipe.out.Update(data, m.Metadata, id)
	}
}

// content returns data in Jupyter's form: text as a string, JSON as its value, everything
// else in base64.
func content(mime string, x any) (any, error) {
	if s, ok := x.(string); ok && isJSON(mime) && json.Valid([]byte(s)) {
		return json.RawMessage(s), nil
	}
	b, ok := x.([]byte)
	if !ok {
		_, err := json.Marshal(x)
		return x, err
	}
	switch {
	case isJSON(mime) && json.Valid(b):
		return json.RawMessage(b), nil
	case strings.HasPrefix(mime, "text/") || strings.HasSuffix(mime, "+xml") || mime == "application/javascript":
		return strings.ToValidUTF8(string(b), "\uFFFD"), nil
	}
	return base64.StdEncoding.EncodeToString(b), nil
}

func isJSON(mime string) bool {
	return mime == "application/json" || strings.HasSuffix(mime, "+json")
}
