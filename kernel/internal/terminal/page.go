package terminal

import (
	"encoding/base64"
	"strings"
)

// decode returns the bytes of a file for data in the protocol's form: HTML as a complete
// page, images as they are.
func decode(mime, content string) ([]byte, error) {
	switch {
	case mime == "text/html":
		return []byte(page(content)), nil
	case strings.HasPrefix(mime, "image/") && mime != "image/svg+xml":
		return base64.StdEncoding.DecodeString(strings.ReplaceAll(content, "\n", ""))
	}
	return []byte(content), nil
}

// page returns a complete page around a piece of HTML.
func page(content string) string {
	return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<title>Output of a cell</title>
<body style="font-family: system-ui, sans-serif; margin: 1.5rem">
` + content + `
</body>
</html>
`
}
