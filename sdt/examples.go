package sdt

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"unicode/utf8"
)

// Examples are inputs from one domain, without labels.
//
// Exactly one of Pixels and Values is set; both are row-major, n examples of ∏Shape numbers
// each. A network sees pixels as float32 in 0…255, and values unchanged: no domain is
// scaled, so all must be on one scale, such as 0…1 or 0…255.
type Examples struct {
	Domain string    // name of the domain: "amazon"
	Shape  []int     // of one example: {28, 28, 1}, channels last; {1024} for features
	Pixels []uint8   // images, [n, Shape...]
	Values []float32 // features, [n, Shape...]
	Names  []string  // name of each example (its file), [n]; may be nil
}

// Labelled are examples with known classes.
type Labelled struct {
	Examples
	Classes []string // names of the K classes
	Labels  []int32  // class of each example, 0 ≤ label < K, [n]
}

// kind describes the type of the examples' numbers.
func (e Examples) kind() string {
	if e.Pixels != nil {
		return "pixels (uint8, 0…255)"
	}
	return "values (float32)"
}

// Size returns the count of numbers in one example, ∏Shape.
func (e Examples) Size() int {
	size := 1
	for _, d := range e.Shape {
		size *= d
	}
	return size
}

// Len returns the count of examples, n.
func (e Examples) Len() int {
	if e.Size() == 0 {
		return 0
	}
	return max(len(e.Pixels), len(e.Values)) / e.Size()
}

// start returns where the examples' numbers begin in memory; nil if there are none.
func (e Examples) start() any {
	switch {
	case len(e.Pixels) > 0:
		return &e.Pixels[0]
	case len(e.Values) > 0:
		return &e.Values[0]
	}
	return nil
}

// Rows returns a copy of the examples at the given rows, in that order. It panics if a row
// is outside 0 ≤ row < n.
func (e Examples) Rows(rows []int) Examples {
	size := e.Size()
	out := Examples{Domain: e.Domain, Shape: slices.Clone(e.Shape)}
	if e.Pixels != nil {
		out.Pixels = make([]uint8, 0, len(rows)*size)
	} else {
		out.Values = make([]float32, 0, len(rows)*size)
	}
	for _, r := range rows {
		if e.Pixels != nil {
			out.Pixels = append(out.Pixels, e.Pixels[r*size:(r+1)*size]...)
		} else {
			out.Values = append(out.Values, e.Values[r*size:(r+1)*size]...)
		}
		if e.Names != nil {
			out.Names = append(out.Names, e.Names[r])
		}
	}
	return out
}

// Rows returns a copy of the examples at the given rows, with their labels.
func (l Labelled) Rows(rows []int) Labelled {
	out := Labelled{Examples: l.Examples.Rows(rows), Classes: slices.Clone(l.Classes), Labels: make([]int32, len(rows))}
	for i, r := range rows {
		out.Labels[i] = l.Labels[r]
	}
	return out
}

// Counts returns how many examples each class has, [K].
func (l Labelled) Counts() []int {
	return countLabels(l.Labels, len(l.Classes))
}

// countLabels returns how often each of the labels 0 … K−1 occurs, [K].
func countLabels(labels []int32, classes int) []int {
	counts := make([]int, classes)
	for _, y := range labels {
		counts[y]++
	}
	return counts
}

// Validate returns an error for the first thing that makes the examples unusable: a shape
// that does not divide the data, both or neither of Pixels and Values, the wrong count of
// names, a value that is not finite, a domain name that is not UTF-8.
func (e Examples) Validate() error {
	if !utf8.ValidString(e.Domain) { // JSON would change it
		return fmt.Errorf("examples %q: the name of the domain is not UTF-8: give it another name", e.Domain)
	}
	for _, d := range e.Shape {
		if d < 1 {
			return fmt.Errorf("examples %q: shape %v has a dimension below 1", e.Domain, e.Shape)
		}
	}
	if len(e.Shape) == 0 {
		return fmt.Errorf("examples %q: no shape: set Shape to that of one example, such as {28, 28, 1}, or {1024} for features", e.Domain)
	}
	if e.Pixels != nil && e.Values != nil {
		return fmt.Errorf("examples %q: both Pixels and Values are set: set one of them", e.Domain)
	}
	if have := max(len(e.Pixels), len(e.Values)); have%e.Size() != 0 {
		return fmt.Errorf("examples %q: %d numbers are not a multiple of the size of examples of shape %v", e.Domain, have, e.Shape)
	}
	if e.Names != nil && len(e.Names) != e.Len() {
		return fmt.Errorf("examples %q: %d names for %d examples", e.Domain, len(e.Names), e.Len())
	}
	for i, v := range e.Values {
		if !finite(v) {
			return fmt.Errorf("examples %q: row %d, column %d holds %v: every value must be finite: correct it, or drop the row", e.Domain, i/e.Size(), i%e.Size(), v)
		}
	}
	return nil
}

// Validate checks the examples as [Examples.Validate] does, and also that every label names
// a class and that class names are unique and in UTF-8.
func (l Labelled) Validate() error {
	if err := l.Examples.Validate(); err != nil {
		return err
	}
	if len(l.Labels) != l.Len() {
		return fmt.Errorf("examples %q: %d labels for %d examples", l.Domain, len(l.Labels), l.Len())
	}
	for i, y := range l.Labels {
		if y < 0 || int(y) >= len(l.Classes) {
			return fmt.Errorf("examples %q: row %d has label %d, outside 0…%d: correct the label, or name all classes", l.Domain, i, y, len(l.Classes)-1)
		}
	}
	seen := make(map[string]bool, len(l.Classes))
	for _, c := range l.Classes {
		if !utf8.ValidString(c) { // JSON would change it
			return fmt.Errorf("examples %q: class %q is not UTF-8: give it another name", l.Domain, c)
		}
		if seen[c] {
			return fmt.Errorf("examples %q: class %q appears twice", l.Domain, c)
		}
		seen[c] = true
	}
	return nil
}

// Fingerprint returns the SHA-256 of the examples' domain, shape and numbers, in
// hexadecimal. It does not depend on their names.
func (e Examples) Fingerprint() string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %v %d\n", e.Domain, e.Shape, e.Len())
	h.Write(e.Pixels)
	buf := make([]byte, 0, 1<<16)
	for len(e.Values) > 0 {
		chunk := e.Values[:min(len(e.Values), 1<<14)]
		buf = buf[:0]
		for _, v := range chunk {
			buf = binary.LittleEndian.AppendUint32(buf, math.Float32bits(v))
		}
		h.Write(buf)
		e.Values = e.Values[len(chunk):]
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Fingerprint returns the SHA-256 of the examples, the class names and the labels.
func (l Labelled) Fingerprint() string {
	h := sha256.New()
	fmt.Fprintf(h, "%s %q %v", l.Examples.Fingerprint(), l.Classes, l.Labels)
	return hex.EncodeToString(h.Sum(nil))
}
