package host

import (
	"errors"
	"image"
	"math"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// maker makes values from bytes: equal values from equal bytes.
type maker struct {
	bytes []byte
	deep  int
}

func (m *maker) next() int {
	if len(m.bytes) == 0 {
		return 0
	}
	b := m.bytes[0]
	m.bytes = m.bytes[1:]
	return int(b)
}

func (m *maker) text() string {
	n := min(m.next()%8, len(m.bytes))
	s := string(m.bytes[:n])
	m.bytes = m.bytes[n:]
	return s
}

// value makes a value of one of the kinds that are shown in their own way.
func (m *maker) value() any {
	m.deep++
	defer func() { m.deep-- }()
	kind := m.next() % 20
	if m.deep > 6 && kind > 8 {
		kind %= 9
	}
	switch kind {
	case 1:
		return m.next() - 100
	case 2:
		return []any{math.NaN(), math.Inf(-1), float32(m.next()) / 3}
	case 3:
		return m.text() + "<>&"
	case 4:
		return []byte(m.text())
	case 5:
		return broken{}
	case 6:
		return errors.New(m.text())
	case 7:
		return ring()
	case 8:
		return image.NewGray(image.Rect(0, 0, m.next()%4, m.next()%4))
	case 9:
		return &named{Name: m.text(), Any: m.value()}
	case 10:
		return []named{{Any: m.value()}, {Name: m.text()}}
	case 11:
		return map[string]any{m.text(): m.value(), "<b>": m.value()}
	case 12:
		return map[any]any{m.next(): m.value(), m.text(): nil}
	case 13:
		return []map[string]any{{m.text(): m.value()}, nil}
	case 14:
		return [][]any{{m.value()}, {m.value(), m.value()}, nil}
	case 15:
		rows := make([][]int, m.next()*m.next()%300)
		for i := range rows {
			rows[i] = make([]int, i%50)
		}
		return rows
	case 16:
		return counted(m.next()%5, m.next()%40, m.next()%3)
	case 17:
		t := reflect.StructOf([]reflect.StructField{{Name: "A", Type: reflect.TypeFor[any]()}, {Name: "B", Type: reflect.TypeFor[string]()}})
		s := reflect.MakeSlice(reflect.SliceOf(t), 2, 2)
		s.Index(1).Field(0).Set(reflect.ValueOf(&rows{m.value()}))
		return s.Interface()
	case 18:
		v := m.value()
		return &v
	case 19:
		return []image.Image{image.NewGray(image.Rect(0, 0, 1, m.next()%4)), nil}
	}
	return nil
}

type rows []any

// Every value shown has text of limited length, in UTF-8 and without marks; its HTML is
// well-formed and of limited length.
func FuzzShow(f *testing.F) {
	for kind := range 20 {
		f.Add([]byte{byte(kind), 40, 3, 9, 3, 65, '<', 0xff, byte(kind), 14, 10, 7, 1, 2})
	}
	f.Fuzz(func(t *testing.T, bytes []byte) {
		m := &maker{bytes: bytes}
		v := m.value()
		data := show1(t, v)
		text := data["text/plain"]
		if text == "" || len(text) > 2*textLimit+1000 || !utf8.ValidString(text) || strings.Contains(text, "cannot be shown") {
			t.Errorf("%d bytes of text: %q", len(text), text)
		}
		if h := data["text/html"]; h != "" {
			if _, ok := v.([]image.Image); !ok {
				outline(t, h)
			}
			if len(h) > (rowLimit+1)*(columnLimit+1)*(6*cellLimit+200) {
				t.Errorf("%d bytes of HTML", len(h))
			}
		}
		slot := &v
		declare([]Slot{{Symbol: "v", Pointer: &slot}})
		slot = &v
		if all := variables(map[string]string{"v": "v"}); len(all) != 1 || len([]rune(all[0].Value)) > briefLimit+1 || all[0].Size < 16 {
			t.Errorf("%+v", all)
		}
	})
}
