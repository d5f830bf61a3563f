// Package cachedir says where files are kept that can be made again.
package cachedir

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Path returns the folder: $SDT_CACHE, else sdtlab in the user's cache folder.
func Path() (string, error) {
	if dir := strings.TrimSpace(os.Getenv("SDT_CACHE")); dir != "" {
		return filepath.Abs(dir)
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no cache folder: %w: set SDT_CACHE", err)
	}
	return filepath.Join(dir, "sdtlab"), nil
}
