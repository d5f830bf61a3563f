// Package datasets makes, reads and fetches the data of a transfer problem, and
// builds the paper's tasks from it.
//
// Sets that can be made: [Glyphs31]. Sets on disk: folders of images
// ([ReadFolder]), IDX files ([ReadIDX]), features that NumPy has saved ([ReadFeatures],
// [ReadNpy]) and splits ([ReadSplits]). Sets by name, with licence, citation and checks:
// [Sets]. Files that can be fetched: [Fetch].
//
// [Supervised], [SemiSupervised], [Unsupervised] and [FromSplit] turn two labelled
// domains into an [sdt.Task], in which target labels that the method must not see
// are out of its reach.
//
// A file that cannot be used is an error that names the file and what is wrong
// with it; nothing here prints, and nothing reads the network except Fetch.
//
// # Files
//
//	protocol, unsupervised, split, choose
//	            tasks: the paper's protocols, splits that were made before, what is drawn
//	sets, open, layout
//	            sets by name, and how they lie on disk
//	folder, listing, leftby, unusable, cache
//	            folders of images: what is in them, what systems leave there, what cannot be
//	            used, and what is kept for the next time; changed, when a file was changed
//	image       one image: squash, placer, resample, rows and loops bring it to its size;
//	            orientation turns it
//	filekind    what a file is by its first bytes; signature and textkind, how that is told;
//	            imagekinds, which images are read; picture, one whose header was read
//	jpeg        JPEGs; jpegfile, jpegscan, jpegonescan, jpegbits, jpegwrite and huffman, those
//	            that Go's package does not read as they are
//	png, gif, bmp, webp, tiff
//	            other images; pngtext, giflzw, tiffblock, tifffile, tiffpixels, tiffycbcr and fax,
//	            what is in them; ifd, EXIF
//	features, npy, npynumber, npz, idx
//	            arrays; mistaken, files given for one that are something else
//	digits, glyphs
//	            MNIST and USPS; the set that is drawn: outline, raster, look, photograph, dice
//	fetch, download, answer, retry, sum, fetchlock
//	            files from the network, one program at a time, checked
//	extract, unzip, untar, gunzip, zipname
//	            archives
package datasets
