package datasets

import (
	"fmt"
	"math"
	"strings"
	"sync"

	"github.com/sdtlab/sdtlab/sdt"
)

// GlyphsConfig says which images [Glyphs31] makes. Its zero value is the complete
// set at 32×32 in colour.
type GlyphsConfig struct {
	Seed     uint64  // for every random choice
	Fraction float64 // share of Office-31's images per domain and class, rounded, at least one; 0: all of them
	Size     int     // side of an image in pixels, 8…256; 0: 32
	Grey     bool    // one channel (the luma of the colour image) instead of three
}

// Glyphs holds the three domains of [Glyphs31], over one list of classes.
type Glyphs struct {
	Catalogue sdt.Labelled // dark on plain white, centred, a different object in every image; like Office-31's Amazon
	DSLR      sdt.Labelled // sharp photographs of five objects per class, rotated, lit, on a background
	Webcam    sdt.Labelled // the same five objects, small, blurred, noisy and badly lit
}

// glyphClasses are digits and capitals that resemble each other: 0 D O Q U,
// 1 I L T 7, 2 Z, 5 S, 3 8 B R, E F P L, H K M N W X Y, … Of the sixteen from I on,
// each has a relative among the first fifteen, so that a task in which the first fifteen
// classes are labelled has something to transfer.
var glyphClasses = strings.Split("0 1 2 3 5 6 7 8 9 B C D E F H I K L M N O P Q R S T U W X Y Z", " ")

// officeCounts are Office-31's images per class, in the order of its class
// folders, back_pack … trash_can: 2817, 498 and 795 in all.
var officeCounts = struct{ amazon, dslr, webcam []int }{
	[]int{92, 82, 72, 82, 36, 94, 91, 97, 97, 81, 99, 100, 100, 98, 100, 99, 100, 94, 96, 95, 93, 100, 98, 98, 90, 75, 100, 99, 99, 96, 64},
	[]int{12, 21, 24, 12, 16, 12, 13, 14, 15, 15, 13, 10, 24, 16, 31, 22, 12, 8, 10, 10, 13, 15, 23, 18, 10, 7, 18, 26, 21, 22, 15},
	[]int{29, 21, 28, 12, 16, 31, 40, 18, 21, 19, 27, 27, 30, 19, 30, 43, 30, 27, 28, 32, 16, 20, 30, 27, 40, 11, 25, 30, 24, 23, 21},
}

// Glyphs31 draws 31 categories, digits and capitals of Go's fonts, in three visual
// domains that differ as Office-31's do, with Office-31's number of images per
// domain and class (or cfg.Fraction of it).
//
// Examples are uint8 pixels of shape [Size, Size, 3], or [Size, Size, 1] with
// cfg.Grey, ordered by class. An image depends only on the seed, its domain, class and
// number: a smaller fraction is the beginning of each class of a larger one.
// The arithmetic is in integers, so a configuration gives the same bits on every
// machine. It fails if Size or Fraction is out of range.
func Glyphs31(cfg GlyphsConfig) (Glyphs, error) {
	if cfg.Size == 0 {
		cfg.Size = 32
	}
	if cfg.Fraction == 0 {
		cfg.Fraction = 1
	}
	if cfg.Size < 8 || cfg.Size > 256 {
		return Glyphs{}, fmt.Errorf("glyphs: Size is %d, want 8…256", cfg.Size)
	}
	if !(cfg.Fraction > 0 && cfg.Fraction <= 1) {
		return Glyphs{}, fmt.Errorf("glyphs: Fraction is %v, want above 0 and at most 1", cfg.Fraction)
	}
	shapes, err := outlines([]rune(strings.Join(glyphClasses, "")))
	if err != nil {
		return Glyphs{}, fmt.Errorf("glyphs: %w", err)
	}
	return Glyphs{
		Catalogue: cfg.domain("catalogue", officeCounts.amazon, shapes, catalogue),
		DSLR:      cfg.domain("dslr", officeCounts.dslr, shapes, dslr),
		Webcam:    cfg.domain("webcam", officeCounts.webcam, shapes, webcam),
	}, nil
}

// domain makes one domain's images, a class per goroutine.
func (cfg GlyphsConfig) domain(name string, counts []int, shapes [][]outline, look look) sdt.Labelled {
	channels := 3
	if cfg.Grey {
		channels = 1
	}
	out := sdt.Labelled{Classes: append([]string(nil), glyphClasses...)}
	out.Domain, out.Shape = name, []int{cfg.Size, cfg.Size, channels}
	for k, n := range counts {
		for i := range max(1, int(math.Round(float64(n)*cfg.Fraction))) {
			out.Labels = append(out.Labels, int32(k))
			out.Names = append(out.Names, fmt.Sprintf("%s/%s/frame_%04d", name, glyphClasses[k], i+1))
		}
	}
	size := out.Size()
	out.Pixels = make([]uint8, len(out.Labels)*size)
	var wait sync.WaitGroup
	for k := range counts {
		wait.Go(func() {
			for i, y := range out.Labels {
				if int(y) == k {
					photo := look.photograph(cfg, name, out.Names[i], k, shapes)
					photo.develop(out.Pixels[i*size : (i+1)*size : (i+1)*size])
				}
			}
		})
	}
	wait.Wait()
	return out
}
