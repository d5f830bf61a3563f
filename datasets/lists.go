package datasets

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/sdt"
)

// Lists are the text files of a semi-supervised adaptation problem, in the form that Saito et
// al. (ICCV 2019) published for DomainNet, Office-Home and Office-31: a line for each image,
//
//	webcam/images/mug/frame_0001.jpg 17
//
// with the path from a root folder and the number of the class, from 0. The fields are paths of
// lists; those of one problem of theirs are in the comments.
type Lists struct {
	Source     string // labelled source: labeled_source_images_amazon.txt
	Target     string // labelled target, one or three images of each class: labeled_target_images_webcam_3.txt
	Unlabelled string // the rest of the target: unlabeled_target_images_webcam_3.txt. Its labels are for the test only
	Test       string // target images to report on; "": those of Unlabelled, as in the paper
	Validation string // target images by which settings are chosen, which then leave the test: validation_target_images_webcam_3.txt; "": none
}

// ReadLists builds the task of public lists, with the images below the folder root.
//
// A class has the name of the folder that holds its images. Domains are named after the first
// folder of their paths, or "source" and "target" if that is a class folder or differs from line
// to line. The task reports on all classes, also if Target has images of some of them only: to
// report on the others, set its HeldOut to their numbers. Its Split has Protocol "lists"; the rows
// are those of each domain's images in order of path, so [FromSplit] makes the task again from
// domains in that order.
//
// In the public lists the validation images are also unlabelled ones, on which the paper reports,
// and a few are also the labelled image of a one-shot list. So with Validation they are left out of
// Test; without it, the test has images that chose settings, if any were chosen by them. To get
// the accuracy on the validation images, read the lists again with Test as that list: labelled
// images are left out of it, and the training is the same, under the same key. It chooses by target
// labels, as [sdt.Oracle] does: no field of the task lets training see them.
//
// Blank lines, a byte-order mark, Windows' line ends and its "\" are accepted, and so are spaces
// in a path. It is an error that names the list and the line
//
//   - if a line is not PATH LABEL, or a path leads out of root or has no class folder,
//   - if an image is listed twice, or is both labelled and unlabelled,
//   - if a label has two class names or a class name two labels, in all the lists together, or
//     no line has a label below the largest,
//   - if an image is missing or cannot be used, unless cfg.Skip is set: then it is reported there
//     and skipped, but a list of which no image is left is an error.
//
// cfg is as in [ReadFolder], without Domain.
func ReadLists(ctx context.Context, root string, lists Lists, cfg FolderConfig) (sdt.Task, error) {
	fail := func(err error) (sdt.Task, error) { return sdt.Task{}, fmt.Errorf("lists: %w", err) }
	if cfg.Domain != "" {
		return fail(fmt.Errorf("config: Domain is %q, want \"\": the domains are named after folders in the lists", cfg.Domain))
	}
	cfg, err := cfg.withDefaults()
	if err != nil {
		return fail(err)
	}
	all, err := lists.read()
	if err != nil {
		return fail(err)
	}
	classes, err := classesOf(all.source, all.target, all.unlabelled, all.test, all.validation)
	if err != nil {
		return fail(err)
	}
	var domains [2]sdt.Labelled
	for i, lines := range [][]listLine{all.source, slices.Concat(all.target, all.unlabelled, all.test)} {
		of := cfg
		of.Domain = listedDomain(lines, []string{"source", "target"}[i])
		if domains[i], err = of.listed(ctx, root, lines, classes); err != nil {
			return fail(err)
		}
	}
	source, target := domains[0], domains[1]
	if source.Domain == target.Domain {
		return fail(fmt.Errorf("the images of source and target are both of %q: want two domains", source.Domain))
	}
	split := sdt.Split{Protocol: "lists"}
	var unlabelled []int
	for _, f := range []struct {
		of    sdt.Labelled
		lines []listLine
		to    *[]int
	}{{source, all.source, &split.Source}, {target, all.target, &split.Target}, {target, all.unlabelled, &unlabelled}, {target, all.test, &split.Test}} {
		if *f.to = rowsOfLines(f.of, f.lines); len(*f.to) == 0 && len(f.lines) > 0 { // without rows it would be another problem
			return fail(fmt.Errorf("%s: none of its images can be used", shown(f.lines[0].list)))
		}
	}
	if !slices.Equal(unlabelled, split.Test) {
		split.Unlabelled = unlabelled
	}
	task, err := FromSplit(source, target, split, sdt.Alignment{})
	if err != nil {
		return fail(err)
	}
	return task, nil
}

