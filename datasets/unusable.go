package datasets

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
)

// unusableError returns an error that names the first few unusable files.
func unusableError(errs []error) error {
	const few = 5
	if len(errs) > few {
		errs = append(slices.Clone(errs[:few]), fmt.Errorf("and %d more", len(errs)-few))
	}
	return fmt.Errorf("%w: fix or remove the files that cannot be used, or set Skip to skip them", together(errs))
}

// together joins several errors into one sentence.
func together(errs []error) error {
	all := errs[0]
	for _, err := range errs[1:] {
		all = fmt.Errorf("%w; %w", all, err)
	}
	return all
}

// shown returns a path for an error: quoted if it has a character that does not print.
func shown(path string) string {
	if quoted := strconv.Quote(path); quoted != `"`+path+`"` {
		return quoted
	}
	return path
}

// reason returns why a file could not be read, without its path, which the caller adds.
func reason(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
