package plots

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"html/template"
	"regexp"
	"strings"
)

// EChartsVersion is the release of echarts with which the charts are drawn and were checked;
// any 5.x draws them.
const EChartsVersion = "5.6.0"

// EChartsURL is where a chart's script finds echarts if window.echarts is not defined.
// go-echarts' own address has no version; this one has, so the browser can check what it gets
// against [EChartsIntegrity].
const EChartsURL = "https://cdn.jsdelivr.net/npm/echarts@" + EChartsVersion + "/dist/echarts.min.js"

// EChartsIntegrity is the SHA-384 of dist/echarts.min.js in npm's package echarts at
// EChartsVersion, in the form of subresource integrity.
const EChartsIntegrity = "sha384-pPi0zxBAoDu6+JXW/C68UZLvBUUtU+7zonhif43rqj7pxsGyqyqzcian2Rj37Rss"

//go:embed draw.js
var drawJS string

//go:embed figure.css
var figureCSS string

//go:embed figure.html
var figureHTML string

var (
	style    = template.CSS(strings.TrimSpace(figureCSS))
	fragment = template.Must(template.New("figure").Parse(figureHTML))

	// runtime is a JavaScript expression: an object with the method draw(id, option). Each
	// figure holds it, so lines that are comments are left out.
	runtime = template.JS(strings.TrimSpace(strings.NewReplacer(
		"ECHARTS_URL", EChartsURL, "ECHARTS_INTEGRITY", EChartsIntegrity).Replace(
		regexp.MustCompile(`(?m)^[ \t]*//.*\n`).ReplaceAllString(drawJS, ""))))

	// runtimeName is the property of window that holds it. It changes with the script, so
	// outputs that different versions wrote can share a notebook.
	runtimeName = template.JS(func() string {
		sum := sha256.Sum256([]byte(runtime))
		return "sdtPlots_" + hex.EncodeToString(sum[:])[:8]
	}())
)
