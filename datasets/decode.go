package datasets

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/semaphore"

	"github.com/sdtlab/sdtlab/sdt"
)

// withDefaults returns the configuration with defaults filled in, or an error for a field with
// an unusable value.
func (cfg FolderConfig) withDefaults() (FolderConfig, error) {
	if cfg.Width == 0 {
		cfg.Width = 227
	}
	if cfg.Height == 0 {
		cfg.Height = cfg.Width
	}
	if cfg.Width < 1 || cfg.Height < 1 || cfg.Width > 4096 || cfg.Height > 4096 {
		return cfg, fmt.Errorf("size: Width × Height is %d×%d, want 1…4096 each", cfg.Width, cfg.Height)
	}
	cfg.Limits = cfg.Limits.withDefaults()
	_, err := cfg.Filter.kernel()
	return cfg, err
}

// fits returns an error if n images need more than Limits.Memory.
func (cfg FolderConfig) fits(n int) error {
	out := cfg.empty(nil)
	if most := cfg.Limits.Memory / int64(out.Size()); int64(n) > most {
		return fmt.Errorf("%d images of shape %v need %.1f GB, want at most %.1f (Limits.Memory): make them smaller (Width), use fewer, or raise the limit",
			n, out.Shape, float64(n)*float64(out.Size())/1e9, float64(cfg.Limits.Memory)/1e9)
	}
	return nil
}

// images returns the images of the files, from the cache if they are there. Defaults of cfg are
// filled in.
func (cfg FolderConfig) images(ctx context.Context, dir string, files []folderFile, classes []string) (sdt.Labelled, error) {
	key := cfg.cacheKey(files)
	if cached, ok := cfg.fromCache(key, classes); ok {
		return cached, nil
	}
	out, unusable, err := cfg.decode(ctx, dir, files, classes)
	if err != nil {
		return out, err
	}
	if len(unusable) > 0 {
		if cfg.Skip == nil {
			return out, unusableError(unusable)
		}
		for _, err := range unusable {
			cfg.Skip(err)
		}
	}
	if out.Len() == 0 {
		return out, fmt.Errorf("no usable image: want %s files in the class sub-folders", strings.Join(readKinds(), ", "))
	}
	if len(unusable) == 0 { // so that a skipped file is reported every time
		if err := cfg.toCache(key, out); err != nil {
			return out, err
		}
	}
	return out, nil
}

// decode reads all the files, several at a time, and keeps the usable ones.
func (cfg FolderConfig) decode(ctx context.Context, dir string, files []folderFile, classes []string) (out sdt.Labelled, unusable []error, err error) {
	kernel, err := cfg.Filter.kernel()
	if err != nil {
		return out, nil, err
	}
	out = cfg.empty(classes)
	size := out.Size()
	out.Pixels = make([]uint8, len(files)*size)
	errs := make([]error, len(files))
	next, room := make(chan int), semaphore.NewWeighted(decoding)
	bar := countBar(cfg.Progress, cfg.Domain, len(files))
	defer bar.Exit() // Close would draw it full
	var used garbage
	var wait sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			p := placer{upright: newResampler(kernel, cfg.Width, cfg.Height), grey: cfg.Grey}
			for i := range next {
				path := filepath.Join(dir, filepath.FromSlash(files[i].name))
				err := files[i].err
				if err == nil {
					err = reason(cfg.read(ctx, path, room, &p, out.Pixels[i*size:(i+1)*size], &used))
				}
				bar.Add(1)
				if err != nil {
					errs[i] = fmt.Errorf("%s%s: %w", files[i].by, shown(path), err)
				}
			}
		})
	}
	for i := range files {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	wait.Wait()
	if ctx.Err() != nil {
		return out, nil, ctx.Err()
	}
	for i, f := range files {
		if errs[i] != nil {
			unusable = append(unusable, errs[i])
			continue
		}
		copy(out.Pixels[len(out.Labels)*size:], out.Pixels[i*size:(i+1)*size])
		out.Labels = append(out.Labels, f.class)
		out.Names = append(out.Names, f.name)
	}
	out.Pixels = out.Pixels[:len(out.Labels)*size]
	return out, unusable, nil
}

// decoding is the memory for all images being decoded; an image that needs more is
// decoded when no other is. So all cores decode small images at once, and only a few
// decode large ones.
const decoding = 1 << 30

// garbage is the memory of decoded images since the last collection, bytes. Go's collector would
// wait until it is as large as all memory in use: reading a large folder would need twice
// the memory of the folder's images.
type garbage struct{ atomic.Int64 }

// add adds the memory of an image, and collects at 64 MiB.
func (g *garbage) add(bytes int64) {
	const most = 64 << 20
	if g.Add(bytes) >= most && g.Swap(0) >= most {
		runtime.GC()
	}
}

// read writes the resized image of a file to to. The memory for decoding it is
// taken from room, which has [decoding] bytes.
func (cfg FolderConfig) read(ctx context.Context, path string, room *semaphore.Weighted, p *placer, to []uint8, used *garbage) error {
	pic, err := openImage(path, cfg.Limits)
	if err != nil {
		return err
	}
	weight := min(pic.memory, decoding)
	if err := room.Acquire(ctx, weight); err != nil {
		return err
	}
	defer room.Release(weight)
	defer used.add(pic.memory)
	img, err := pic.decode()
	if err != nil {
		return err
	}
	orientation := 1
	if cfg.AsShown || pic.turned {
		orientation = pic.orientation
	}
	p.place(to, img, orientation)
	return nil
}

// empty returns the domain without examples.
func (cfg FolderConfig) empty(classes []string) sdt.Labelled {
	channels := 3
	if cfg.Grey {
		channels = 1
	}
	return sdt.Labelled{
		Examples: sdt.Examples{Domain: cfg.Domain, Shape: []int{cfg.Height, cfg.Width, channels}},
		Classes:  slices.Clone(classes),
	}
}
