package host

import (
	"regexp"
	"strings"
	"sync"
)

// declaredAgain holds sentences about types that have been declared again, by name. See
// [Command].
var declaredAgain sync.Map

// typeOfCell matches the names of cells' types.
var typeOfCell = regexp.MustCompile(`\bmain\.([\pL_][\pL_\pN]*)`)

// toldApart returns lines that explain a failure with one name for two types, such as
// "interface conversion: interface {} is main.T, not main.T", or "".
func toldApart(words string) string {
	var lines strings.Builder
	said := map[string]bool{}
	for line := range strings.Lines(words) {
		count := map[string]int{}
		for word := range strings.FieldsSeq(line) {
			word = strings.TrimRight(word, ",;:.")
			if count[word]++; count[word] != 2 {
				continue
			}
			for _, m := range typeOfCell.FindAllStringSubmatch(word, -1) {
				if sentence, ok := declaredAgain.Load(m[1]); ok && !said[m[1]] {
					said[m[1]] = true
					lines.WriteString("\n" + sentence.(string))
				}
			}
		}
	}
	return lines.String()
}