// listLines are the lines of the lists of a problem.
type listLines struct{ source, target, unlabelled, test, validation []listLine }

// read reads the lists and checks them against each other; test is what remains to report on.
func (l Lists) read() (all listLines, err error) {
	for _, f := range []struct {
		name, path string
		optional   bool
		to         *[]listLine
	}{
		{"Source", l.Source, false, &all.source}, {"Target", l.Target, true, &all.target}, {"Unlabelled", l.Unlabelled, false, &all.unlabelled},
		{"Test", l.Test, true, &all.test}, {"Validation", l.Validation, true, &all.validation},
	} {
		switch {
		case f.path != "":
			if *f.to, err = readList(f.path); err != nil {
				return all, err
			}
		case !f.optional:
			return all, fmt.Errorf("list %s is \"\": want a path", f.name)
		}
	}
	labelled := linesByName(all.target)
	for _, u := range all.unlabelled {
		if t, ok := labelled[u.name]; ok {
			return all, fmt.Errorf("%s: %s is labelled in %s: an image cannot be both", u.at(), shown(u.name), t.at())
		}
	}
	learnt := linesByName(all.source)
	for _, t := range slices.Concat(all.target, all.unlabelled, all.test) {
		if s, ok := learnt[t.name]; ok {
			return all, fmt.Errorf("%s: %s is a source image in %s: want lists of two domains", t.at(), shown(t.name), s.at())
		}
	}
	if l.Test == "" {
		all.test = slices.Clone(all.unlabelled)
	}
	choosing := linesByName(all.validation)
	all.test = slices.DeleteFunc(all.test, func(t listLine) bool {
		_, seen := labelled[t.name]
		_, chooses := choosing[t.name]
		return seen || chooses
	})
	if len(all.test) == 0 {
		return all, fmt.Errorf("no image is left to test: each is in Target or Validation")
	}
	return all, nil
}

func linesByName(lines []listLine) map[string]listLine {
	all := map[string]listLine{}
	for _, l := range lines {
		all[l.name] = l
	}
	return all
}

// classesOf returns the name of each label, [K].
func classesOf(lists ...[]listLine) ([]string, error) {
	named, labelled := map[int32]listLine{}, map[string]listLine{}
	for _, l := range slices.Concat(lists...) {
		class := l.class()
		if first, ok := named[l.label]; ok && first.class() != class {
			return nil, fmt.Errorf("%s: label %d is %q, but in %s it is %q", l.at(), l.label, class, first.at(), first.class())
		}
		if first, ok := labelled[class]; ok && first.label != l.label {
			return nil, fmt.Errorf("%s: %q has label %d, but in %s it has %d", l.at(), class, l.label, first.at(), first.label)
		}
		if _, ok := named[l.label]; !ok {
			named[l.label], labelled[class] = l, l
		}
	}
	classes := make([]string, len(named))
	for _, label := range slices.Sorted(maps.Keys(named)) {
		if int(label) >= len(classes) {
			return nil, fmt.Errorf("%s: label %d, but the lists have only %d different labels: want them counted from 0 without a gap", named[label].at(), label, len(classes))
		}
		classes[label] = named[label].class()
	}
	return classes, nil
}

// listedDomain returns the first folder of the lines' paths, if it is one folder above the class
// folders; otherwise the given name.
func listedDomain(lines []listLine, otherwise string) string {
	first, _, _ := strings.Cut(lines[0].name, "/")
	for _, l := range lines {
		if folder, rest, _ := strings.Cut(l.name, "/"); folder != first || !strings.Contains(rest, "/") {
			return otherwise
		}
	}
	return first
}

// listed reads the images of the lines, each once, in order of path.
func (cfg FolderConfig) listed(ctx context.Context, root string, lines []listLine, classes []string) (sdt.Labelled, error) {
	var files []folderFile
	byName := linesByName(lines)
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		f := listed(filepath.Join(root, filepath.FromSlash(name)))
		f.name, f.class, f.by = name, byName[name].label, byName[name].at()+": "
		files = append(files, f)
	}
	if err := cfg.fits(len(files)); err != nil {
		return sdt.Labelled{}, err
	}
	return cfg.images(ctx, root, files, classes)
}

// rowsOfLines returns the rows of the lines' images, in order; those that were skipped have none.
func rowsOfLines(l sdt.Labelled, lines []listLine) (rows []int) {
	byName := linesByName(lines)
	for i, name := range l.Names {
		if _, ok := byName[name]; ok {
			rows = append(rows, i)
		}
	}
	return rows
}
