package sdt

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// advise puts behind an error of the run directory's file system what to do about it,
// where that is known.
func advise(err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		return fmt.Errorf("%w: make room and run it again: what was saved before is whole, and it resumes from there", err)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS), errors.Is(err, syscall.ENOTDIR):
		return fmt.Errorf("%w: a run directory must be a folder of its user's own, and writable: fix that, or give another one", err)
	}
	return err
}

// reason returns why a call of the file system failed, without the names it was given: the
// caller says them better.
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
