package sdt

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/sdt/network"
)

// asked is what a user passes: examples of a shape, a network by name, and settings.
type asked struct {
	shape   []int
	network string
	crop    int
	mirror  bool
}

var adviceNetworks = map[string]network.Network{"LeNet": network.LeNet, "ConvNet": network.ConvNet, "CaffeNet": network.CaffeNet,
	"AlexNet": network.AlexNet, "Head": network.Head(4)}

// open returns Open's error message, "" if it succeeds.
func (a asked) open(t *testing.T) string {
	config := quick(SourceOnly)
	config.Network, config.Crop, config.Mirror = adviceNetworks[a.network], a.crop, a.mirror
	if _, err := Open(t.TempDir(), imageTask(a.shape...), config); err != nil {
		return err.Error()
	}
	return ""
}

// adviceWords are the things that Open advises, and how to do them.
var adviceWords = []struct {
	says *regexp.Regexp
	do   func(a *asked, found []string)
}{
	{regexp.MustCompile(`set Crop to (\d+)`), func(a *asked, found []string) { a.crop = number(found[1]) }},
	{regexp.MustCompile(`Mirror is set.*: unset it`), func(a *asked, _ []string) { a.mirror = false }},
	{regexp.MustCompile(`read them at (\d+)×(\d+)`), func(a *asked, found []string) { a.shape[0], a.shape[1] = number(found[1]), number(found[2]) }},
	{regexp.MustCompile(`read them in grey`), func(a *asked, _ []string) { a.shape[2] = 1 }},
	{regexp.MustCompile(`read them in colour`), func(a *asked, _ []string) { a.shape[2] = 3 }},
	{regexp.MustCompile(`flatten them to one row of (\d+)`), func(a *asked, found []string) { a.shape = []int{number(found[1])} }},
	{regexp.MustCompile(`give them the shape (\d+)×(\d+)×(\d+)`), func(a *asked, found []string) {
		a.shape = []int{number(found[1]), number(found[2]), number(found[3])}
	}},
	{regexp.MustCompile(`choose (Head)`), func(a *asked, found []string) { a.network = found[1] }},
	{regexp.MustCompile(`choose a network for images, such as (\w+)`), func(a *asked, found []string) { a.network = found[1] }},
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		panic(err)
	}
	return n
}

// TestAdviceIsFollowed does what Open advises, for examples of every kind, every network, and
// crops that fit and that do not. This must lead to a network that opens, and soon. Advice on a
// network's size must be complete: the second time it opens, or another network was chosen.
func TestAdviceIsFollowed(t *testing.T) {
	shapes := [][]int{{6}, {784}, {1}, {2, 3}, {28, 28}, {32, 32}, {227, 227}, {2, 3, 4, 5}, {1, 1, 1}, {1, 1, 6}, {3, 28, 28}, {28, 28, 1}, {28, 28, 2}, {28, 28, 3},
		{28, 30, 1}, {27, 28, 1}, {32, 32, 1}, {32, 32, 3}, {32, 32, 4}, {30, 40, 3}, {40, 30, 1}, {224, 224, 3}, {227, 227, 3}, {227, 227, 1}, {224, 240, 1}, {256, 256, 3}, {300, 226, 3}}
	said := map[string]string{} // Open's messages, by input
	for _, shape := range shapes {
		for name := range adviceNetworks {
			for _, crop := range []int{0, 1, 27, 28, 32, 224, 227, 300} {
				followAdvice(t, asked{slices.Clone(shape), name, crop, crop%2 == 1}, said)
			}
		}
	}
}

func followAdvice(t *testing.T, a asked, said map[string]string) {
	t.Helper()
	var chain []string
	sized := map[string]bool{} // networks that have named the size they need
	for range 5 {
		before := fmt.Sprint(a)
		says, ok := said[before]
		if !ok {
			says = a.open(t)
			said[before] = says
		}
		if says == "" {
			return
		}
		chain = append(chain, fmt.Sprintf("%v: %s", a, says))
		if strings.Contains(says, " wants ") {
			if sized[a.network] {
				t.Errorf("it was not all that %s wants:\n%s", a.network, strings.Join(chain, "\n"))
				return
			}
			sized[a.network] = true
		}
		for _, w := range adviceWords {
			if found := w.says.FindStringSubmatch(says); found != nil {
				w.do(&a, found)
			}
		}
		if fmt.Sprint(a) == before {
			break
		}
	}
	t.Errorf("following it leads nowhere:\n%s", strings.Join(chain, "\n"))
}
