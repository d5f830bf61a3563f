package datasets

// A kind is a kind of file, recognized by its first bytes: the extension of its name does
// not matter.
type kind struct {
	name   string // as in "it is …"
	begins func(head []byte) bool
	todo
}

// A todo says what to do with a file, depending on what was expected in its place.
type todo struct {
	image   string // expected: an image; "": images of this kind are read
	array   string // expected: a .npy file; FILE stands for the file, quoted, NPY for the array's, np for numpy; "": [mistaken] checks the content
	archive string // expected: an archive or an IDX file; FILE stands for the file; "": no advice
}

// These make the todo of common families of files.
func anImage(image string) todo {
	const other = "ReadFolder reads folders of images"
	return todo{image, other, other}
}

func unpackBy(undo string) todo {
	return todo{"unpack it", "unpack it: " + undo, "unpack it with: " + undo}
}

func numbers(python string) todo {
	return todo{"arrays are not read from folders of images", python, "save its content in the expected format"}
}

func nothing(image string) todo { return todo{image, "get the file itself", "get the file itself"} }

const asFrames = "save its frames as JPEG or PNG"

const (
	pickleKind = "a Python pickle (never unpickled, as it can run any code)"
	pickleLine = `np.save(NPY, np.load(FILE, allow_pickle=True))`
	torchKind  = "a PyTorch file, a pickle"
	torchLine  = `np.save(NPY, torch.load(open(FILE, "rb"), map_location="cpu").detach().numpy())`
)

// head is how many bytes of a file are read to recognize its kind.
const head = 4096

