package host

// Failure is the reason why a cell ended early.
type Failure struct {
	Kind    string // "panic", "exit", "interrupted", "load", "tests failed"
	Message string
	Code    int // of an exit
	Trace   []Frame
}

// Frame is one call of a stack trace, innermost first.
type Frame struct {
	Function, File string
	Line           int
}
