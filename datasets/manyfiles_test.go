package datasets

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// linked makes a folder of n files, a hundred to a class, with hard links to the files of
// another folder in turn.
func linked(t testing.TB, n int, from string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(from, "*", "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in %s: %v", from, err)
	}
	dir := t.TempDir()
	for i := range n {
		class := filepath.Join(dir, fmt.Sprintf("%03d", i/100))
		if err := os.MkdirAll(class, 0o777); err != nil {
			t.Fatal(err)
		}
		file := files[i%len(files)]
		if err := os.Link(file, filepath.Join(class, fmt.Sprintf("%03d%s", i%100, filepath.Ext(file)))); err != nil {
			t.Skipf("%s: the file system has no hard links: %v", t.Name(), err)
		}
	}
	return dir
}

// A folder of ten thousand files is read in time linear in their number, shows how far it is,
// and stops at once.
func TestTenThousandFiles(t *testing.T) {
	if testing.Short() {
		t.Skipf("%s: measures time", t.Name())
	}
	small := tree(t, map[string][]byte{"a/a.jpg": archived(t)["sampled-2x2.jpg"]})
	seconds := func(dir string, n int) float64 {
		best := time.Hour
		for range 3 { // other programs only make it slower
			var shown bytes.Buffer
			start := time.Now()
			l, err := ReadFolder(t.Context(), dir, FolderConfig{Width: 8, Progress: &shown})
			if err != nil || l.Len() != n || len(l.Classes) != n/100 {
				t.Fatalf("%d images of %d classes, %v; want %d", l.Len(), len(l.Classes), err, n)
			}
			best = min(best, time.Since(start))
			if end := fmt.Sprintf("(%d/%d", n, n); !strings.Contains(shown.String(), end) {
				t.Errorf("progress %q does not end with %q", shown.String(), end)
			}
		}
		return best.Seconds()
	}
	few := seconds(linked(t, 1000, small), 1000)
	dir := linked(t, 10000, small)
	many := seconds(dir, 10000)
	t.Logf("1,000 files in %.2f s, 10,000 in %.2f s", few, many)
	if many > 30*few {
		t.Errorf("10,000 files take %.0f times as long as 1,000", many/few)
	}
	ctx, cancel := context.WithCancel(t.Context())
	began := &whenWritten{do: cancel}
	if _, err := ReadFolder(ctx, dir, FolderConfig{Width: 8, Progress: began}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
	if strings.Contains(began.text.String(), "(10000/") {
		t.Errorf("progress %q of a reading that was stopped", began.text.String())
	}
	if took := time.Since(began.at).Seconds(); took > many { // on a busy machine too
		t.Errorf("stopped after %.2f s, where all files take %.2f", took, many)
	}
}

// whenWritten calls do at the first Write.
type whenWritten struct {
	do   func()
	at   time.Time
	text bytes.Buffer
}

func (w *whenWritten) Write(p []byte) (int, error) {
	if w.at.IsZero() {
		w.at = time.Now()
		w.do()
	}
	return w.text.Write(p)
}

// However much memory is in use, so that Go's collector would let as much garbage grow, decoding
// needs little more than its result.
func TestDecodedImagesAreCollected(t *testing.T) {
	if testing.Short() {
		t.Skipf("%s: needs 1 GiB of memory", t.Name())
	}
	const each, n = 2 << 20, 100 // bytes of a decoded image; images
	large := pngOf(t, image.NewRGBA(image.Rect(0, 0, 724, 724)))
	dir := linked(t, n, tree(t, map[string][]byte{"a/a.png": large}))
	inUse := make([]byte, 1<<30)
	runtime.GC()
	heap := func() int64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before, most := heap(), int64(0)
	done, watched := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(watched)
		for {
			select {
			case <-done:
				return
			case <-time.After(2 * time.Millisecond):
				most = max(most, heap()-before)
			}
		}
	}()
	if _, err := ReadFolder(t.Context(), dir, FolderConfig{Width: 8}); err != nil {
		t.Fatal(err)
	}
	close(done)
	<-watched
	runtime.KeepAlive(inUse)
	t.Logf("at most %d MiB for %d MiB of decoded images", most>>20, n*each>>20)
	if most > 150<<20 {
		t.Errorf("at most %d MiB, want below 150", most>>20)
	}
}
