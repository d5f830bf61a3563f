// Package plots draws the results of package sdt. It has one function for each figure, which
// turns typed results into a [Chart] or a [Table].
//
//	PerClassAccuracy         accuracy on each class, methods side by side
//	ClassByClass             what the images of one class were taken for; the reader picks it
//	HeldOutMistakes          what images of held-out classes are wrongly taken for
//	SoftLabels               the K×K soft labels: what the source network finds similar
//	SoftLabelBars            the soft label of one class
//	SoftLabelsByTemperature  the K×K soft labels, with a slider for τ
//	LossCurves               the losses step by step, with the ln D line
//	Follow                   the same while a stage trains
//	Watch                    the same, for a notebook that shows the curves itself afterwards
//	ConfusionMatrix          true class against predicted class
//	Comparison               methods over trials, mean ± standard error
//	Differences              how far methods exceed one of them, trial by trial
//	Distributions            probabilities over the classes, side by side
//	Histogram                groups of numbers, such as a domain probe's scores
//	Scatter                  groups of points, such as embedded features
//	Selection                runs by a validator's score and by their accuracy
//	Gallery                  target images with their true, earlier and later labels
//	GallerySome              the same if only some of the images are available
//	Domains                  one image of each class in each domain
//	Settings                 what runs differ in, and what they share
//	OverSeeds                runs that differ only in their seeds, mean ± standard error
//	SettingsAndAccuracy      settings against the accuracy, in parallel coordinates
//	DataTable                the examples that runs used
//	Origins                  the commands that made runs, when and on what
//
// [Chart.Display] shows a figure in a GoNB notebook, [Chart.Render] writes it as a fragment of
// HTML, [Page] writes several as one HTML file, and String returns the numbers as plain text.
// Every figure also has its numbers in a [Table], for readers who cannot see it or have no
// script.
//
// The charts are go-echarts options. The fragment's script draws them with echarts, which it
// loads, once for all charts of the page, from
//
//   - window.echarts, which exists in a [Page] with its script, in a kernel's report, and in a
//     notebook with %echarts in any cell (1 MB; kernel "Go (sdtlab)");
//   - the Jupyter server, beside the installed kernel: JupyterLab and the classic Notebook;
//   - [EChartsURL], checked against [EChartsIntegrity]: the only way for VS Code and for
//     nbconvert's HTML, unless the notebook has the script.
//
// If none is available, a note replaces the chart, and its tables are unfolded. So a saved
// chart takes tens of kilobytes. It never contains text/javascript, which some notebook front
// ends ignore. Colours come from the palette of Okabe and Ito and from cividis; text has the
// text colour of the page, light or dark, and changes with it.
//
// [Follow] and the figures with a control remain the same figure in a saved notebook, in a
// report, and without a script. With [Chart.Explore] the program answers a slider, as long as
// the program runs.
//
// Everything is deterministic: the same input gives the same bytes. NaN and infinities are a
// dash in a table and a gap in a drawing, and are never chosen. Names from data are escaped
// everywhere, control characters in them are made visible, and a name written from right to
// left does not move the numbers beside it. Input that contradicts itself (evaluations of
// different class lists, say) is the caller's mistake and panics, as each function says.
// [Percent] is for your own tables.
//
// # Files
//
//	chart          a figure: its drawing and its tables; fragment, as HTML; page, several in a
//	               file; display, in a notebook
//	table          tables, as HTML and as text; legend, in a chart; option, an echarts option
//	               and the numbers in it; palette, colours
//	choices        versions of a figure, with a slider or a list; explore, versions computed
//	               when the reader asks
//	follow         a figure that grows while a stage trains; liveframe, one update of it;
//	               watch, one that is gone when the stage is done
//	losscurves     losses by step; curve, one of them; thin, fewer points; history, the table
//	perclass       accuracy on each class; perclasstable, its table; order, of its classes;
//	               classbyclass, one class at a time; confusionmatrix, all pairs; heldout, marks
//	               for held-out classes; heldoutmistakes, what their images are taken for
//	softlabels     the matrix; softlabelbars, one class; temperature, a slider for τ; heatmap,
//	               the drawing of a matrix
//	trials         accuracies of a method, and their table; comparison, of methods; differences,
//	               between them
//	selection      how validators choose; rank, correlations of ranks
//	scatter, histogram, distributions
//	               points, numbers and probabilities in groups
//	gallery        images with their labels; tile, one of them; domains, one of each class
//	overseeds      runs by what is not a seed; parallel, their drawing
//	settings       of runs; origins, their data and commands; runnames, the shortest names that
//	               distinguish them
//	names, visible, textwidth
//	               names of evaluations and classes; characters that would not show; how wide
//	               text is
//	check          panics for input that contradicts itself
package plots
