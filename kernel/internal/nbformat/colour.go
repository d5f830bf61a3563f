package nbformat

import "regexp"

// escapes matches a terminal's escape sequences: colours and cursor moves (CSI), titles and
// links (OSC), and the short ones.
var escapes = regexp.MustCompile(`\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])`)

// StripColours returns s without a terminal's escape sequences.
func StripColours(s string) string { return escapes.ReplaceAllString(s, "") }
