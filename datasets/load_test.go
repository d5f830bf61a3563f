package datasets

import (
	"bufio"
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// BenchmarkLoad reads folders of JPEGs, in turn with the Pillow of the first python3 that has
// one. It reports the median speed of both, and as x-pillow our median time divided by
// Pillow's. Both use as many cores as -cpu says: Pillow one process for each.
func BenchmarkLoad(b *testing.B) {
	amazon := func(b testing.TB) string { return data(b, "office_caltech10", "images", "amazon") }
	var told sync.Once
	for _, row := range []struct {
		name   string
		folder func(b testing.TB) string
		side   int
		filter Filter
	}{
		{"300x300-to-227", photographs(300, 300, 64), 227, CatmullRom}, // as Office-31's amazon
		{"640x480-to-227", photographs(640, 480, 32), 227, CatmullRom}, // as its webcam
		{"640x480-to-227-bilinear", photographs(640, 480, 32), 227, BiLinear},
		{"640x480-to-32", photographs(640, 480, 32), 32, CatmullRom},
		{"300x300-to-227-10000-files", func(b testing.TB) string { return linked(b, 10000, photographs(300, 300, 64)(b)) }, 227, CatmullRom},
		{"amazon-112x112-to-227", amazon, 227, CatmullRom},
		{"amazon-112x112-to-32", amazon, 32, CatmullRom},
	} {
		b.Run(row.name, func(b *testing.B) {
			dir := row.folder(b)
			version, pillow := timePillow(b, dir, row.side, row.filter)
			told.Do(func() { fmt.Printf("pillow: %s\n", version) })
			var ours, theirs []float64 // seconds
			read := func() int {
				l, err := ReadFolder(b.Context(), dir, FolderConfig{Width: row.side, Filter: row.filter})
				if err != nil {
					b.Fatal(err)
				}
				return l.Len()
			}
			images := read() // both once to warm up
			pillow()
			for b.Loop() {
				start := time.Now()
				read()
				ours = append(ours, time.Since(start).Seconds())
				b.StopTimer()
				theirs = append(theirs, pillow())
				b.StartTimer()
			}
			b.ReportMetric(float64(images)/median(ours), "images/s")
			b.ReportMetric(float64(images)/median(theirs), "pillow-images/s")
			b.ReportMetric(median(ours)/median(theirs), "x-pillow")
		})
	}
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}

// photographs returns a function that makes a folder of n JPEGs of noise whose strength
// falls with its frequency, as in photographs: at quality 90 they have 1.4 bits per pixel.
func photographs(width, height, n int) func(b testing.TB) string {
	return func(b testing.TB) string {
		dir := b.TempDir()
		if err := os.Mkdir(filepath.Join(dir, "noise"), 0o777); err != nil {
			b.Fatal(err)
		}
		for i := range n {
			r := rand.New(rand.NewPCG(uint64(i), 0))
			img := image.NewRGBA(image.Rect(0, 0, width, height))
			y, cb, cr := clouds(r, width, height, 40, 0.62), clouds(r, width, height, 15, 0.5), clouds(r, width, height, 15, 0.5)
			for p := range y {
				red, green, blue := color.YCbCrToRGB(y[p], cb[p], cr[p])
				copy(img.Pix[4*p:], []uint8{red, green, blue, 255})
			}
			var buf bytes.Buffer
			if err := jpeg.Encode(&buf, img, &jpeg.Options{Quality: 90}); err != nil {
				b.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "noise", fmt.Sprintf("%03d.jpg", i)), buf.Bytes(), 0o666); err != nil {
				b.Fatal(err)
			}
		}
		return dir
	}
}

// clouds sums noise on grids of 128, 64, … 1 pixels, interpolated, each finer grid
// weaker by decay.
func clouds(r *rand.Rand, width, height int, strength, decay float64) []uint8 {
	sum := make([]float64, width*height)
	for cell := 128; cell >= 1; cell, strength = cell/2, strength*decay {
		across := width/cell + 2
		grid := make([]float64, across*(height/cell+2))
		for i := range grid {
			grid[i] = strength * r.NormFloat64()
		}
		for p := range sum {
			x, y := p%width, p/width
			fx, fy := float64(x%cell)/float64(cell), float64(y%cell)/float64(cell)
			top, bottom := grid[y/cell*across+x/cell:], grid[(y/cell+1)*across+x/cell:]
			sum[p] += (top[0]*(1-fx)+top[1]*fx)*(1-fy) + (bottom[0]*(1-fx)+bottom[1]*fx)*fy
		}
	}
	out := make([]uint8, len(sum))
	for p, v := range sum {
		out[p] = uint8(min(max(128+v, 0), 255))
	}
	return out
}

// timePillow returns Pillow's version, and a function that makes it load the folder once more
// and returns the seconds it took, without the start of Python.
func timePillow(b *testing.B, dir string, side int, filter Filter) (version string, load func() float64) {
	c := exec.Command(pillow(b), filepath.Join("testdata", "pillow.py"), "time",
		dir, strconv.Itoa(side), pillowFilter[filter], strconv.Itoa(runtime.GOMAXPROCS(0)))
	c.Stderr = os.Stderr
	in, err := c.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := c.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		in.Close() // so that it ends its processes; killed, it would leave them
		c.Wait()
	})
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		b.Fatalf("Pillow did not start: %v", lines.Err())
	}
	version = lines.Text()
	if strings.Contains(version, ".post") { // as only Pillow-SIMD's versions do
		version += ", SIMD"
	}
	return version, func() float64 {
		if _, err := io.WriteString(in, "\n"); err != nil || !lines.Scan() {
			b.Fatalf("Pillow stopped: %v, %v", err, lines.Err())
		}
		seconds, err := strconv.ParseFloat(lines.Text(), 64)
		if err != nil {
			b.Fatal(err)
		}
		return seconds
	}
}

var pillowFilter = map[Filter]string{CatmullRom: "BICUBIC", BiLinear: "BILINEAR"}

// pillow returns a Python with Pillow, the distribution's if the first in PATH lacks it, and
// skips the test by name if there is none.
func pillow(t testing.TB) string {
	t.Helper()
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		if exec.CommandContext(t.Context(), python, "-c", "import PIL").Run() == nil {
			return python
		}
	}
	t.Skipf("%s: no python3 with Pillow: apt-get install python3-pil", t.Name())
	return ""
}
