package program

// Method is a method of a type as it is now.
type Method struct {
	Of          *Thing // the type
	Name        string
	Declaration *Declaration
	Head        *Piece // how later cells repeat it
	Body        *Piece // as a function's
	Pointer     bool   // it is of *T
	Symbol      string // what the linker knows it by; "" for a method of a generic type
}

// PlainSymbol returns the linker's name of a method that takes no other's place.
func (m *Method) PlainSymbol() string {
	if m.Pointer {
		return "main.(*" + m.Of.Symbol + ")." + m.Name
	}
	return "main." + m.Of.Symbol + "." + m.Name
}
