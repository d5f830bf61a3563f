// Package remark tells the user what a slow step does, before or between cells.
//
//	remark    what a step tells
//	console   shows it on a terminal or in a file; terminal, the line that is redrawn
package remark

// Teller shows the user what a slow step tells. Its methods must be called one at a time.
type Teller interface {
	// Say shows a line that stays.
	Say(line string)
	// Now shows what is being done, in place of what the last Now showed; "" removes that.
	Now(state string)
}

// Lines is a [Teller] that passes on only the lines that stay.
type Lines func(line string)

var _ Teller = Lines(nil)

// Say passes on the line.
func (l Lines) Say(line string) { l(line) }

// Now does nothing.
func (l Lines) Now(string) {}
