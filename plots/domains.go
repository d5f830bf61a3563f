package plots

import (
	"bytes"
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"github.com/sdtlab/sdtlab/sdt"
)

// Domains shows one image of each class in each domain, the first example of the class, with a
// row for each domain, so that the shift between domains is visible. A class that a domain
// lacks is left blank. The table counts the examples.
//
// It panics without domains or classes, if the class lists differ, if a domain holds features,
// or unless it has a valid label for each example.
func Domains(sets ...sdt.Labelled) Chart {
	if len(sets) == 0 {
		panic("plots.Domains: no domains")
	}
	classes := sets[0].Classes
	if len(classes) == 0 {
		panic("plots.Domains: no classes")
	}
	t := Table{Caption: "Examples", Head: []string{"domain", "examples", "classes", "fewest in a class", "most in a class"}}
	type image struct {
		Class  string
		Source template.URL // empty: the class has no image
	}
	type row struct {
		Domain string
		Images []image
	}
	var rows []row
	var names []string
	for _, s := range sets {
		if !slices.Equal(s.Classes, classes) {
			panic(fmt.Sprintf("plots.Domains: %q and %q have different classes", sets[0].Domain, s.Domain))
		}
		checkImages("Domains", s.Examples)
		if len(s.Labels) != s.Len() {
			panic(fmt.Sprintf("plots.Domains: %d labels for %d examples of %q", len(s.Labels), s.Len(), s.Domain))
		}
		checkClasses(fmt.Sprintf("plots.Domains: %q has label", s.Domain), s.Labels, len(classes))
		r := row{Domain: visible(s.Domain)}
		for k, class := range classes {
			i := slices.Index(s.Labels, int32(k))
			if i < 0 {
				r.Images = append(r.Images, image{Class: visible(class)})
				continue
			}
			r.Images = append(r.Images, image{visible(class), thumbnail(s.Examples, i)})
		}
		rows, names = append(rows, r), append(names, isolate(s.Domain))
		counts := s.Counts()
		t.Rows = append(t.Rows, []string{s.Domain, strconv.Itoa(s.Len()), strconv.Itoa(len(classes)),
			strconv.Itoa(slices.Min(counts)), strconv.Itoa(slices.Max(counts))})
	}
	c := Chart{title: "One image of each class: " + strings.Join(names, ", "), tables: []Table{t}}
	c.summary = fmt.Sprintf("A row of images for each of %s, a column for each of %s.", counted(len(sets), "domain", "domains"), counted(len(classes), "class", "classes"))
	var b bytes.Buffer
	if err := domainsHTML.Execute(&b, rows); err != nil {
		panic(fmt.Sprintf("plots.Domains: %v", err)) // a buffer and strings cannot fail
	}
	c.html = template.HTML(b.String())
	return c
}

var domainsHTML = template.Must(template.New("domains").Parse(`<style>
.sdt-domains { display: grid; gap: 10px; }
.sdt-domains > div > b { display: block; margin-bottom: 3px; font-weight: 600; font-size: .85em; }
.sdt-domains > div > div { display: flex; flex-wrap: wrap; gap: 3px; }
.sdt-domains img, .sdt-domains i { display: block; width: 40px; height: 40px; object-fit: contain; image-rendering: pixelated; background: rgba(128,128,128,.12); }
</style>
<div class="sdt-domains">
{{range .}}<div role="group" aria-label="{{.Domain}}"><b><bdi>{{.Domain}}</bdi></b><div>{{range .Images}}{{if .Source}}<img alt="{{.Class}}" title="{{.Class}}" src="{{.Source}}">{{else}}<i title="{{.Class}}: none"></i>{{end}}{{end}}</div></div>
{{end}}</div>`))
