package server

// status is the content of a status message: "starting", "busy" or "idle".
type status struct {
	State string `json:"execution_state"`
}

// began tells front ends that a request is being handled, by shell if main is true.
func (s *server) began(r *request, main bool) {
	s.working.mu.Lock()
	defer s.working.mu.Unlock()
	if main {
		s.working.main = true
	}
	s.publish(r, "status", status{"busy"})
}

// ended tells front ends that the request has been handled.
func (s *server) ended(r *request, main bool) {
	s.working.mu.Lock()
	defer s.working.mu.Unlock()
	s.publish(r, "status", status{"idle"})
	s.pace.idle()
	if main {
		s.working.main = false
	} else if s.working.main {
		s.publish(nil, "status", status{"busy"})
	}
}
