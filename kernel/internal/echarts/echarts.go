// Package echarts finds the script that draws charts.
package echarts

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"

	"github.com/sdtlab/sdtlab/kernel/internal/npm"
	"github.com/sdtlab/sdtlab/kernel/internal/report"
)

// pinned is the version to fetch: the last one of the fifth series, which go-echarts uses.
var pinned = npm.Package{
	Name: "echarts", Version: "5.6.0",
	Integrity: "sha512-oTbVTsXfKuEhxftHqL5xprgLoc0k7uScAwtryCgWF6hPYFLRwOUHiFmHGCBKP5NPFNkDVopOieyUqYGH8Fa3kA==",
}

// sum is the SHA-256 of its dist/echarts.min.js.
const sum = "bf4a223524e40b77c304bec67e1222cf551f14880cf42c69dc046558e11c07b1"

// URL is what reports refer to if no script is at hand.
var URL = "https://cdn.jsdelivr.net/npm/echarts@" + pinned.Version + "/dist/echarts.min.js"

// Path returns where the pinned script is kept in the cache folder.
func Path(cache string) string {
	return filepath.Join(cache, "echarts-"+pinned.Version+".min.js")
}

// Find returns the script: from the file that given names, if any; from the cache folder;
// or fetched through npm into it, after a message to say. The pinned script is checked
// against its sum each time. If no script can be had, Find returns a reference, and say
// gets the reason. Only a given file that cannot be read is an error.
func Find(ctx context.Context, given, cache string, say func(string)) (report.Script, error) {
	if given != "" {
		code, err := os.ReadFile(given)
		if err != nil {
			return report.Script{}, fmt.Errorf("SDT_ECHARTS: %w", err)
		}
		return report.Script{Name: "echarts from " + filepath.Base(given), Code: code}, nil
	}
	path := Path(cache)
	if code, ok := checked(path); ok {
		return report.Script{Name: pinned.String(), Code: code}, nil
	}
	elsewhere := report.Script{Name: "echarts", URL: URL, SHA256: sum}
	if !npm.Available() {
		say("npm is not installed, so " + pinned.String() + " cannot be fetched: charts will need a network (or set SDT_ECHARTS to an echarts.min.js)")
		return elsewhere, nil
	}
	say(fmt.Sprintf("fetching the chart script, npm package %s, into %s (once)", pinned, path))
	if err := pinned.Fetch(ctx, map[string]string{"dist/echarts.min.js": path}); err != nil {
		say(fmt.Sprintf("%v: charts will need a network", err))
		return elsewhere, nil
	}
	code, ok := checked(path)
	if !ok {
		os.Remove(path)
		say(pinned.String() + ": the script has the wrong checksum: charts will need a network")
		return elsewhere, nil
	}
	return report.Script{Name: pinned.String(), Code: code}, nil
}

func checked(path string) ([]byte, bool) {
	code, err := os.ReadFile(path)
	if err != nil {
		return nil, false
	}
	return code, Is(code)
}

func sumOf(code []byte) string {
	got := sha256.Sum256(code)
	return hex.EncodeToString(got[:])
}
