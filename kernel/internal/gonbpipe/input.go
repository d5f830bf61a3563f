package gonbpipe

import (
	"context"

	"github.com/janpfeifer/gonb/gonbui/protocol"
)

// question has the user asked, after those that were to be asked before.
func (c *conn) question(q protocol.InputRequest) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.questions = append(c.questions, q)
	c.changed.Broadcast()
}

// withdraw passes over the questions that have no answer.
func (c *conn) withdraw() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.questions = nil
	if c.cancel != nil {
		c.cancel()
	}
}

// ask asks the user what the program wants to know and writes the answers to its standard
// input. Where nobody can be asked, that is said, and the answer is an empty line, for the
// program to go on.
func (c *conn) ask() {
	for {
		c.mu.Lock()
		for len(c.questions) == 0 && !c.ended {
			c.changed.Wait()
		}
		if c.ended {
			c.mu.Unlock()
			return
		}
		q := c.questions[0]
		c.questions = c.questions[1:]
		ctx, cancel := context.WithCancel(context.Background())
		c.cancel = cancel
		c.mu.Unlock()
		answer, err := c.pipe.out.Input(ctx, q.Prompt, q.Password)
		c.mu.Lock()
		c.cancel = nil
		withdrawn := ctx.Err() != nil
		c.mu.Unlock()
		cancel()
		if withdrawn {
			continue
		}
		if err != nil {
			c.pipe.complain(err)
		}
		if _, err := c.pipe.stdin[1].WriteString(answer + "\n"); err != nil {
			return // the pipe is closed
		}
	}
}
