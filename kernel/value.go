package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// numeral matches the numbers that can be typed.
var numeral = regexp.MustCompile(`^-?[0-9]*\.?[0-9]*([eE][+-]?[0-9]+)?$`)

// code returns a value for the variable as Go code: of the words if it is a list, else of the
// one word.
func (v variable) code(words []string) (string, error) {
	if v.kind == list {
		quoted := make([]string, len(words))
		for i, w := range words {
			quoted[i] = strconv.Quote(w)
		}
		return "[]string{" + strings.Join(quoted, ", ") + "}", nil
	}
	typed := strings.Join(words, ",")
	wrong := fmt.Errorf("%s: want %s, have %q", v.name, kinds[v.kind], typed)
	switch v.kind {
	case text:
		return strconv.Quote(typed), nil
	case truth:
		if typed != "true" && typed != "false" {
			return "", wrong
		}
		return typed, nil
	case duration:
		d, err := time.ParseDuration(typed)
		if err != nil {
			return "", wrong
		}
		return durationCode(d), nil
	case whole:
		if _, err := strconv.ParseInt(typed, 10, 64); !numeral.MatchString(typed) || errors.Is(err, strconv.ErrSyntax) {
			return "", wrong
		}
		// Go reads 007 as octal.
		sign, digits := "", typed
		if rest, negative := strings.CutPrefix(typed, "-"); negative {
			sign, digits = "-", rest
		}
		typed = sign + strings.TrimLeft(digits[:len(digits)-1], "0") + digits[len(digits)-1:]
		return v.inRange(typed, "int")
	default:
		if _, err := strconv.ParseFloat(typed, 64); !numeral.MatchString(typed) || errors.Is(err, strconv.ErrSyntax) {
			return "", wrong
		}
		if !strings.ContainsAny(typed, ".eE") {
			typed += ".0" // so that a variable without a type stays a float64
		}
		return v.inRange(typed, "float64")
	}
}

// inRange returns the code of a number that the variable's type can hold; undeclared is the
// type if the line does not say it.
func (v variable) inRange(code, undeclared string) (string, error) {
	held := undeclared
	if kindOfType(v.declared) == v.kind {
		held = v.declared
	}
	if _, err := types.Eval(token.NewFileSet(), nil, token.NoPos, held+"("+code+")"); err != nil {
		return "", fmt.Errorf("%s: %s is out of the range of %s", v.name, code, held)
	}
	return code, nil
}

// units are the durations that a value is written with, the longest first.
var units = []struct {
	name string
	unit time.Duration
}{{"Hour", time.Hour}, {"Minute", time.Minute}, {"Second", time.Second}, {"Millisecond", time.Millisecond},
	{"Microsecond", time.Microsecond}, {"Nanosecond", time.Nanosecond}}

// isUnit reports whether package time has a unit of that name.
func isUnit(name string) bool {
	for _, u := range units {
		if u.name == name {
			return true
		}
	}
	return false
}

// durationCode returns a duration as Go code: 90 * time.Second.
func durationCode(d time.Duration) string {
	for _, u := range units {
		if d != 0 && d%u.unit == 0 {
			return fmt.Sprintf("%d * time.%s", d/u.unit, u.name)
		}
	}
	return "0 * time.Second"
}

// fields splits a text at its commas, as a line of a CSV file: a word in quotes can have
// commas.
func fields(typed string) ([]string, error) {
	r := csv.NewReader(strings.NewReader(typed))
	words, err := r.Read()
	if err == io.EOF {
		return nil, nil
	}
	if more, _ := r.Read(); err != nil || more != nil {
		return nil, fmt.Errorf("%q: want words with commas between them, and a word with commas or quotes in quotes: 'a,\"b,c\"'", typed)
	}
	return slices.Clip(words), nil
}
