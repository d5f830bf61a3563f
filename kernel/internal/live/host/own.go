package host

import (
	"maps"
	"reflect"
)

// kinds are the methods by which a value gives its own formats, and the formats that they
// return.
var kinds = []struct{ method, mime string }{
	{"HTML", "text/html"},
	{"Markdown", "text/markdown"},
	{"SVG", "image/svg+xml"},
	{"LaTeX", "text/latex"},
}

// own returns the formats that a value gives itself: the result of MimeBundle()
// map[string]string if it has that method, otherwise those of HTML, Markdown, SVG and
// LaTeX, each a method without parameters and with one result, a string of any type. A
// value of type html/template.HTML is HTML. It returns nil for other values.
func own(v any) map[string]string {
	if isNil(v) {
		return nil
	}
	if b, ok := v.(interface{ MimeBundle() map[string]string }); ok {
		if bundle := b.MimeBundle(); len(bundle) > 0 {
			data := maps.Clone(bundle)
			if data["text/plain"] == "" {
				maps.Copy(data, plain(text(v)))
			}
			return data
		}
		return nil
	}
	r := reflect.ValueOf(v)
	data := map[string]string{}
	if t := r.Type(); t.PkgPath() == "html/template" && t.Name() == "HTML" {
		data["text/html"] = r.String()
	}
	for _, k := range kinds {
		m := r.MethodByName(k.method)
		if !m.IsValid() || m.Type().NumIn() != 0 || m.Type().NumOut() != 1 || m.Type().Out(0).Kind() != reflect.String {
			continue
		}
		if s := m.Call(nil)[0].String(); s != "" {
			data[k.mime] = s
		}
	}
	if len(data) == 0 {
		return nil
	}
	maps.Copy(data, plain(text(v)))
	return data
}
