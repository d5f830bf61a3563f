package datasets

import (
	"archive/tar"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A tar archive cut off anywhere before its end mark is refused, however it is compressed: part
// of a set would look complete. Once the mark has begun, all entries are present.
func TestExtractOfACutTar(t *testing.T) {
	var buf bytes.Buffer
	w := tar.NewWriter(&buf)
	for _, name := range []string{"mug/a.jpg", "._a.jpg", "mug/b.jpg"} { // the second is skipped
		if err := w.WriteHeader(&tar.Header{Name: name, Typeflag: tar.TypeReg, Size: 700}); err != nil {
			t.Fatal(err)
		}
		w.Write(bytes.Repeat([]byte("A"), 700))
	}
	w.Close()
	const entry, entries = 1536, 3 * 1536 // bytes of each with its header and padding
	if buf.Len() != entries+2*tarBlock {
		t.Fatalf("%d bytes", buf.Len())
	}
	check := func(why string, archive []byte, whole bool) {
		t.Helper()
		parent := t.TempDir()
		err := Extract(write(t, "archive", archive), filepath.Join(parent, "set"), ExtractLimits{})
		if left, _ := os.ReadDir(parent); (err == nil) != whole || (len(left) == 1) != whole {
			t.Errorf("%s: error %v, %d files; whole: %v", why, err, len(left), whole)
		}
		if err != nil && !strings.Contains(err.Error(), "download it again") && len(archive) >= tarBlock {
			t.Errorf("%s: error %v, want one that says what to do", why, err)
		}
	}
	for _, row := range []struct {
		cut   int
		whole bool
		why   string
	}{
		{100, false, "in the first header"},
		{600, false, "in a file"},
		{512 + 700, false, "at a file's end, before its padding"},
		{1300, false, "in a file's padding"},
		{entry - 1, false, "in the last byte of a padding"},
		{entry, false, "between two entries"},
		{entry + 1, false, "in the second header"},
		{entry + 512 + 700, false, "at the end of what is left out"},
		{entry + 1300, false, "in the padding of what is left out"},
		{2 * entry, false, "after what is left out"},
		{entries - 324, false, "at the end of the last file, before its padding: it need not be the last"},
		{entries - 1, false, "in the last padding"},
		{entries, false, "before the end mark: an entry may have followed"},
		{entries + 1, true, "in the mark: a zero begins no header"},
		{4700, true, "in the mark: GNU tar unpacks it too"},
		{entries + tarBlock, true, "in the middle of the mark"},
		{entries + tarBlock + 1, true, "in its second block"},
		{entries + 2*tarBlock, true, "not at all"},
	} {
		cut := buf.Bytes()[:row.cut]
		check(row.why, cut, row.whole)
		if row.cut >= tarBlock {
			check(row.why+", gzipped", gzipped(t, cut), row.whole)
			check(row.why+", gzipped, other bytes after it", append(gzipped(t, cut), "more"...), row.whole)
		}
	}
	// The same by bzip2: head -c N archive | bzip2 -9
	for why, row := range map[string]struct {
		archive string
		whole   bool
	}{
		"in a padding":        {"QlpoOTFBWSZTWT1TTcgAACvfiMiAQAH9gCAABIBgkl4AABAICCAAVESMJgEwIx6glTKaempoDTQAeVcsAv5xkI7MCAmzziQihAqsBXy0nRUVqSBCxiJJrb0Pv9XQAHv6Lgu5IpwoSB6ppuQA", false},
		"between two entries": {"QlpoOTFBWSZTWaehYO0AAC3fiMiAQAH9gCAAAIBgkl4AABAICCAAVDRRpkZMgepo9T9UEoU009IaD1AB9DnshDHrJxaXTQUF3phISSiGzIM+et8MrTiW4LBMlRQ3znyLtAkxoFH4u5IpwoSFPQsHaA==", false},
		"before the end mark": {"QlpoOTFBWSZTWUBpixAAAIjfiMiAQAH9gCAAAKDwkl4AABAICCAAkDGAAAAAG1FNT0Q2o0H6SGPVJIMkcFEBnan4cyQxzKFQGSGPF9W6qxU0YDEZARCwAwKRYchdig4ydVKwMn9Ik0QlgmEmIYvrwPuSqmK3LlCSVJUzQyP4u5IpwoSCA0xYgA==", false},
		"in the end mark":     {"QlpoOTFBWSZTWbCt+akAAIhfqMiAQAH9gCAAAKDwkl4AAAIAEAgIIACANpQp6IbUaD9RAzUMYACYAAmXUGJJm5RAZTt8GYoZxKFQGkM7aavJWKmbAwGgIhTAmUixIhdChIakqlYGpeEXM0JTYkyGaa7Evxuql8djU4Fy6uWwGho/i7kinChIWFb81IA=", true},
		"not at all":          {"QlpoOTFBWSZTWVAkAwIAAJDfiMiAQAH9gCIAAKDwkl4AABAICCAAkobUoNAAABp6gikKeppjUA8oAPzhyH6TCKChrS3phyGHc0aqEAw8u3eNSzV4wrtYFcYJqzaXsybm9oyYJFWt1lJohzFCUrCTJbMb8/EkR1A8picE446cg2Egf4u5IpwoSCgSAYEA", true},
	} {
		check("bzip2: "+why, based(t, row.archive), row.whole)
	}
	// A block of zeros in place of a header, followed by something else, is damage.
	damaged := bytes.Clone(buf.Bytes())
	clear(damaged[entry : entry+tarBlock])
	check("a header of zeros", damaged, false)
}

// The folder's path may be written in any way.
func TestExtractIntoAPath(t *testing.T) {
	archive := write(t, "archive", zipNamed(t, "a"))
	t.Chdir(t.TempDir())
	for _, to := range []string{"set/", "set/.", "set//", "x/../set", "./set", "new/set/"} {
		if err := Extract(archive, to, ExtractLimits{}); err != nil {
			t.Errorf("%s: %v", to, err)
			continue
		}
		if err := Extract(archive, to, ExtractLimits{}); err == nil || !strings.Contains(err.Error(), to+" already exists") {
			t.Errorf("%s, again: error %v", to, err)
		}
		if got := unpacked(t, filepath.Clean(to)); got["a"] != "A" {
			t.Errorf("%s: %v", to, got)
		}
		if err := os.RemoveAll("set"); err != nil {
			t.Fatal(err)
		}
	}
	for _, to := range []string{"", ".", "/"} {
		if err := Extract(archive, to, ExtractLimits{}); err == nil || !strings.Contains(err.Error(), "already exists") {
			t.Errorf("%q: error %v", to, err)
		}
	}
	// Of several programs at once, one unpacks the archive, and the others get the error that dir exists.
	failed := make(chan error, 8)
	for range cap(failed) {
		go func() { failed <- Extract(archive, "set", ExtractLimits{}) }()
	}
	good := 0
	for range cap(failed) {
		switch err := <-failed; {
		case err == nil:
			good++
		case !strings.Contains(err.Error(), "set already exists"):
			t.Error(err)
		}
	}
	if left, err := os.ReadDir("."); good != 1 || err != nil || len(left) != 2 { // new and set
		t.Errorf("%d were done, %v is left, %v", good, left, err)
	}
}