// kinds is the table of all kinds. The first that matches applies.
var kinds = []kind{
	{"JPEG", starts("\xff\xd8\xff"), anImage("")},
	{"PNG", starts("\x89PNG\r\n\x1a\n"), anImage("")},
	{"GIF", starts("GIF87a", "GIF89a"), anImage("")},
	{"WebP", within(0, "RIFF", 8, "WEBP"), anImage("")},
	{"BMP", isBMP, anImage("")},
	{"a raw photograph (CR2)", within(0, "II*\x00", 8, "CR"), anImage(asPhoto)},
	{"TIFF", starts("II*\x00", "MM\x00*", "II+\x00", "MM\x00+"), anImage("")},

	{"a PNG with converted line ends", starts("\x89PNG"), anImage("copy or download it again, as binary and not as text")},
	{"AVIF", brand("avif", "avis"), anImage(asPhoto)},
	{"HEIC", brand("heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"), anImage(asPhoto + " (phones can take JPEGs: \"most compatible\")")},
	{"a raw photograph (CR3)", brand("crx "), anImage(asPhoto)},
	{"a video (MP4 or MOV)", within(4, "ftyp"), anImage(asFrames)},
	{"JPEG XL", starts("\xff\x0a", "\x00\x00\x00\x0cJXL \r\n\x87\n"), anImage(asPhoto)},
	{"JPEG 2000", starts("\x00\x00\x00\x0cjP  \r\n\x87\n", "\xff\x4f\xff\x51"), anImage(asPhoto)},
	{"JPEG XR", starts("II\xbc"), anImage(asPhoto)},
	{"a raw photograph (RAF, ORF, RW2 or X3F)", starts("FUJIFILMCCD-RAW", "IIRO", "IIRS", "MMOR", "IIU\x00", "FOVb"), anImage(asPhoto)},
	{"an icon (ICO)", isIcon(1), anImage(asPicture)},
	{"a cursor (CUR)", isIcon(2), anImage(asPicture)},
	{"an icon (ICNS)", starts("icns"), anImage(asPicture)},
	{"a Photoshop file (PSD)", starts("8BPS"), anImage(asPhoto)},
	{"a GIMP file (XCF)", starts("gimp xcf"), anImage(asPhoto)},
	{"PDF", starts("%PDF"), anImage(asPicture)},
	{"PostScript", starts("%!PS", "\xc5\xd0\xd3\xc6"), anImage(asPicture)},
	{"PBM, PGM or PPM", isNetpbm, anImage(asPNG)},
	{"PFM, floating-point numbers", starts("PF\n", "Pf\n"), anImage(asBytes)},
	{"QOI", starts("qoif"), anImage(asPNG)},
	{"DDS", starts("DDS "), anImage(asPNG)},
	{"OpenEXR", starts("v/1\x01"), anImage(asBytes)},
	{"Radiance HDR", starts("#?RADIANCE", "#?RGBE"), anImage(asBytes)},
	{"FITS", starts("SIMPLE  ="), anImage(asBytes)},
	{"DICOM", within(128, "DICM"), anImage(asBytes)},
	{"SGI", starts("\x01\xda\x00", "\x01\xda\x01"), anImage(asPNG)},
	{"Sun raster", starts("\x59\xa6\x6a\x95"), anImage(asPNG)},
	{"DjVu", starts("AT&TFORM"), anImage(asPicture)},
	{"WMF or EMF", isMetafile, anImage(asPicture)},
	{"AVI", within(0, "RIFF", 8, "AVI "), anImage(asFrames)},
	{"a video (Matroska or WebM)", starts("\x1aE\xdf\xa3"), anImage(asFrames)},
	{"a video (MPEG)", starts("\x00\x00\x01\xba", "\x00\x00\x01\xb3"), anImage(asFrames)},

	{"a zip archive", starts("PK\x03\x04", "PK\x05\x06"), todo{"unpack it", "unpack it first", "unpack it first"}},
	{"compressed by gzip", starts("\x1f\x8b"), unpackBy("gunzip FILE")},
	{"compressed by bzip2", starts("BZh"), unpackBy("bunzip2 FILE")},
	{"compressed by xz", starts("\xfd7zXZ\x00"), unpackBy("unxz FILE, or tar -xf FILE")},
	{"compressed by Zstandard", starts("\x28\xb5\x2f\xfd"), unpackBy("unzstd FILE, or tar -xf FILE")},
	{"compressed by LZ4", starts("\x04\x22\x4d\x18"), unpackBy("lz4 -d FILE")},
	{"compressed by lzip", starts("LZIP"), unpackBy("lzip -d FILE, or tar -xf FILE")},
	{"compressed by LZMA", starts("\x5d\x00\x00"), unpackBy("unlzma FILE, or tar -xf FILE")},
	{"compressed by lzop", starts("\x89LZO"), unpackBy("lzop -d FILE")},
	{"compressed by compress (.Z)", starts("\x1f\x9d"), unpackBy("gunzip FILE")},
	{"a 7z archive", starts("7z\xbc\xaf\x27\x1c"), unpackBy("7z x FILE")},
	{"a RAR archive", starts("Rar!\x1a\x07"), unpackBy("unrar x FILE, or 7z x FILE")},
	{"a tar archive", within(257, "ustar"), unpackBy("tar -xf FILE")},
	{"a Windows cabinet", starts("MSCF"), unpackBy("cabextract FILE, or 7z x FILE")},
	{"an ar archive", starts("!<arch>\n"), unpackBy("ar x FILE")},
	{"a cpio archive", starts("070707", "070701"), unpackBy("cpio -id < FILE")},
	{"a xar archive", starts("xar!"), unpackBy("xar -xf FILE")},

	{"a NumPy array", starts("\x93NUMPY"), todo{"ReadFeatures reads features, and ReadNpy arrays", "read it with ReadNpy", "read it with ReadNpy"}},
	{"a MATLAB 7.3 .mat file", starts("MATLAB 7.3"), numbers(`np.save(NPY, h5py.File(FILE)["NAME"][()].T)`)},
	{"a MATLAB .mat file", starts("MATLAB"), numbers(`np.save(NPY, scipy.io.loadmat(FILE)["NAME"])`)},
	{"an HDF5 file", starts("\x89HDF\r\n\x1a\n"), numbers(`np.save(NPY, h5py.File(FILE)["NAME"][()])`)},
	{"a Parquet file", starts("PAR1"), numbers(`np.save(NPY, pandas.read_parquet(FILE).to_numpy())`)},
	{"an Arrow file", starts("ARROW1"), numbers(`np.save(NPY, pandas.read_feather(FILE).to_numpy())`)},
	{"a .safetensors file", within(8, `{"`), numbers(`np.save(NPY, safetensors.numpy.load_file(FILE)["NAME"])`)},
	{torchKind, starts("\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19"), numbers(torchLine)},
	{pickleKind, starts("\x80\x02", "\x80\x03", "\x80\x04", "\x80\x05", "cnumpy.", "ccopy_reg\n", "ccollections\n", "(dp0\n", "(lp0\n", "(dp1\n", "(lp1\n"), numbers(pickleLine)},
	{"an IDX file, MNIST's format", starts("\x00\x00\x08"), todo{"ReadIDX reads it", "read it with ReadIDX", ""}},

	{"a Windows file, not an image (Thumbs.db, or an old document)", starts("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), nothing("remove it")},
	{"a Windows shortcut", starts("\x4c\x00\x00\x00\x01\x14\x02\x00"), nothing("put the image itself in its place")},
	{"a file that macOS keeps beside another, not an image", starts("\x00\x05\x16\x07", "\x00\x05\x16\x00"), nothing("remove it")},
	{"a Linux program", starts("\x7fELF"), nothing("remove it")},
	{"a Git LFS pointer, not the file itself", starts("version https://git-lfs"), todo{"fetch the image itself: git lfs pull", "fetch the file: git lfs pull", "fetch the file with: git lfs pull"}},
	{"SVG", isSVG, anImage("convert it to PNG")},
	{"a web page", isPage, todo{"it was saved in place of the image: download the image itself",
		"it was saved in place of the file: download the file itself", "an error or a login was saved in place of the file: download the file with a browser"}},
	{"PCX", isPCX, anImage(asPNG)},
	{"Targa (TGA)", isTGA, anImage(asPNG)},
	{"a file of zeros", zeros, todo{"copy or download it again", "", ""}},
	{"text (JSON)", isJSON, todo{"remove it, or put an image in its place", `np.save(NPY, np.array(json.load(open(FILE))))`, "perhaps a server's message instead of the file: read it, and download the file again"}},
	{"text", isText, todo{"remove it, or put an image in its place", "", ""}},
	{"text in UTF-16", starts("\xff\xfe"), todo{"remove it, or put an image in its place", `np.save(NPY, np.loadtxt(FILE, delimiter=",", encoding="utf-16"))`, ""}},
	{"a Windows program, perhaps a self-extracting archive", starts("MZ"), unpackBy("7z x FILE")},
}

// kindOf returns the kind of a file by its first [head] bytes; ok is false if the kind is
// not known.
func kindOf(data []byte) (k kind, ok bool) {
	data = data[:min(len(data), head)]
	for _, k := range kinds {
		if k.begins(data) {
			return k, true
		}
	}
	return kind{}, false
}

// fileKind says, by its first bytes, what a file is that was expected to be an archive or an
// IDX file, and what to do: "compressed by xz: unpack it with: …". It returns "" if the kind
// is not known.
func fileKind(data []byte) string {
	if k, ok := kindOf(data); ok && k.archive != "" {
		return k.name + ": " + k.archive
	}
	return ""
}
