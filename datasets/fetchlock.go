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

// lockFetch waits until no other program fetches the file at a path, and keeps others from it
// until unlock is called. Its error is ctx's. Where there can be no lock, the file system having
// none, it is as if there were no other program.
//
// The lock is a file of its own, which goes when the fetch is done: the part cannot be it,
// since it takes another name, and on Windows nobody else could write to it.
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
		if held { // of a file that who had the lock before has removed
			lock.Unlock()
			continue
		}
		if progress != nil && !told {
			told = true
			fmt.Fprintf(progress, "%s: another program is fetching it: waiting\n", name)
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return nil, err
		}
	}
}

// sameAs reports whether a lock that is held is of the file that others find at its path.
func sameAs(lock *flock.Flock) bool {
	held, err := lock.Stat()
	found, err2 := os.Stat(lock.Path())
	return err == nil && err2 == nil && os.SameFile(held, found)
}
