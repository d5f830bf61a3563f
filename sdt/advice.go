package sdt

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// advise adds to an error of the run directory's file system what to do about it, if that
// is known.
func advise(err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		return fmt.Errorf("%w: free some space and run it again: what was saved before is intact, and it resumes from there", err)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS), errors.Is(err, syscall.ENOTDIR):
		return fmt.Errorf("%w: a run directory must be a folder that you own and can write to: fix that, or use another one", err)
	}
	return err
}

// reason returns why a file system call failed, without the file names that it was given:
// the caller names them better.
func reason(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}
