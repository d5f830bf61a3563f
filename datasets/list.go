package datasets

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// listLine is one line of a list of images.
type listLine struct {
	list  string // path of the list
	line  int    // from 1
	name  string // path of the image, as [path.Clean] writes it: "webcam/images/mug/frame_0001.jpg"
	label int32
}

// at returns where the line is: "LIST:LINE".
func (l listLine) at() string { return fmt.Sprintf("%s:%d", shown(l.list), l.line) }

// class returns the name of the folder that holds the image.
func (l listLine) class() string { return path.Base(path.Dir(l.name)) }

// maxListBytes limits the size of a list, and maxListLabel a label: the largest public lists
// have 70,000 lines of 60 bytes, and 345 classes.
const (
	maxListBytes = 64 << 20
	maxListLabel = 1<<16 - 1
)

// readList reads a list of images: a line "PATH LABEL" for each.
func readList(at string) ([]listLine, error) {
	f, err := os.Open(at)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", shown(at), reason(err))
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: %w", shown(at), notAFile(info))
	}
	data, err := io.ReadAll(io.LimitReader(f, maxListBytes+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", shown(at), reason(err))
	}
	if len(data) > maxListBytes {
		return nil, fmt.Errorf("%s: it has more than %d bytes: is it a list of images?", shown(at), maxListBytes)
	}
	lines, err := parseList(at, data)
	if err == nil && len(lines) == 0 {
		err = fmt.Errorf("%s: it is empty: want lines PATH LABEL", shown(at))
	}
	return lines, err
}

// parseList parses the content of the list at a path. A path may hold spaces, and "\" separates
// its folders as "/" does; white space at the ends of a line, blank lines, a byte-order mark and
// the ends of lines of Windows are skipped. A line of another form, or a path that occurs twice, is
// an error that names the list and the line.
func parseList(list string, data []byte) ([]listLine, error) {
	if bytes.HasPrefix(data, []byte{0xff, 0xfe}) || bytes.HasPrefix(data, []byte{0xfe, 0xff}) {
		return nil, fmt.Errorf("%s: it is UTF-16: save it as UTF-8", shown(list))
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	var lines []listLine
	seen := map[string]int{} // path → line
	n := 0
	for text := range strings.Lines(string(data)) {
		n++
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		l := listLine{list: list, line: n}
		var err error
		if l.name, l.label, err = parseLine(text); err != nil {
			return nil, fmt.Errorf("%s: %w", l.at(), err)
		}
		if before, twice := seen[l.name]; twice {
			return nil, fmt.Errorf("%s: %s is listed twice, first in line %d: remove one of the lines", l.at(), shown(l.name), before)
		}
		seen[l.name] = n
		lines = append(lines, l)
	}
	return lines, nil
}

// parseLine parses "PATH LABEL", without white space at its ends.
func parseLine(text string) (name string, label int32, err error) {
	if !utf8.ValidString(text) {
		return "", 0, errors.New("it is not UTF-8: save the list as UTF-8")
	}
	space := strings.LastIndexFunc(text, unicode.IsSpace)
	if space < 0 {
		return "", 0, fmt.Errorf("%q: want PATH LABEL, with a space between", text)
	}
	_, width := utf8.DecodeRuneInString(text[space:])
	number, written := text[space+width:], strings.TrimSpace(text[:space])
	// Digits only: ParseUint also takes none of "+1", "1_0" and "0x1", but does take "007".
	k, err := strconv.ParseUint(number, 10, 32)
	if err != nil || k > maxListLabel {
		return "", 0, fmt.Errorf("%q is not a label: want PATH LABEL, with a whole number from 0 to %d", number, maxListLabel)
	}
	if name, err = inside(written); err != nil {
		return "", 0, err
	}
	return name, int32(k), nil
}

// inside returns a path of a list in the form of [path.Clean]. It must be below the images'
// root folder, in a class folder.
func inside(written string) (string, error) {
	if strings.ContainsFunc(written, unicode.IsControl) {
		return "", fmt.Errorf("path %q has a control character", written)
	}
	slashed := strings.ReplaceAll(written, `\`, "/")
	drive := len(slashed) > 1 && slashed[1] == ':' && unicode.IsLetter(rune(slashed[0]))
	if path.IsAbs(slashed) || drive {
		return "", fmt.Errorf("path %s is absolute: want it from the root folder of the images", shown(written))
	}
	for part := range strings.SplitSeq(slashed, "/") {
		if part == ".." {
			return "", fmt.Errorf(`path %s has "..": want a path below the root folder of the images`, shown(written))
		}
	}
	name := path.Clean(slashed)
	if path.Dir(name) == "." || strings.HasSuffix(slashed, "/") {
		return "", fmt.Errorf("path %s: want CLASS/FILE at its end", shown(written))
	}
	return name, nil
}
