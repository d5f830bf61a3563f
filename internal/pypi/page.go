package pypi

import (
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"strings"
)

// indexLink matches a link of PEP 503: its address, in quotes, and its text, the file's name.
var indexLink = regexp.MustCompile(`(?is)<a\s[^>]*?href\s*=\s*(?:"([^"]*)"|'([^']*)')[^>]*>\s*([^<]*?)\s*</a>`)

// linkIn returns the address of a file in a project's page of the given type: the index's
// JSON form (PEP 691) or its older form of links (PEP 503).
func linkIn(page []byte, contentType, file string) (string, error) {
	if strings.Contains(contentType, "json") {
		var all struct {
			Files []struct{ Filename, URL string }
		}
		if err := json.Unmarshal(page, &all); err != nil {
			return "", fmt.Errorf("the index's answer is not PEP 691's: %w", err)
		}
		for _, f := range all.Files {
			if f.Filename == file {
				return f.URL, nil
			}
		}
	}
	for _, m := range indexLink.FindAllSubmatch(page, -1) {
		if html.UnescapeString(string(m[3])) == file {
			return html.UnescapeString(string(m[1]) + string(m[2])), nil
		}
	}
	return "", fmt.Errorf("the index has no file %s", file)
}
