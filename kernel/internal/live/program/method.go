package program

// Method is a method of a type in its present form.
type Method struct {
	Of          *Thing // the type
	Name        string
	Declaration *Declaration
	Head        *Piece // how later cells repeat it
	Body        *Piece // like a function's
	Pointer     bool   // it belongs to *T
	Symbol      string // the linker's name for it; "" for a method of a generic type
}

// PlainSymbol returns the linker's name of a method that replaces no other.
func (m *Method) PlainSymbol() string {
	if m.Pointer {
		return "main.(*" + m.Of.Symbol + ")." + m.Name
	}
	return "main." + m.Of.Symbol + "." + m.Name
}
