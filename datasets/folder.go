package datasets

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sdtlab/sdtlab/sdt"
)

// FolderConfig says how [ReadFolder] reads a domain.
type FolderConfig struct {
	Domain string // name of the domain; "": the folder's name, or the name of its parent if the folder is called images
	Width  int    // of the images, pixels; 0: 227, CaffeNet's input
	Height int    // 0: Width
	Grey   bool   // one channel instead of three
	Filter Filter // for resizing; "": CatmullRom
	// AsShown rotates an image by its EXIF or XMP orientation, as viewers show it: a phone
	// stores a portrait lying on its side. If false, pixels stay as stored, except in a TIFF:
	// its orientation says where its first row and first column are, so it is always rotated,
	// as in Pillow.
	AsShown bool
	Limits  Limits // for every file
	Cache   string // directory for decoded images; "": decode every time
	// Skip is called for each unusable file, which is then skipped, and after them for each
	// class without an image. nil: unusable files are an error.
	Skip func(err error)
	// Progress is where to draw a progress bar of the files that are decoded; nil: none.
	Progress io.Writer
}

// ReadFolder reads the images of one domain: a folder with one sub-folder of image files
// per class. Classes, and the files in each class, are in order of their names. ReadFolder
// ignores files beside the class folders, names beginning with ".", files that systems and
// programs leave beside images (Thumbs.db, desktop.ini, __MACOSX, @eaDir,
// a.jpg:Zone.Identifier, a.jpg~, __pycache__ and the like) and unfinished downloads (.part,
// .crdownload). Rows are uint8 [Height, Width, 3] (1 with Grey), Names are "class/file".
//
// ReadFolder reads JPEG (including webcams' JPEGs without Huffman tables), PNG, GIF, BMP,
// TIFF and WebP, recognized by their content: a WebP may be called .jpg. An image may be grey,
// palette, CMYK, 16-bit or interlaced; if it is animated or has several pages, the first is
// read. Transparent areas become white. Colour profiles and gamma are ignored. A truncated file
// is read if no pixel is missing. The EXIF orientation is ignored unless AsShown is set: it
// changes the pixels, and so the key of what is trained on them.
//
// Pixels are the same as in Pillow, with these exceptions:
//
//   - A JPEG's pixels are rounded differently, and colours stored for every second pixel only
//     are not blended.
//   - From 16-bit grey the upper eight bits are used, where Pillow limits values to 255; a
//     16-bit grey TIFF in which 0 is white is inverted. A 16-bit TIFF in planes, or an
//     uncompressed TIFF with subsampled Cb and Cr, is read according to the standard.
//   - A BMP with alpha 0 everywhere is opaque. Alpha in a 16-bit BMP is read, unless it is a
//     single bit, which Pillow ignores too.
//   - A TIFF's colour table with only numbers below 256 is read as 8-bit.
//
// Anything else in a class folder is unusable: a damaged, empty or non-image file, an image of
// another format (HEIC, AVIF, RAW …: the error says which), a sub-folder, a broken link, an
// image beyond Limits; and so is a class folder that cannot be listed. The error names the
// first five, with the reasons, and counts the rest, unless Skip is set. A class with an empty
// folder, or with no usable image, remains one of Classes, without examples, and is reported
// to Skip. It is also an error if the images need more than Limits.Memory, if a class name is
// not UTF-8, or if two class names are one name in two forms of Unicode.
//
// With Cache, decoded images are written there, under a key computed from the options and
// every file's name, size and times of change, and read from there the next time; if the cache
// file is damaged, the images are decoded again. Times are compared for equality only. They
// include the time that the system itself keeps (on Linux and macOS), so a changed file is
// noticed even if its size and date are restored. ReadFolder stops between files when ctx is
// done.
//
// Files are decoded on all cores, into the memory that is returned. Reading takes that much
// memory (including space for unusable files), one file per core, 1 GiB for images being
// decoded, or more if a single image needs more, and 64 MiB for those that were.
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
	cfg, err := cfg.withDefaults()
	if err != nil {
		return fail(err)
	}
	files, classes, err := listFolder(dir)
	if err != nil {
		return fail(err)
	}
	if err := cfg.fits(len(files)); err != nil {
		return fail(err)
	}
	for _, class := range classes {
		if !utf8.ValidString(class) {
			return fail(fmt.Errorf("class folder %q: its name is not UTF-8: rename it", class))
		}
	}
	if err := deeper(dir, files, classes); err != nil {
		return fail(err)
	}
	out, err := cfg.images(ctx, dir, files, classes)
	if err != nil {
		return fail(err)
	}
	cfg.tellEmpty(dir, out, files)
	return out, nil
}

// domainName returns the name of a domain, from its folder. "." and ".." are not names, and
// all of Office-31's folders are called images, in amazon, dslr and webcam.
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

// tellEmpty reports the classes without an image to Skip, with the reason.
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
			why = "has no image: none of its files can be used"
		}
		cfg.Skip(fmt.Errorf("%s: class %s %s: put images into it, or remove the folder", shown(filepath.Join(dir, class)), class, why))
	}
}
