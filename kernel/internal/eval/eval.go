// Package eval says what runs code and what it shows: what a front end, Jupyter's or a
// terminal, asks of an [Evaluator], and what that asks of the front end.
package eval

import "context"

// Evaluator runs code and answers questions about it. Execute is called once at a time, and
// so is one of the questions Complete, Inspect and IsComplete, but a question may come while
// Execute runs: its answer is of what was before. Interrupt, CommMessage and the end of ctx
// come from other goroutines at any time. Positions are bytes in the UTF-8 of the code.
type Evaluator interface {
	// Execute runs code. What it shows goes to out while it runs and, from goroutines that
	// it leaves behind, afterwards, until the next Execute. When ctx ends the kernel does:
	// it is left running, and not closed, if it does not return within two seconds.
	Execute(ctx context.Context, code string, ask Ask, out Output) Result
	// Complete returns what can stand before the cursor.
	Complete(code string, cursor int) Completion
	// Inspect returns what is known of the name at the cursor, by MIME type; nil if nothing.
	// Detail 0 is the summary, 1 the source too.
	Inspect(code string, cursor, detail int) map[string]any
	// IsComplete tells whether code would run if it were entered as it is.
	IsComplete(code string) Completeness
	// Interrupt asks what runs to stop, if anything does. It does not wait for that.
	Interrupt()
	// CommMessage hands on comm_open, comm_msg and comm_close of the front end. What is
	// sent through out belongs to that message. A comm of a target that is not known is
	// to be closed at once, through out.
	CommMessage(m Comm, out Output)
	// Close ends it.
	Close() error
}

// Ask says how an Execute request was made.
type Ask struct {
	Silent     bool // no output, no count
	Count      int  // the execution count of this request
	AllowStdin bool // the front end can be asked for input
	// Expressions are evaluated after the code, in Result.Expressions.
	Expressions map[string]string
}

// Output takes what code shows, as that of the request that it was made for, however late
// it comes. Its methods may be called from any goroutine. What they show keeps the order of
// the calls; text is gathered for a moment, and each other call is one message. They wait
// while the front ends have much to read. That of a silent request passes over what
// it is given to show, until the request is done: then it goes to the last one that was not
// silent.
type Output interface {
	// Stream writes to "stdout" or "stderr".
	Stream(name, text string)
	// Display shows data by MIME type. With an id, it can be changed by Update.
	Display(data, metadata map[string]any, id string)
	// Update changes what was displayed with that id.
	Update(data, metadata map[string]any, id string)
	// Clear empties the cell's output, at once or when the next output comes.
	Clear(wait bool)
	// Comm sends a comm message to the front end.
	Comm(m Comm)
	// Input asks the user for a line. It returns an error when nobody can be asked,
	// the front end goes away or ctx ends, and io.EOF when the user ends the input.
	Input(ctx context.Context, prompt string, password bool) (string, error)
}

// Result is what became of an Execute.
type Result struct {
	// Data, if not nil, is the value to show as Out[n], by MIME type.
	Data, Metadata map[string]any
	// Failure, if not nil, is why it failed.
	Failure *Failure
	// Expressions are the values of Ask.Expressions: for each name an object as the
	// protocol has it, {"status": "ok", "data": …, "metadata": …} or an error.
	Expressions map[string]any
	// Payload is the protocol's list of payloads, mostly nil.
	Payload []map[string]any
}

// Failure is the content of an error message.
type Failure struct {
	Name, Value string
	Traceback   []string // lines, may hold ANSI colours
}

// Completion is a list of texts that can stand for code[Start:End].
type Completion struct {
	Matches    []string
	Start, End int
	// Types has for each match, or is nil: "function", "type", "variable", "field", …
	Types []string
}

// Completeness is the answer to is_complete_request.
type Completeness struct {
	Status string // "complete", "incomplete", "invalid" or "unknown"
	Indent string // for the next line, where incomplete
}

// Comm is a comm_open, comm_msg or comm_close.
type Comm struct {
	Type   string // "comm_open", "comm_msg" or "comm_close"
	ID     string
	Target string // of comm_open
	Data   map[string]any
	// Metadata and Buffers are the message's: widgets have their version in the one and
	// arrays in the other.
	Metadata map[string]any
	Buffers  [][]byte
}
