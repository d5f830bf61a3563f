package gonbpipe

import (
	_ "embed"
	"encoding/json"
	"strings"
)

//go:embed comm.js
var commScript string

// script returns the HTML that loads the script into the front end: globalThis.gonb_comm,
// with which gonbui's widgets talk to programs, over a WebSocket to the Jupyter server.
func script(kernel, session string) string {
	settings, err := json.Marshal(map[string]string{"kernel": kernel, "session": session, "target": target, "hello": helloAddress})
	if err != nil {
		panic(err) // unreachable: strings can be encoded as JSON
	}
	return "<script>" + strings.Replace(commScript, "SETTINGS", string(settings), 1) + "</script>" // Marshal has escaped < and >
}
