package main

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sdtlab/sdtlab/kernel/internal/atomicfile"
	"github.com/sdtlab/sdtlab/kernel/internal/nbformat"
)

// experiment is the notebook that one's own begins as. EXPERIMENT stands for its name,
// SOURCE_FOLDER, TARGET_FOLDER and RUN_FOLDER for paths.
//
//go:embed experiment.ipynb
var experiment []byte

func newCommand() *cobra.Command {
	var source, target string
	c := &cobra.Command{
		Use:   "new NAME",
		Short: "Begin a notebook of one's own, on folders of images",
		Long: `Begin a notebook of one's own: NAME.ipynb, with everything in place from two folders of
images to accuracy on each class. Cells run in the notebook's folder, and relative paths
are relative to it.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return errors.New("kernel new needs one name: kernel new NAME")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			path := strings.TrimSuffix(args[0], ".ipynb") + ".ipynb"
			name := strings.TrimSuffix(filepath.Base(path), ".ipynb")
			if !experimentName.MatchString(name) {
				return fmt.Errorf("new: %q is no name for a notebook: want letters, digits, spaces, '.', '-' and '_'", name)
			}
			if _, err := os.Stat(path); err == nil {
				return fmt.Errorf("new: %s is there already: give another name, or remove it", path)
			} else if !errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("new: %w", err)
			}
			nb, err := nbformat.Decode(experiment)
			if err != nil {
				return err
			}
			if source, err = folderOf("source", source); err != nil {
				return err
			}
			if target, err = folderOf("target", target); err != nil {
				return err
			}
			fill(nb, map[string]string{"EXPERIMENT": name, "SOURCE_FOLDER": source, "TARGET_FOLDER": target, "RUN_FOLDER": "runs/" + name})
			data, err := nb.Encode()
			if err != nil {
				return err
			}
			if err := atomicfile.Write(path, data, 0o644); err != nil {
				return fmt.Errorf("new: %w", err)
			}
			fmt.Fprintf(c.OutOrStdout(), "%s is ready: put the images into %s and %s, a folder for each class,\nand run it in JupyterLab, or with: go run ./kernel run %s\n",
				path, seenFrom(path, source), seenFrom(path, target), shellQuote(path))
			return nil
		},
	}
	c.Flags().StringVar(&source, "source", "data/source", "folder of the source's images, CLASS/NAME.png")
	c.Flags().StringVar(&target, "target", "data/target", "folder of the target's images")
	return c
}

// folderOf is a folder as a flag gives it, without what ends it: CLASS goes behind it.
func folderOf(flag, folder string) (string, error) {
	if folder == "" {
		return "", fmt.Errorf("new: --%s is empty: name a folder", flag)
	}
	bare := strings.TrimRight(folder, "/"+string(filepath.Separator))
	if bare == "" || bare == filepath.VolumeName(folder) {
		return "", fmt.Errorf("new: --%s %s is the whole file system: name a folder within it", flag, folder)
	}
	return bare, nil
}

// seenFrom returns a folder of a notebook's as it is called where the command runs.
func seenFrom(notebook, folder string) string {
	if filepath.IsAbs(folder) {
		return folder
	}
	return filepath.Join(filepath.Dir(notebook), folder)
}

// experimentName is what a notebook may be called: it names a run directory too.
var experimentName = regexp.MustCompile(`^[\pL\pN][\pL\pN ._-]*$`)

// fill puts values in the place of names: in code as strings of Go, in prose as they are.
func fill(nb *nbformat.Notebook, values map[string]string) {
	for _, c := range nb.Cells {
		for name, value := range values {
			if c.Type == nbformat.Code {
				c.Source = strings.ReplaceAll(c.Source, `"`+name+`"`, strconv.Quote(value))
			} else {
				c.Source = strings.ReplaceAll(c.Source, name, value)
			}
		}
	}
}
