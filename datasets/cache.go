package datasets

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/sdtlab/sdtlab/sdt"
)

// A cache file is one line of JSON, the header, then the pixels. Its name holds the
// key; its header holds the SHA-256 of the pixels, so a truncated or changed file is
// not used.

// cacheHeader describes the pixels that follow.
type cacheHeader struct {
	Key    string   `json:"key"`
	Labels []int32  `json:"labels"`
	Names  []string `json:"names"`
	SHA256 string   `json:"sha256"` // of the pixels
}

// cacheKey returns a digest of everything that determines the pixels: the format, the
// options, and the name, size and times of change of each file.
func (cfg FolderConfig) cacheKey(files []folderFile) string {
	h := sha256.New()
	fmt.Fprintf(h, "pixels 4 %dx%d grey=%v filter=%q shown=%v limits=%v\n", cfg.Width, cfg.Height, cfg.Grey, cfg.Filter, cfg.AsShown, cfg.Limits)
	for _, f := range files {
		fmt.Fprintf(h, "%q %d %d %d %d\n", f.name, f.class, f.size, f.written, f.changed)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func (cfg FolderConfig) cachePath(key string) string {
	return filepath.Join(cfg.Cache, key[:16]+".pixels")
}

// fromCache returns the domain from the cache file with this key, if it is undamaged.
func (cfg FolderConfig) fromCache(key string, classes []string) (sdt.Labelled, bool) {
	if cfg.Cache == "" {
		return sdt.Labelled{}, false
	}
	data, err := os.ReadFile(cfg.cachePath(key))
	if err != nil {
		return sdt.Labelled{}, false
	}
	line, pixels, found := bytes.Cut(data, []byte("\n"))
	var header cacheHeader
	if !found || json.Unmarshal(line, &header) != nil || header.Key != key || header.SHA256 != digest(pixels) {
		return sdt.Labelled{}, false
	}
	out := cfg.empty(classes)
	out.Pixels, out.Labels, out.Names = pixels, header.Labels, header.Names
	return out, out.Validate() == nil
}

// toCache writes the domain under a temporary name, then renames the file.
func (cfg FolderConfig) toCache(key string, l sdt.Labelled) error {
	if cfg.Cache == "" {
		return nil
	}
	header, err := json.Marshal(cacheHeader{key, l.Labels, l.Names, digest(l.Pixels)})
	if err != nil {
		return cfg.uncached(err)
	}
	if err := os.MkdirAll(cfg.Cache, 0o777); err != nil {
		return cfg.uncached(err)
	}
	cfg.removeKilled()
	f, err := os.CreateTemp(cfg.Cache, "*.part")
	if err != nil {
		return cfg.uncached(err)
	}
	defer os.Remove(f.Name()) // after success it no longer exists
	_, err = f.Write(append(header, '\n'))
	if err == nil {
		_, err = f.Write(l.Pixels)
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(f.Name(), cfg.cachePath(key))
	}
	if err != nil {
		return cfg.uncached(err)
	}
	return nil
}

// removeKilled removes files that killed writers left: those not written for an hour.
func (cfg FolderConfig) removeKilled() {
	entries, _ := os.ReadDir(cfg.Cache)
	for _, e := range entries {
		if info, err := e.Info(); err == nil && filepath.Ext(e.Name()) == ".part" && time.Since(info.ModTime()) > time.Hour {
			os.Remove(filepath.Join(cfg.Cache, e.Name()))
		}
	}
}

// uncached returns the error for decoded images that could not be cached.
func (cfg FolderConfig) uncached(err error) error {
	return fmt.Errorf("cache %s: %w: fix this, or set Cache to another directory or to none", cfg.Cache, reason(err))
}

// digest returns the SHA-256 of data in hexadecimal.
func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
