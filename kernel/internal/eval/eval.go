// Package eval defines the interface between what runs code, an [Evaluator], and a front
// end, Jupyter or a terminal, that shows its output.
package eval

import "context"

// Evaluator runs code and answers questions about it. Execute is called once at a time, and
// so is one of the questions Complete, Inspect and IsComplete, but a question may arrive
// while Execute runs: its answer describes the state before. Interrupt, CommMessage and the
// end of ctx may come from other goroutines at any time. Positions are byte offsets in the
// code, which is UTF-8.
type Evaluator interface {
	// Execute runs code. Its output goes to out while it runs and, from goroutines that it
	// started, afterwards, until the next Execute. The end of ctx means that the kernel
	// ends: an Execute that does not return within two seconds is abandoned, without Close.
	Execute(ctx context.Context, code string, ask Ask, out Output) Result
	// Complete returns what can be inserted before the cursor.
	Complete(code string, cursor int) Completion
	// Inspect returns what is known about the name at the cursor, by MIME type; nil if
	// nothing. Detail 0 is the summary, 1 the source too.
	Inspect(code string, cursor, detail int) map[string]any
	// IsComplete reports whether code would run if it were entered as it is.
	IsComplete(code string) Completeness
	// Interrupt asks the running code, if any, to stop. It does not wait for that.
	Interrupt()
	// CommMessage receives the front end's comm_open, comm_msg and comm_close. What is sent
	// through out belongs to that message. A comm with an unknown target must be closed at
	// once, through out.
	CommMessage(m Comm, out Output)
	// Close ends it.
	Close() error
}

// Ask describes an Execute request.
type Ask struct {
	Silent     bool // no output, no count
	Count      int  // the execution count of this request
	AllowStdin bool // the front end accepts requests for input
	// Expressions are evaluated after the code, in Result.Expressions.
	Expressions map[string]string
}

// Output receives what code shows and attributes it to the request that it was made for,
// however late it comes. Its methods may be called from any goroutine. Their output keeps
// the order of the calls; text is buffered briefly, and each other call is one message.
// They block while the front ends have much to read. The Output of a silent request drops
// what it is given until the request is done; after that it forwards to the last request
// that was not silent.
type Output interface {
	// Stream writes to "stdout" or "stderr".
	Stream(name, text string)
	// Display shows data by MIME type. With an id, Update can change it.
	Display(data, metadata map[string]any, id string)
	// Update changes what was displayed with that id.
	Update(data, metadata map[string]any, id string)
	// Clear empties the cell's output, at once or when the next output comes.
	Clear(wait bool)
	// Comm sends a comm message to the front end.
	Comm(m Comm)
	// Input asks the user for a line. It returns an error when no front end can ask, the
	// front end goes away or ctx ends, and io.EOF when the user ends the input.
	Input(ctx context.Context, prompt string, password bool) (string, error)
}

// Result is the result of an Execute.
type Result struct {
	// Data, if not nil, is the value to show as Out[n], by MIME type.
	Data, Metadata map[string]any
	// Failure, if not nil, is why it failed.
	Failure *Failure
	// Expressions are the values of Ask.Expressions: for each name an object of the
	// protocol, {"status": "ok", "data": …, "metadata": …} or an error.
	Expressions map[string]any
	// Payload is the protocol's list of payloads, usually nil.
	Payload []map[string]any
}

// Failure is the content of an error message.
type Failure struct {
	Name, Value string
	Traceback   []string // lines, may hold ANSI colours
}

// Completion is a list of texts that can replace code[Start:End].
type Completion struct {
	Matches    []string
	Start, End int
	// Types has one type for each match, or is nil: "function", "type", "variable",
	// "field", …
	Types []string
}

// Completeness is the answer to is_complete_request.
type Completeness struct {
	Status string // "complete", "incomplete", "invalid" or "unknown"
	Indent string // for the next line, if incomplete
}

// Comm is a comm_open, comm_msg or comm_close.
type Comm struct {
	Type   string // "comm_open", "comm_msg" or "comm_close"
	ID     string
	Target string // of comm_open
	Data   map[string]any
	// Metadata and Buffers are the message's: widgets store their version in Metadata and
	// arrays in Buffers.
	Metadata map[string]any
	Buffers  [][]byte
}
