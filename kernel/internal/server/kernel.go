package server

import "fmt"

// kernelInfo answers kernel_info_request.
func (s *server) kernelInfo(*request) (any, error) {
	return map[string]any{
		"status":                 "ok",
		"protocol_version":       protocolVersion,
		"implementation":         s.about.Implementation,
		"implementation_version": s.about.Version,
		"language_info":          objectOr(s.about.Language),
		"banner":                 s.about.Banner,
		"help_links":             append([]HelpLink{}, s.about.Help...),
		"supported_features":     []string{},
		"debugger":               false,
	}, nil
}

// connectInfo answers connect_request.
func (s *server) connectInfo(*request) (any, error) {
	return map[string]any{
		"status": "ok", "shell_port": s.at.Shell, "iopub_port": s.at.IOPub, "stdin_port": s.at.Stdin,
		"control_port": s.at.Control, "hb_port": s.at.Heartbeat,
	}, nil
}

// interrupt answers interrupt_request.
func (s *server) interrupt(*request) (any, error) {
	s.pace.hurry()
	s.ev.Interrupt()
	return map[string]any{"status": "ok"}, nil
}

// shutdown answers shutdown_request, and notifies all other front ends.
func (s *server) shutdown(r *request) (any, error) {
	var content struct {
		Restart bool `json:"restart"`
	}
	if err := parse(r, &content); err != nil {
		return nil, err
	}
	reply := map[string]any{"status": "ok", "restart": content.Restart}
	s.publish(r, "shutdown_reply", reply)
	s.stop() // requests in progress, including this one, are answered first
	return reply, nil
}

// debug answers debug_request, with a content and reply of the Debug Adapter Protocol: the
// kernel has no debugger.
func (s *server) debug(r *request) (any, error) {
	var content struct {
		Seq     int    `json:"seq"`
		Command string `json:"command"`
	}
	if err := parse(r, &content); err != nil {
		return nil, err
	}
	return map[string]any{
		"type": "response", "seq": 0, "request_seq": content.Seq, "command": content.Command,
		"success": false, "message": fmt.Sprintf("%s has no debugger", s.about.Implementation),
	}, nil
}
