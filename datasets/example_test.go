package datasets_test

import (
	"context"
	"fmt"
	"image"
	"image/png"
	"log"
	"os"
	"path/filepath"

	"github.com/sdtlab/sdtlab/datasets"
)

func ExampleReadFolder() {
	dir, err := os.MkdirTemp("", "desk-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	for _, name := range []string{"mug/1.png", "mug/2.png", "pen/1.png"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			log.Fatal(err)
		}
		file, err := os.Create(path)
		if err != nil {
			log.Fatal(err)
		}
		if err := png.Encode(file, image.NewGray(image.Rect(0, 0, 64, 48))); err != nil {
			log.Fatal(err)
		}
		file.Close()
	}
	desk, err := datasets.ReadFolder(context.Background(), dir, datasets.FolderConfig{Width: 32})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(desk.Classes, desk.Counts(), desk.Shape)
	// Output: [mug pen] [2 1] [32 32 3]
}

func ExampleSupervised() {
	g, err := datasets.Glyphs31(datasets.GlyphsConfig{Fraction: 0.25})
	if err != nil {
		log.Fatal(err)
	}
	task, err := datasets.Supervised(g.Catalogue, g.DSLR, datasets.Protocol{PerTarget: 3})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s: %d classes, %d labelled target images, %d to test on\n",
		task.Name, len(task.Classes()), task.Target.Len(), task.Test.Len())
	// Output: catalogue→dslr: 31 classes, 78 labelled target images, 52 to test on
}
