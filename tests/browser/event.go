package browser

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
)

// event takes what the page tells without being asked.
func (p *Tab) event(a answer) {
	switch a.Method {
	case "Fetch.requestPaused":
		p.fetch(a.Params)
	case "Runtime.exceptionThrown":
		var e struct {
			ExceptionDetails struct {
				Text      string
				Exception struct{ Description string }
			}
		}
		json.Unmarshal(a.Params, &e)
		p.note(e.ExceptionDetails.Text + " " + e.ExceptionDetails.Exception.Description)
	case "Runtime.consoleAPICalled":
		var e struct {
			Type string
			Args []struct {
				Value       any
				Description string
			}
		}
		json.Unmarshal(a.Params, &e)
		if e.Type != "error" && e.Type != "warning" {
			return
		}
		var words []string
		for _, arg := range e.Args {
			if arg.Value != nil {
				words = append(words, fmt.Sprint(arg.Value))
			} else {
				words = append(words, arg.Description)
			}
		}
		p.note(e.Type + ": " + strings.Join(words, " "))
	case "Log.entryAdded":
		var e struct {
			Entry struct{ Level, Text, URL string }
		}
		json.Unmarshal(a.Params, &e)
		if e.Entry.Level == "error" {
			p.note(e.Entry.Text + " " + e.Entry.URL)
		}
	}
}

// fetch answers a request in the network's place.
func (p *Tab) fetch(params json.RawMessage) {
	var r struct {
		RequestID string
		Request   struct{ URL string }
	}
	json.Unmarshal(params, &r)
	p.mu.Lock()
	p.asked[r.Request.URL]++
	p.mu.Unlock()
	body, ok := p.net[r.Request.URL]
	if !ok {
		p.b.send(p.session, "Fetch.failRequest", map[string]any{"requestId": r.RequestID, "errorReason": "InternetDisconnected"})
		return
	}
	p.b.send(p.session, "Fetch.fulfillRequest", map[string]any{
		"requestId": r.RequestID, "responseCode": 200, "body": base64.StdEncoding.EncodeToString(body),
		"responseHeaders": []map[string]string{
			{"name": "Content-Type", "value": "text/javascript"}, {"name": "Access-Control-Allow-Origin", "value": "*"},
		},
	})
}

func (p *Tab) note(wrong string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wrong = append(p.wrong, wrong)
}
