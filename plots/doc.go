// Package plots draws the results of package sdt: a typed result goes in, a
// [Chart] comes out, one function for each figure.
//
//	PerClassAccuracy         accuracy on each class, methods side by side
//	ClassByClass             what the images of one class are taken for, picked from a list
//	SoftLabels               the K×K soft labels, what the source network finds similar
//	SoftLabelBars            the soft label of one class
//	SoftLabelsByTemperature  the K×K soft labels, with a slider for τ
//	LossCurves               the losses step by step, with the ln D line
//	Follow                   the same while a stage trains
//	Watch                    the same, for a notebook that shows the curves itself afterwards
//	ConfusionMatrix          true class against predicted class
//	Comparison               methods over trials, mean ± standard error
//	Differences              what methods have more than one of them, trial by trial
//	Distributions            probabilities over the classes, side by side
//	Histogram                groups of numbers, such as a domain probe's scores
//	Scatter                  groups of points, such as embedded features
//	Selection                runs by a validator's score and by their accuracy
//	Gallery                  target images with their true, earlier and later labels
//	GallerySome              the same where only some of the images are at hand
//	Domains                  one image of each class in each domain
//	Settings                 what runs differ in, and what they share
//	DataTable                the examples that runs were made of
//	Origins                  the commands that made runs, when and on what
//
// [Chart.Display] shows a figure in a GoNB notebook, [Chart.Render] writes it as a
// fragment of HTML, [Page] writes several as one HTML file, and String gives the
// numbers as plain text. Every figure carries those numbers in a [Table] as well,
// for those who cannot see it or have no script.
//
// The charts are go-echarts options. The fragment's script draws them by echarts, which it
// takes, once for all charts of the page, from
//
//   - window.echarts, which a [Page] with its script and a kernel's report have, and a
//     notebook in which a cell, before or behind, put it by %echarts (1 MB; kernel "Go (sdtlab)");
//   - the Jupyter server, beside the installed kernel: JupyterLab and the classic Notebook;
//   - [EChartsURL], held against [EChartsIntegrity]: what is left to VS Code and to
//     nbconvert's HTML, unless the notebook has the script.
//
// Where none can be had a note stands in the chart's place, and its tables are unfolded. So
// a saved chart takes tens of kilobytes. It never carries text/javascript, which some
// notebook front ends ignore. Colours come from the palette of Okabe and Ito and from
// cividis, and lettering takes the text colour of the page, light or dark, and follows it.
//
// [Follow] and the figures with a control stay the figure that they are in a notebook that
// is saved, in a report, and without a script. [Chart.Explore] has the program answer a
// slider, where a program is behind it.
//
// Everything is deterministic: the same input gives the same bytes. What is NaN or
// infinite is a dash in a table and a gap in a drawing, and is never chosen. Names from
// data are escaped wherever they go, control characters in them are made visible, and a
// name written from right to left moves no number beside it. Input that contradicts itself
// (evaluations of different class lists, say) is the caller's mistake and panics, as each
// function says. [Percent] is for tables of your own.
package plots
