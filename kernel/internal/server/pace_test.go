package server

import (
	"testing"
	"testing/synctest"
	"time"
)

// limiter counts a kernel's messages as a Jupyter server does (jupyter_server 2.17,
// _limit_rate, with its default limits).
type limiter struct {
	queue           []weight
	messages, bytes int
}

// takes counts a message that the server reads at a time.
func (l *limiter) takes(msgType string, size int, at time.Time) bool {
	for len(l.queue) > 0 && at.Sub(l.queue[0].at) >= 3*time.Second {
		l.messages--
		l.bytes -= l.queue[0].bytes
		l.queue = l.queue[1:]
	}
	if msgType != "stream" {
		size = 0
	}
	l.messages++
	l.bytes += size
	l.queue = append(l.queue, weight{at: at, bytes: size})
	return float64(l.messages)/3 <= 1000 && float64(l.bytes)/3 <= 1_000_000
}

// Endless output of a cell passes a Jupyter server completely, even if the server is late
// by up to three seconds, by varying amounts; and no more slowly than this requires.
func TestPace(t *testing.T) {
	for _, row := range []struct {
		name, msgType string
		size, count   int
		atMost        time.Duration
	}{
		{"text", "stream", 64 << 10, 300, 52 * time.Second},                // 20 MB
		{"lines on both streams", "stream", 600, 10_000, 25 * time.Second}, // 6 MB
		{"displays", "display_data", 1 << 20, 10_000, 25 * time.Second},    // 10 GB, which is not counted
		{"what is not counted", "execute_input", 1 << 20, 100_000, time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			p, server, begun := &pace{}, &limiter{}, time.Now()
			frames := [][]byte{make([]byte, row.size)}
			late := []time.Duration{0, 2900 * time.Millisecond, time.Second, 100 * time.Millisecond}
			var read time.Time
			for i := range row.count {
				p.wait(func() (int, int) { return 1, row.size }, t.Context().Done())
				p.note(row.msgType, frames)
				at := time.Now().Add(late[int(time.Since(begun)/(7*time.Second))%len(late)])
				if at.After(read) { // it reads in order
					read = at
				}
				if row.msgType != "execute_input" && !server.takes(row.msgType, row.size, read) {
					t.Fatalf("%s: message %d is dropped after %v", row.name, i, time.Since(begun))
				}
			}
			if d := time.Since(begun); d > row.atMost {
				t.Errorf("%s: took %v", row.name, d)
			}
		})
	}
}

// After idle the server counts afresh, and a wait ends with the kernel.
func TestPaceStartsAfresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &pace{}
		none := func() (int, int) { return 0, 0 }
		begun := time.Now()
		for range 3 {
			p.wait(none, nil)
			p.note("stream", [][]byte{make([]byte, paceBytes)})
			p.idle()
		}
		p.note("stream", [][]byte{make([]byte, paceBytes)})
		stopped := make(chan struct{})
		close(stopped)
		p.wait(none, stopped)
		if d := time.Since(begun); d != 0 {
			t.Errorf("waited %v", d)
		}
		p.wait(none, nil)
		if d := time.Since(begun); d != paceWindow {
			t.Errorf("waited %v, want %v", d, paceWindow)
		}
		p.note("stream", [][]byte{make([]byte, paceBytes)})
		p.hurry()
		p.wait(none, nil) // for the rest of a cell that is interrupted
		p.note("stream", [][]byte{make([]byte, paceExtra)})
		p.wait(none, nil)
		if d := time.Since(begun); d != 2*paceWindow {
			t.Errorf("waited %v, want %v", d, 2*paceWindow)
		}
	})
}
