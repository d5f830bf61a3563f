package gonbpipe

import "encoding/json"

// fromJSON returns a JSON value as one of the types that gonbui accepts: a message with
// another type would break its pipe for good. Numbers are float64, as are all numbers of a
// list or object; true and false are 1 and 0; a mixed value is its JSON, as a string.
func fromJSON(x any) any {
	switch x := x.(type) {
	case nil, string, float64, int:
		return x
	case bool:
		if x {
			return 1
		}
		return 0
	case []any:
		if all, ok := list[float64](x); ok {
			return all
		}
		if all, ok := list[string](x); ok {
			return all
		}
	case map[string]any:
		if all, ok := object[float64](x); ok {
			return all
		}
		if all, ok := object[string](x); ok {
			return all
		}
	}
	text, err := json.Marshal(x)
	if err != nil {
		return err.Error() // unreachable: a value decoded from JSON can be encoded
	}
	return string(text)
}

func list[T any](x []any) ([]T, bool) {
	all := make([]T, len(x))
	for i := range x {
		var ok bool
		if all[i], ok = x[i].(T); !ok {
			return nil, false
		}
	}
	return all, true
}

func object[T any](x map[string]any) (map[string]T, bool) {
	all := make(map[string]T, len(x))
	for k := range x {
		var ok bool
		if all[k], ok = x[k].(T); !ok {
			return nil, false
		}
	}
	return all, true
}
