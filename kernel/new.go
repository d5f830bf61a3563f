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

// experiment is the notebook that a new one starts from. EXPERIMENT stands for its name,
// SOURCE_FOLDER, TARGET_FOLDER and RUN_FOLDER for paths.
//
//go:embed experiment.ipynb
var experiment []byte

func newCommand() *cobra.Command {
	var source, target string
	c := &cobra.Command{
		Use:   "new NAME",
		Short: "Create a notebook for your own folders of images",
		Long: `Create a notebook for your own data: NAME.ipynb, with every step from two folders of images
to accuracy on each class. Cells run in the notebook's folder, so relative paths start there.`,
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
				return fmt.Errorf("new: %q is not a valid notebook name: use letters, digits, spaces, '.', '-' and '_'", name)
			}
			if _, err := os.Stat(path); err == nil {
				return fmt.Errorf("new: %s already exists: choose another name, or remove it", path)
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
			fmt.Fprintf(c.OutOrStdout(), "%s is ready. It reads images from %s and %s, a folder for each class.\nRun it in JupyterLab, or with: go run ./kernel run %s\n",
				path, seenFrom(path, source), seenFrom(path, target), shellQuote(path))
			return nil
		},
	}
	c.Flags().StringVar(&source, "source", "data/source", "folder of the source's images, CLASS/NAME.png")
	c.Flags().StringVar(&target, "target", "data/target", "folder of the target's images")
	return c
}

// folderOf returns a folder given by a flag without trailing separators: CLASS is appended
// to it.
func folderOf(flag, folder string) (string, error) {
	if folder == "" {
		return "", fmt.Errorf("new: --%s is empty: name a folder", flag)
	}
	bare := strings.TrimRightFunc(folder, func(r rune) bool { return r == '/' || r == filepath.Separator })
	if bare == "" || bare == filepath.VolumeName(folder) {
		return "", fmt.Errorf("new: --%s %s is the root of the file system: name a folder within it", flag, folder)
	}
	return bare, nil
}

// seenFrom returns a notebook's folder as it is called where the command runs.
func seenFrom(notebook, folder string) string {
	if filepath.IsAbs(folder) {
		return folder
	}
	return filepath.Join(filepath.Dir(notebook), folder)
}

// experimentName matches valid notebook names, which also name a run directory.
var experimentName = regexp.MustCompile(`^[\pL\pN][\pL\pN ._-]*$`)

// fill replaces names by values: in code as Go strings, in prose as they are.
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
