package datasets

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// archived returns the files of testdata/images.tar.gz, made by testdata/images.py, by name.
// NAME.ppm has the pixels of NAME as decoded by Pillow 13.0.0.
func archived(t testing.TB) map[string][]byte {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "images.tar.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	unpacked, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for r := tar.NewReader(unpacked); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err == nil {
			files[h.Name], err = io.ReadAll(r)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// readableImages are files that are read, with the most by which a sample, in 0…255, may differ
// from Pillow's. JPEGs differ because Go and libjpeg round differently (1 or 2) or, with
// subsampled colours, because libjpeg blends neighbours (more, at an edge).
var readableImages = []struct {
	within int
	why    string
	names  string
}{
	{2, "a JPEG as most are; each block and each way to code it", "plain.jpg optimized.jpg quality-5.jpg quality-100.jpg extended.jpg scans.jpg"},
	{1, "grey has one component, and no colour to convert", "grey.jpg progressive-grey.jpg no-huffman-tables-grey.jpg"},
	{3, "colours with fewer samples, which a size that is no multiple of them cuts", "sampled-1x1.jpg sampled-2x1.jpg sampled-1x2.jpg sampled-2x2.jpg sampled-4x1.jpg sampled-4x2.jpg sampled-2x2,2x1,2x1.jpg"},
	{2, "pictures of the web come in several scans", "progressive.jpg"},
	{3, "markers between blocks, after which the decoder begins anew", "restarts.jpg restarts-sampled.jpg"},
	{1, "three components that are RGB, as their names or Adobe's segment say", "rgb.jpg adobe-rgb.jpg"},
	{3, "frames of webcams have no Huffman tables, or some: the standard ones hold; zeros fill up their buffer", "no-huffman-tables.jpg no-huffman-tables-sampled.jpg some-huffman-tables.jpg webcam.jpg"},
	{3, "scans of one component, where another has fewer samples: Go's package counts other blocks than are there", "progressive-2x2.jpg progressive-2x1.jpg progressive-1x2.jpg progressive-4x1,2x1,2x1.jpg"},
	{3, "the same with markers between blocks: of a scan of one component they count its own blocks", "progressive-restarts-2x2.jpg progressive-restarts-2x1.jpg progressive-restarts-1x2.jpg progressive-restarts-4x1,2x1,2x1.jpg progressive-restarts-rows.jpg progressive-restarts-1x1.jpg"},
	{3, "the same where each component is whole in a scan of its own", "scans-restarts-2x2.jpg scans-restarts-2x1.jpg scans-restarts-1x2.jpg scans-restarts-4x1,2x1,2x1.jpg"},
	{3, "two components together, and each kind of scan that refines another; and without an end", "progressive-restarts-odd-scans.jpg progressive-restarts-no-end.jpg"},
	{2, "the end is cut off, but no pixel: Pillow reads such a JPEG if anything comes after", "no-end.jpg half-an-end.jpg no-end-zeros.jpg no-end-restarts.jpg no-end-progressive.jpg"},
	{2, "what follows the end is not of the image: a telephone puts a second one there", "garbage-behind.jpg two-behind-one-another.jpg"},
	{2, "libjpeg passes over fill bytes, and over what is between segments", "fill-bytes.jpg garbage-between.jpg"},
	{2, "segments beside the image: comments, profiles, EXIF with a JPEG in it", "comment.jpg profile.jpg thumbnail.jpg"},
	{1, "CMYK is inverted in JPEG, as Adobe began it, whether its segment says so or not", "cmyk.jpg cmyk-progressive.jpg cmyk-no-adobe.jpg"},
	{2, "Y, Cb, Cr and K, as Photoshop saves", "ycck.jpg"},
	{2, "the eight orientations of EXIF, in both orders of bytes; 9 is none", "shown-1.jpg shown-2.jpg shown-3.jpg shown-4.jpg shown-5.jpg shown-6.jpg shown-7.jpg shown-8.jpg shown-9.jpg shown-6-grey.jpg"},
	{2, "the orientation as any kind of number: whoever writes EXIF by hand", "shown-6-long.jpg shown-7-signed-short.jpg shown-8-signed-long.jpg shown-6-fraction.jpg shown-3-float.jpg"},
	{2, "EXIF whose directory counts more than there is, or that is in two segments, or has its name twice", "shown-6-more-said.jpg shown-6-cut.jpg shown-6-in-two.jpg shown-6-twice.jpg"},
	{2, "XMP alone says the orientation: editors that write no EXIF", "shown-6-xmp.jpg shown-8-xmp-element.jpg shown-5-xmp-for-exif.jpg"},
	{2, "where EXIF says one, even none that there is, XMP does not count", "shown-1-not-xmp.jpg shown-9-not-xmp.jpg"},
	{2, "without AsShown pixels are as they are stored", "stored-6.jpg"},
	{2, "content decides, and not the name", "jpeg-as.png"},

	{0, "each kind and depth of PNG", "rgb.png grey.png 1-bit.png 2-bit.png 4-bit.png 16-bit-grey.png 16-bit-rgb.png 1-pixel.png png-as.jpg"},
	{1, "alpha on white is rounded", "rgba.png grey-alpha.png 16-bit-rgba.png 16-bit-grey-alpha.png"},
	{0, "a table of colours, with fewer than it may have, or for nothing", "palette-1-bit.png palette-2-bit.png palette-4-bit.png palette-8-bit.png palette-short.png palette-unused.png"},
	{1, "colours of the table that let white through", "palette-clear.png"},
	{0, "one colour, or one grey, that is transparent", "grey-clear.png rgb-clear.png"},
	{0, "seven passes, some of them empty", "interlaced.png interlaced-16-bit.png interlaced-1-pixel.png"},
	{0, "the first frame of an animation is the image of those that know none", "animated.png"},
	{0, "chunks beside the image: gamma and profile are ignored, as by Pillow", "text.png gamma.png profile.png unknown-chunk.png"},
	{0, "the end is cut off, up to the checksum of the last row, but no pixel", "no-end.png half-an-end.png no-end-nor-checksum.png no-end-nor-checksums.png no-end-interlaced.png"},
	{1, "the same, with a table of colours that lets white through", "no-end-palette.png"},
	{0, "what follows the end is not of the image", "garbage-behind.png"},
	{0, "a chunk that the image does not need may be damaged", "wrong-checksum-of-text.png wrong-checksum-behind.png"},
	{0, "rows have a checksum of their own, so that of their chunk does not matter", "wrong-checksum-of-pixels.png wrong-checksum-of-the-end.png"},
	{0, "rows in chunks of any size, with others between them", "split-pixels.png empty-pixels.png text-between-pixels.png"},
	{0, "more rows than there should be are left away", "more-pixels.png"},
	{0, "a table of colours that is too long, or that grey has, is no reason to refuse", "long-palette.png palette-of-grey.png"},
	{1, "chunks in the wrong order", "clear-before-palette.png"},
	{0, "EXIF in PNG, before the pixels and behind them", "shown-3.png shown-6.png shown-8-behind.png"},
	{0, "EXIF with JPEG's name before it, and as ImageMagick wrote it before PNG had a chunk for it", "shown-6-exif-header.png shown-6-raw-profile.png shown-8-raw-profile.png"},
	{0, "XMP in PNG, packed or not", "shown-6-xmp.png shown-8-xmp.png"},
	{1, "the same where white shows through: such images are resized another way", "shown-5-rgba.png"},

	{0, "GIF of both versions, interlaced or not", "plain.gif grey.gif uninterlaced.gif interlaced.gif 87a.gif gif-as.jpg"},
	{0, "a transparent colour becomes white", "clear.gif"},
	{0, "a frame's own table of colours, and none at all, which is grey", "local-palette.gif only-local-palette.gif no-palette.gif"},
	{0, "a frame smaller than the screen leaves the first colour, or white, around it", "small-frame.gif small-frame-clear.gif"},
	{0, "a frame beyond the screen widens it", "large-frame.gif beside-screen.gif no-screen.gif"},
	{0, "no end, or bytes behind it or between blocks", "no-end.gif garbage-behind.gif zeros-between.gif"},
	{0, "blocks beside the image, known or not", "comment.gif unknown-extension.gif"},
	{0, "the first frame of an animation", "animated.gif"},
	{0, "values of one bit, or of more than eight, of which eight count", "1-bit-values.gif 9-bit-values.gif 11-bit-values.gif 12-bit-values.gif"},
	{0, "an index beyond the table is black, and not what a table before this one had", "beyond-palette.gif beyond-local-palette.gif"},

	{0, "each depth of BMP", "24-bit.bmp 8-bit-grey.bmp 1-bit.bmp 1-bit-colours.bmp 4-bit.bmp 8-bit.bmp 16-bit-555.bmp 16-bit-565.bmp 32-bit.bmp 32-bit-fields.bmp bmp-as.jpg"},
	{1, "alpha where masks say it", "32-bit-alpha.bmp 32-bit-alpha-v3.bmp"},
	{0, "a single bit of alpha is not meant: Pillow has no alpha of 16 bits", "16-bit-1555.bmp"},
	{0, "alpha that no pixel has is not meant: Pillow's pixels are those of the file without it", "32-bit-all-clear.bmp"},
	{0, "every length of header, that of OS/2 too; without masks the fourth byte is not alpha", "32-bit-v5.bmp 24-bit-v4.bmp os2-24-bit.bmp os2-4-bit.bmp os2-v2.bmp"},
	{0, "from the top down", "24-bit-down.bmp"},
	{0, "a gap before the pixels", "24-bit-gap.bmp 8-bit-gap.bmp"},
	{0, "pixels that are said to begin where the table of colours does", "8-bit-wrong-begin.bmp"},
	{0, "run lengths, with steps over pixels", "8-bit-runs.bmp 4-bit-runs.bmp 8-bit-runs-steps.bmp"},

	{0, "each packing of TIFF without loss", "rgb-raw.tif rgb-tiff_lzw.tif rgb-tiff_adobe_deflate.tif rgb-tiff_deflate.tif rgb-packbits.tif tiff-as.jpg"},
	{0, "one bit, with the packings of fax, and black or white as 0, from the left or the right", "1-bit-raw.tif 1-bit-group3.tif 1-bit-group4.tif 1-bit-packbits.tif 1-bit-white-is-0.tif 1-bit-white-is-0-group4.tif 1-bit-from-the-right.tif 1-bit-runs.tif"},
	{0, "group 3 whose ends of lines are filled up to a byte: fax servers write them", "1-bit-group3-filled.tif 1-bit-group3-filled-wide.tif 1-bit-group3-filled-from-the-right.tif"},
	{0, "grey of each depth", "grey.tif grey-white-is-0.tif 2-bit.tif 4-bit.tif 16-bit-grey.tif 16-bit-grey-big-endian.tif from-the-right.tif"},
	{0, "16 bits a sample, and both orders of bytes", "16-bit-rgb.tif 16-bit-rgb-big-endian-lzw.tif"},
	{1, "alpha, with colours multiplied by it or not", "rgba.tif rgba-premultiplied.tif grey-alpha.tif"},
	{0, "a sample more that is not alpha", "rgb-more.tif"},
	{0, "a table of colours, with a sample more that is not alpha", "palette.tif 4-bit-palette.tif palette-more.tif"},
	{1, "a table of colours and alpha, as Pillow saves its mode PA", "palette-alpha.tif palette-alpha-lzw.tif"},
	{1, "Y, Cb and Cr without JPEG, whatever packs them", "ycbcr-raw.tif ycbcr-tiff_lzw.tif ycbcr-tiff_adobe_deflate.tif ycbcr-tiff_deflate.tif ycbcr-packbits.tif"},
	{1, "the same where pixels share a Cb and a Cr; that is not said, two by two do, but not of a file that is not packed", "ycbcr-2x2.tif ycbcr-2x1.tif ycbcr-1x2.tif ycbcr-4x2.tif ycbcr-2x2-packbits.tif ycbcr-2x2-not-said.tif ycbcr-not-said.tif"},
	{1, "shared and not packed: Pillow's pixels are those of the packed file", "ycbcr-2x2-raw.tif"},
	{1, "the same as differences, and of other levels and coefficients", "ycbcr-predictor.tif ycbcr-levels.tif ycbcr-coefficients.tif"},
	{1, "CMYK, which is not inverted here", "cmyk.tif cmyk-lzw.tif"},
	{0, "a plane for each colour", "planes.tif planes-deflate.tif"},
	{0, "tiles and strips, and differences from the left neighbour", "tiles.tif predictor.tif"},
	{0, "differences are said, but neither PackBits nor what is not packed has any", "predictor-raw.tif predictor-packbits.tif"},
	{0, "fewer bytes of pixels are said than there are, and nothing is packed", "short-count.tif"},
	{1, "JPEG in one strip", "rgb-jpeg.tif grey-jpeg.tif"},
	{6, "JPEG in several strips or tiles, with colours that libjpeg blends, at their edges too", "strips-jpeg.tif tiles-jpeg.tif"},
	{0, "64-bit offsets; the first page of several", "big.tif pages.tif"},
	{0, "directories that are out of order, or do not say all", "one-count-of-bits.tif no-sizes.tif unsorted.tif"},
	{0, "TIFF's own orientation", "shown-2.tif shown-6.tif shown-7.tif"},
	{0, "which holds without AsShown too: Pillow turns a TIFF when it loads its pixels", "turned-6.tif turned-4-lzw.tif turned-3-xmp.tif"},

	{0, "WebP with loss, bit by bit as libwebp", "lossy.webp lossy-5.webp lossy-100.webp lossy-black-and-white.webp grey.webp 1-pixel.webp webp-as.jpg"},
	{0, "WebP without loss", "lossless.webp lossless-palette.webp"},
	{1, "alpha, packed and raw", "lossless-alpha.webp lossy-alpha.webp lossy-alpha-raw.webp"},
	{0, "chunks beside the image, and behind it", "profile.webp unknown-chunk.webp garbage-behind.webp"},
	{0, "a header that says alpha where there is none", "says-alpha-has-none.webp"},
	{0, "the first frame of an animation, also where it is smaller than the canvas", "animated.webp animated-small-frame.webp"},
	{1, "the same with alpha", "animated-lossless.webp"},
	{0, "EXIF in WebP, and XMP", "shown-4.webp shown-6.webp shown-5-xmp.webp shown-8-xmp.webp"},
}

// TestImages reads every kind of file at its own size and compares it with Pillow's pixels.
func TestImages(t *testing.T) {
	files := archived(t)
	rows := map[string]bool{}
	for _, row := range readableImages {
		for name := range strings.FieldsSeq(row.names) {
			rows[name] = true
			width, height, want := pixmap(t, files[name+".ppm"])
			dir := tree(t, map[string][]byte{"mug/" + name: files[name]})
			l, err := ReadFolder(t.Context(), dir, FolderConfig{Width: width, Height: height, AsShown: strings.HasPrefix(name, "shown")})
			if err != nil {
				t.Errorf("%v (%s)", err, row.why)
				continue
			}
			for i, v := range l.Pixels {
				if d := int(v) - int(want[i]); d > row.within || d < -row.within {
					t.Errorf("%s: at x %d, y %d sample %d is %d, Pillow's %d (%s)", name, i/3%width, i/3/width, i%3, v, want[i], row.why)
					break
				}
			}
		}
	}
	for name := range strings.FieldsSeq(namedImages()) {
		rows[name] = true
	}
	for name := range files {
		if base, pixels := strings.CutSuffix(name, ".ppm"); !rows[name] && !(pixels && rows[base]) {
			t.Errorf("%s is in the archive and has no row", name)
		}
	}
	if len(rows) < 80 {
		t.Errorf("%d kinds of file", len(rows))
	}
}

// pixmap returns the size and the samples of a PPM.
func pixmap(t testing.TB, ppm []byte) (width, height int, rgb []byte) {
	t.Helper()
	if _, err := fmt.Sscanf(string(ppm), "P6\n%d %d\n255\n", &width, &height); err != nil {
		t.Fatal(err)
	}
	_, rgb, _ = bytes.Cut(ppm, []byte("\n255\n"))
	return width, height, rgb
}

// refusedImages are files that are not read, with what the error says.
var refusedImages = []struct{ name, says, why string }{
	{"cut.jpg", "damaged JPEG: the file is cut off", "a file cut in its data is an error, unlike one that lost its end"},
	{"cut-header.jpg", "damaged JPEG: the file is cut off before its pixels", "an EXIF thumbnail is no image"},
	{"cut-in-scan.jpg", "damaged JPEG: the file is cut off", "the last scan refines every pixel"},
	{"cut-between-scans.jpg", "damaged JPEG: the file is cut off", "whole scans, but not all: coarse"},
	{"cut-between-scans-with-end.jpg", "some of its scans are missing", "the same with an end: Pillow smooths what it has"},
	{"cut-between-plain-scans.jpg", "some of its scans are missing", "a colour is missing: it would be green"},
	{"progressive-restarts-cut.jpg", "damaged JPEG: the file is cut off: copy or download it again", "one of the files that are made one scan first"},
	{"progressive-restarts-scan-missing.jpg", "some of its scans are missing", "as before"},
	{"progressive-restarts-damaged.jpg", "damaged JPEG: its pixels are damaged: copy or download it again", "a marker that is missing"},
	{"garbage-before.jpg", "a JPEG seems to begin at byte 39", "Pillow does not look for the beginning; what to do is clear"},
	{"arithmetic.jpg", "a JPEG with arithmetic coding", "image/jpeg has Huffman's only"},
	{"arithmetic-progressive.jpg", "a JPEG with arithmetic coding", "the same in scans"},
	{"bits-12.jpg", "a JPEG with 12-bit samples", "Pillow refuses it too"},
	{"lossless.jpg", "a lossless JPEG", "another format under the same markers"},
	{"sampled-1x4.jpg", "1×4, 1×1, 1×1", "image/jpeg does not know these samples; they are said"},
	{"sampled-3x1.jpg", "3×1, 1×1, 1×1", "as before"},
	{"cut.png", "damaged PNG: the file is cut off after 67 of 832 bytes of its rows: copy or download it again", "how much there is says whether it is worth fetching again"},
	{"cut-header.png", "damaged PNG: the file is cut off in its chunk IHDR: copy or download it again", "nothing is known of it"},
	{"wrong-checksum-of-header.png", "its chunk IHDR is damaged: copy or download it again", "a size that may be wrong is worse than none"},
	{"wrong-pixels.png", "damaged PNG: its rows are damaged", "one bit that flipped"},
	{"xcode.png", "pngcrush -revert-iphone-optimizations", "a PNG by its signature, but by nothing else"},
	{"as-text.png", "with converted line ends", "what FTP did to many files; the signature is made to show it"},
	{"cut.gif", "damaged GIF: the file is cut off after 8 of 13 rows", "how much there is, as with PNG"},
	{"cut.bmp", "damaged BMP: the file is cut off after 11 of 13 rows", "BMP is stored from the bottom up: the top is missing"},
	{"cut.tif", "damaged TIFF: block 1 of 1: the file is cut off", "the directory is there, the strip is not"},
	{"cut.webp", "damaged WebP: the file is cut off: copy or download it again", "its decoder says \"unexpected EOF\""},
	{"cut-lossless.webp", "damaged WebP: the file is cut off: copy or download it again", "the decoder without loss says it another way"},
	{"cut-alpha.webp", "damaged WebP: the file is cut off", "where alpha ends"},
	{"ycbcr-2x2-predictor.tif", "2×2 pixels with one Cb and Cr, in planes or as differences", "differences of what, nobody says"},
	{"ycbcr-3x3.tif", "3×3 pixels with one Cb and Cr", "no number that the standard has"},
	{"group3-two-dimensional.tif", "two-dimensional fax codes of group 3", "each line is coded by the one above it"},
	{"float.tif", "scale it to 0…255", "what is white in it is not said anywhere"},
	{"signed.tif", "scale it to 0…255", "as before"},
	{"zstandard.tif", "a TIFF with Zstandard", "a packing that few have"},
	{"group3-no-ends.tif", "fax codes that are damaged or of a rare type", "libtiff needs no ends of rows"},
	{"old-jpeg.tif", "a TIFF with old JPEG", "what was called JPEG before it was settled"},
	{"lab.tif", "L*a*b* colours", "a colour model that few have"},
	{"avif-as.jpg", "it is AVIF, which is not supported: save it as JPEG or PNG", "its content says so, its name does not"},
	{"small.jp2", "JPEG 2000", "no JPEG, for all its name"},
	{"small.ico", "an icon (ICO)", "several images in one file: which?"},
	{"small.pcx", "PCX", "no signature but one byte: its header must fit"},
	{"small.tga", "Targa", "it begins as a cursor does"},
	{"small.ppm", "PBM, PGM or PPM", "Pillow reads it, cameras do not write it"},
	{"small.sgi", "SGI", "as before"},
	{"small.qoi", "QOI", "as before"},
	{"small.dds", "DDS", "as before"},
}

// namedImages returns the names of refusedImages.
func namedImages() string {
	var b strings.Builder
	for _, row := range refusedImages {
		b.WriteString(row.name + " ")
	}
	return b.String()
}

func TestRefusedImages(t *testing.T) {
	files := archived(t)
	for _, row := range refusedImages {
		saysOf(t, row.name, files[row.name], row.says)
	}
}

// saysOf checks that a file is refused, and what the error says.
func saysOf(t *testing.T, name string, content []byte, says string) {
	t.Helper()
	dir := tree(t, map[string][]byte{"mug/" + name: content})
	if _, err := ReadFolder(t.Context(), dir, FolderConfig{Width: 4}); err == nil || !strings.Contains(err.Error(), says) {
		t.Errorf("%s: error %v, want one that says %q", name, err, says)
	}
}
