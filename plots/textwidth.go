package plots

import (
	"math"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// advances are the widths of the ASCII characters from the space on, in hundredths of the font's
// size, in DejaVu Sans: many Linux systems use it for system-ui, and with Verdana it is the
// widest font that pages are set in.
var advances = [...]uint8{
	32, 41, 46, 84, 64, 96, 78, 28, 40, 40, 50, 84, 32, 37, 32, 34, //  !"#$%&\'()*+,-./
	64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84, 84, 84, 54, // 0123456789:;<=>?
	100, 69, 69, 70, 78, 64, 58, 78, 76, 30, 30, 66, 56, 87, 75, 79, // @ABCDEFGHIJKLMNO
	61, 79, 70, 64, 62, 74, 69, 99, 69, 62, 69, 40, 34, 40, 84, 50, // PQRSTUVWXYZ[\\]^_
	50, 62, 64, 55, 64, 62, 36, 64, 64, 28, 28, 58, 28, 98, 64, 62, // `abcdefghijklmno
	64, 64, 42, 53, 40, 64, 60, 82, 60, 60, 53, 64, 34, 64, 84, // pqrstuvwxyz{|}~
}

// textWidth estimates the width of text in a 12 px font, in px, rather too large than too small.
func textWidth(text string) int {
	hundredths := 0
	for _, r := range visible(text) {
		switch kind := width.LookupRune(r).Kind(); {
		case r-' ' < rune(len(advances)):
			hundredths += int(advances[r-' '])
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf): // drawn over the previous character, or not at all
		case r >= 0x1F000: // emoji
			hundredths += 140
		case kind == width.EastAsianWide || kind == width.EastAsianFullwidth || unicode.IsUpper(r) || r >= 0x2400 && r < 0x2440:
			hundredths += 110
		default:
			hundredths += 95
		}
	}
	return int(math.Ceil(float64(hundredths) * 0.12 * 1.03))
}

// labelWidth returns the room on an axis for the longest of names, in px: its width, and what
// echarts keeps free beside it. It is at most most, where names are cut.
func labelWidth(names []string, most int) int {
	widest := 0
	for _, name := range names {
		widest = max(widest, textWidth(name))
	}
	return min(widest+6, most)
}

// mostLines is how many lines a name on an axis has at most; longer names are cut.
const mostLines = 5

// wrapped returns names as an axis that is px wide for labels shows them: their text, cut to a
// few lines, and the count of lines of the longest.
func wrapped(names []string, px int) (texts []string, lines int) {
	longest := mostLines * px / 3 // in runes: hardly any is narrower than 3 px
	for _, name := range names {
		text, runes := name, []rune(name)
		if len(runes) > longest || linesOf(name, px) > mostLines {
			runes = runes[:min(len(runes), longest)]
			for text = string(runes) + "…"; linesOf(text, px) > mostLines; text = string(runes) + "…" {
				runes = runes[:len(runes)*9/10]
			}
		}
		texts, lines = append(texts, text), max(lines, linesOf(text, px))
	}
	return texts, lines
}

// widestLine returns the width of the widest line of names on an axis that is px wide for labels.
func widestLine(names []string, px int) int {
	widest := 0
	for _, name := range names {
		at := 0
		for _, word := range strings.SplitAfter(name, " ") {
			w := textWidth(word)
			if at > 0 && at+w > px {
				at = 0
			}
			at = min(at+w, px)
			widest = max(widest, at)
		}
	}
	return widest
}

// linesOf returns how many lines of px width a text takes, broken at spaces and, if a word is
// too long, within it.
func linesOf(text string, px int) int {
	lines, at := 1, 0
	for _, word := range strings.SplitAfter(text, " ") {
		w := textWidth(word)
		if at > 0 && at+w > px {
			lines, at = lines+1, 0
		}
		for at += w; at > px; at -= px {
			lines++
		}
	}
	return lines
}
