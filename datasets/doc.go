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
package datasets
