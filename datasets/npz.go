package datasets

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// parseNpz reads an array from an .npz archive, a zip archive of .npy files: the one called
// member, or the only one if member is "". path is what the user gave, as typed.
func parseNpz(in io.ReaderAt, size int64, path, member string) (Npy, error) {
	z, err := zip.NewReader(in, size)
	if errors.Is(err, zip.ErrFormat) {
		return Npy{}, errors.New("its end is missing: the file is truncated or damaged: save or download it again")
	}
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // names are looked up, never made
		return Npy{}, fmt.Errorf("zip archive: %w", err)
	}
	z.RegisterDecompressor(zipBzip2, unbzip2)
	arrays := map[string]*zip.File{}
	var names []string // in the file's order
	for _, f := range z.File {
		name, isArray := strings.CutSuffix(f.Name, ".npy")
		if strings.HasSuffix(f.Name, "data.pkl") {
			return Npy{}, errors.New(ofTorch(path))
		}
		if _, twice := arrays[name]; isArray && !twice {
			names = append(names, name)
			arrays[name] = f
		}
	}
	base := strings.TrimSuffix(path, ":"+member)
	switch {
	case len(names) == 0:
		return Npy{}, errors.New("it is a zip archive without an array: unpack it, or save the array with numpy.save")
	case member == "" && len(names) > 1:
		return Npy{}, fmt.Errorf("it has the arrays %s: name the one to read, such as %q", quoted(names), base+":"+names[0])
	case member == "":
		member = names[0]
	}
	f, ok := arrays[strings.TrimSuffix(member, ".npy")]
	if !ok {
		return Npy{}, fmt.Errorf("the archive has no array %q: it has %s", member, quoted(names))
	}
	if by, known := zipMethods[f.Method]; known {
		line := fmt.Sprintf("np.savez(%q, **np.load(%q))", strings.TrimSuffix(base, ".npz")+"-plain.npz", base)
		return Npy{}, fmt.Errorf("array %q is compressed by %s, which is not supported: in Python type %s", f.Name, by, line)
	}
	if err := readable(f); err != nil {
		return Npy{}, err
	}
	r, err := f.Open()
	if err != nil {
		return Npy{}, fmt.Errorf("array %q: %w", f.Name, err)
	}
	defer r.Close()
	a, err := parseNpy(r)
	if err != nil {
		return Npy{}, fmt.Errorf("array %q: %w", f.Name, err)
	}
	return a, nil
}

// quoted joins names, or the first few and the number of the others.
func quoted(names []string) string {
	const most = 10
	names = slices.Clone(names)
	for i, name := range names {
		names[i] = fmt.Sprintf("%q", name)
	}
	if more := len(names) - most; more > 0 {
		names = append(names[:most], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(names, ", ")
}
