package datasets

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/sync/semaphore"

	"github.com/sdtlab/sdtlab/sdt"
)

// FolderConfig says how [ReadFolder] reads a domain.
type FolderConfig struct {
	Domain string // name of the domain; "": the folder's own, or of one called images that above it
	Width  int    // of the images, pixels; 0: 227, CaffeNet's input
	Height int    // 0: Width
	Grey   bool   // one channel in place of three
	Filter Filter // of resizing; "": CatmullRom
	// AsShown turns an image as its EXIF or XMP orientation says and viewers show it: a
	// telephone stores a portrait lying on its side. False: pixels as they are stored, but
	// of a TIFF, whose orientation says where its first row and first column are: it is
	// always turned, as Pillow does it.
	AsShown bool
	Limits  Limits // on every file
	Cache   string // directory for decoded images; "": decode every time
	// Skip is called for each unusable file, which is then left out, and after them for each
	// class without an image. nil: unusable files are an error.
	Skip func(err error)
}

// ReadFolder reads the images of one domain: a folder with one sub-folder per
// class, image files in it. Classes and, in each class, files are in order of
// their names. What lies beside the class folders is passed over, and so are names beginning
// with ".", what systems and programs leave beside images (Thumbs.db, desktop.ini, __MACOSX,
// @eaDir, a.jpg:Zone.Identifier, a.jpg~, __pycache__ and their like) and downloads that were
// not finished (.part, .crdownload). Rows are
// uint8 [Height, Width, 3] (1 with Grey), Names are "class/file".
//
// JPEG (of webcams too, without Huffman tables), PNG, GIF, BMP, TIFF and WebP are read,
// told by their content: a WebP may be called .jpg. An image may be grey, palette, CMYK,
// of 16 bits or interlaced; of an animation or of several pages the first is read. What
// is transparent becomes white. Colour profiles and gamma are ignored. A file whose end is
// cut off is read if no pixel is missing. The EXIF orientation is ignored unless AsShown is
// set: it decides the pixels, and so the key of what is trained on them.
//
// Pixels are those that Pillow has, apart from these:
//
//   - A JPEG's are rounded another way, and colours that it has for every second pixel only
//     are not blended.
//   - Of 16-bit grey the upper eight bits are taken, which Pillow limits to 255, and a TIFF of
//     it whose 0 is white is inverted. A TIFF of 16 bits in planes, or of Y, Cb and Cr that
//     pixels share and nothing packs, is read as the standard has it.
//   - A BMP whose alpha is 0 everywhere is opaque. Alpha of 16 bits is read, but not a single
//     bit, which Pillow ignores too.
//   - A TIFF's table of colours whose numbers are all below 256 is taken to have 8 bits.
//
// Whatever else lies in a class folder, a damaged, empty, or non-image file, one of
// another kind (HEIC, AVIF, RAW …: the error says which), a sub-folder, a link to nowhere,
// an image beyond Limits, is unusable, and so is a class folder that cannot be listed: the
// error names the first five and why, and counts the rest, unless Skip takes them. A class
// of which no image is left, or whose folder is empty, remains one of Classes, without
// examples, and Skip hears of it. More images than Limits.Memory has room for, a class whose name is not UTF-8, and two that are
// one name in two forms of Unicode, are an error too.
//
// With Cache, decoded images are written there, under a key made of the options and of
// every file's name, size and times of change, and read from there the next time; a
// damaged cache file is decoded anew. Times are compared for being equal, never for being
// later. The time that the system itself keeps (on Linux and macOS) is among them, so a
// file that is changed and given back its size and its date is noticed. It stops between
// files when ctx is done.
//
// Files are decoded on all cores, into the memory that is returned: reading takes that
// much, room for unusable files included, one file for each core, and 1 GiB for images
// while they are decoded, or what a single image takes that needs more.
func ReadFolder(ctx context.Context, dir string, cfg FolderConfig) (sdt.Labelled, error) {
	fail := func(err error) (sdt.Labelled, error) {
		return sdt.Labelled{}, fmt.Errorf("image folder %s: %w", dir, err)
	}
	if cfg.Domain == "" {
		name, err := domainName(dir)
		if err != nil {
			return fail(err)
		}
		cfg.Domain = name
	}
	if cfg.Width == 0 {
		cfg.Width = 227
	}
	if cfg.Height == 0 {
		cfg.Height = cfg.Width
	}
	if cfg.Width < 1 || cfg.Height < 1 || cfg.Width > 4096 || cfg.Height > 4096 {
		return fail(fmt.Errorf("images of %d×%d were asked for, want 1…4096", cfg.Width, cfg.Height))
	}
	cfg.Limits = cfg.Limits.withDefaults()
	if _, err := cfg.Filter.kernel(); err != nil {
		return fail(err)
	}
	files, classes, err := listFolder(dir)
	if err != nil {
		return fail(err)
	}
	out := cfg.empty(classes)
	if most := cfg.Limits.Memory / int64(out.Size()); int64(len(files)) > most {
		return fail(fmt.Errorf("%d images of shape %v take %.1f GB, want at most %.1f (Limits.Memory): ask for smaller ones (Width), leave some out, or raise the limit",
			len(files), out.Shape, float64(len(files))*float64(out.Size())/1e9, float64(cfg.Limits.Memory)/1e9))
	}
	for _, class := range classes {
		if !utf8.ValidString(class) {
			return fail(fmt.Errorf("class folder %q is not UTF-8: give it another name", class))
		}
	}
	if err := deeper(dir, files, classes); err != nil {
		return fail(err)
	}
	key := cfg.cacheKey(files)
	if cached, ok := cfg.fromCache(key, classes); ok {
		cfg.tellEmpty(dir, cached, files)
		return cached, nil
	}
	out, unusable, err := cfg.decode(ctx, dir, files, classes)
	if err != nil {
		return fail(err)
	}
	if len(unusable) > 0 {
		if cfg.Skip == nil {
			return fail(unusableError(unusable))
		}
		for _, err := range unusable {
			cfg.Skip(err)
		}
	}
	if out.Len() == 0 {
		return fail(fmt.Errorf("no usable image: want %s files in its class sub-folders", strings.Join(readKinds(), ", ")))
	}
	if len(unusable) == 0 { // so that a skipped file is reported every time
		if err := cfg.toCache(key, out); err != nil {
			return fail(err)
		}
	}
	cfg.tellEmpty(dir, out, files)
	return out, nil
}

