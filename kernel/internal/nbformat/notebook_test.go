package nbformat

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// testdata/jupyter.ipynb was written by Python's nbformat 5.5.0, with fields that
// the format does not know, every kind of cell and output, and numbers that a
// float64 cannot hold.
func TestRoundTripKeepsJupytersBytes(t *testing.T) {
	want, err := os.ReadFile("testdata/jupyter.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	nb, err := Decode(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := nb.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("a notebook that was only read and written differs:\n%s\nwant\n%s", got, want)
	}
}

func TestDecode(t *testing.T) {
	nb, err := Read("testdata/jupyter.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	c := nb.Cells[1]
	if c.Source != "%%\nfmt.Println(\"a\")\n" || !c.Tagged("result") || c.Tagged("other") || *c.ExecutionCount != 3 {
		t.Errorf("code cell: %+v", c)
	}
	if got := c.Outputs[1].DataText("text/html"); got != "<b>\nbold</b>" {
		t.Errorf("a list of lines is one text: got %q", got)
	}
	if got := nb.Cells[0].Attachment("dot.png")["image/png"]; got != "iVBORw0KGgo=" {
		t.Errorf("attachment: %v", got)
	}
	if !nb.Cells[2].Blank() || nb.Cells[2].ExecutionCount != nil {
		t.Errorf("blank cell: %+v", nb.Cells[2])
	}
}

func TestSourceAsStringOrList(t *testing.T) {
	for _, source := range []string{`"a\nb"`, `["a\n","b"]`, `["a\nb"]`} {
		nb, err := Decode([]byte(`{"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":[{"cell_type":"markdown","metadata":{},"source":` + source + `}]}`))
		if err != nil {
			t.Fatal(err)
		}
		if got := nb.Cells[0].Source; got != "a\nb" {
			t.Errorf("source %s: %q", source, got)
		}
		data, err := nb.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if want := "\"source\": [\n    \"a\\n\",\n    \"b\"\n   ]"; !strings.Contains(string(data), want) {
			t.Errorf("source %s is written as\n%s", source, data)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"empty file", "", "not JSON"},
		{"truncated", `{"nbformat":4,"cells":[`, "not JSON"},
		{"two values", `{"nbformat":4,"cells":[]} {}`, "more text"},
		{"other JSON", `{"name":"package"}`, "not a notebook: it has no nbformat"},
		{"an old one", `{"nbformat":3,"worksheets":[]}`, "nbformat is 3, want 4"},
		{"old format, which has worksheets", `{"nbformat":3,"worksheets":[]}`, "save it again"},
		{"no cells", `{"nbformat":4}`, "no list of cells"},
		{"cell is text", `{"nbformat":4,"cells":["x"]}`, "cell 1"},
		{"source is a number", `{"nbformat":4,"cells":[{"cell_type":"code","source":7}]}`, "cell 1: source"},
		{"output is text", `{"nbformat":4,"cells":[{"cell_type":"code","outputs":["x"]}]}`, "cell 1: output 1"},
		{"data is a list", `{"nbformat":4,"cells":[{"cell_type":"code","outputs":[{"output_type":"display_data","data":[]}]}]}`, "data is not"},
	} {
		if _, err := Decode([]byte(row.text)); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: got %v, want an error with %q", row.name, err, row.want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	data, err := os.ReadFile("testdata/jupyter.ipynb")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"nbformat":4,"cells":[{"cell_type":"code","outputs":[{"output_type":"stream","text":["a",null]}]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		nb, err := Decode(data)
		if err != nil {
			return
		}
		once, err := nb.Encode()
		if err != nil {
			t.Fatalf("read but not written: %v", err)
		}
		again, err := Decode(once)
		if err != nil {
			t.Fatalf("what was written is not read: %v", err)
		}
		if twice, err := again.Encode(); err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("second writing differs (%v):\n%s\n%s", err, once, twice)
		}
	})
}
