package datasets

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// lockFetch waits until no other program is fetching the file at a path, and keeps others from
// fetching it until unlock is called. Its error is ctx's. If the file system has no locks,
// lockFetch does not wait.
//
// The lock is a separate file, removed after the fetch. The part itself cannot serve as the
// lock, since it is renamed, and on Windows no other program could write to it.
func lockFetch(ctx context.Context, path string, progress io.Writer) (unlock func(), err error) {
	folder, name := filepath.Split(path)
	lock := flock.New(filepath.Join(folder, "."+name+".lock"), flock.SetPermissions(0o666))
	for told := false; ; {
		held, err := lock.TryLock()
		if err != nil {
			return func() {}, nil
		}
		if held && sameAs(lock) {
			return func() {
				os.Remove(lock.Path())
				lock.Unlock()
			}, nil
		}
		if held { // the file was removed by the previous holder of the lock
			lock.Unlock()
			continue
		}
		if progress != nil && !told {
			told = true
			fmt.Fprintf(progress, "%s: waiting for another program that is fetching it\n", name)
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return nil, err
		}
	}
}

// sameAs reports whether the locked file is still the one at the lock's path.
func sameAs(lock *flock.Flock) bool {
	held, err := lock.Stat()
	found, err2 := os.Stat(lock.Path())
	return err == nil && err2 == nil && os.SameFile(held, found)
}