// domainName returns the name of a domain by its folder's: "." and ".." have none themselves,
// and all of Office-31's are called images, in amazon, dslr and webcam.
func domainName(dir string) (string, error) {
	at, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if above := filepath.Dir(at); strings.EqualFold(filepath.Base(at), "images") && filepath.Dir(above) != above {
		at = above
	}
	return filepath.Base(at), nil
}

// tellEmpty tells Skip of the classes that have no image, and why.
func (cfg FolderConfig) tellEmpty(dir string, l sdt.Labelled, files []folderFile) {
	if cfg.Skip == nil {
		return
	}
	for k, class := range l.Classes {
		if slices.Contains(l.Labels, int32(k)) {
			continue
		}
		why := "has no image: its folder is empty"
		if slices.ContainsFunc(files, func(f folderFile) bool { return f.class == int32(k) }) {
			why = "has no image left: none of its files can be used"
		}
		cfg.Skip(fmt.Errorf("%s: class %s %s: put images into it, or remove the folder", shown(filepath.Join(dir, class)), class, why))
	}
}

// decode reads all the files, several at a time, and keeps those that are usable.
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
	var wait sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			p := placer{upright: newResampler(kernel, cfg.Width, cfg.Height), grey: cfg.Grey}
			for i := range next {
				path := filepath.Join(dir, filepath.FromSlash(files[i].name))
				if err := files[i].err; err != nil {
					errs[i] = fmt.Errorf("%s: %w", shown(path), err)
				} else if err := cfg.read(ctx, path, room, &p, out.Pixels[i*size:(i+1)*size]); err != nil {
					errs[i] = fmt.Errorf("%s: %w", shown(path), reason(err))
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

// decoding is how much memory images take, together, while they are decoded; one that
// takes more is decoded when no other is. So many cores decode small images at once, and
// a few large ones.
const decoding = 1 << 30

// read writes to to the image of a file, brought to its size. Memory for decoding it is
// taken from room, which has [decoding] bytes.
func (cfg FolderConfig) read(ctx context.Context, path string, room *semaphore.Weighted, p *placer, to []uint8) error {
	pic, err := openImage(path, cfg.Limits)
	if err != nil {
		return err
	}
	weight := min(pic.memory, decoding)
	if err := room.Acquire(ctx, weight); err != nil {
		return err
	}
	defer room.Release(weight)
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
