package datasets

import (
	"slices"
	"strings"
)

// leftBy are the names, without regard to case, of what programs leave beside a user's
// files. None of it is data; names beginning with "." need no row.
var leftBy = []struct {
	name   string
	folder bool // the name of a folder, else of a file
	who    string
}{
	{"__MACOSX", true, "the archiver of macOS, when its archive is unpacked elsewhere"},
	{"Icon\r", false, "the Finder, for a folder's own picture"},
	{"Network Trash Folder", true, "file servers for Macs"},
	{"Temporary Items", true, "file servers for Macs"},
	{"TheVolumeSettingsFolder", true, "file servers for Macs"},
	{"Thumbs.db", false, "Windows, with small pictures of the images"},
	{"Thumbs.db:encryptable", false, "Windows: a stream of Thumbs.db, on file systems that have none"},
	{"ehthumbs.db", false, "Windows Media Center"},
	{"ehthumbs_vista.db", false, "Windows Media Center"},
	{"desktop.ini", false, "Windows, with how a folder is shown"},
	{"$RECYCLE.BIN", true, "Windows: what was deleted"},
	{"RECYCLER", true, "Windows before Vista: what was deleted"},
	{"System Volume Information", true, "Windows, on every disk"},
	{"lost+found", true, "the file systems of Linux, on every disk"},
	{"@eaDir", true, "Synology's servers, with small pictures of the images"},
	{"#recycle", true, "Synology's servers: what was deleted"},
	{"@Recycle", true, "QNAP's servers: what was deleted"},
	{"@Recently-Snapshot", true, "QNAP's servers"},
	{"Picasa.ini", false, "Picasa"},
	{"ZbThumbnail.info", false, "Canon's ZoomBrowser"},
	{"pspbrwse.jbf", false, "Paint Shop Pro"},
}

// unfinished are the ends, without regard to case, of what programs call a file that they
// are still writing, or never finished.
var unfinished = []string{
	".part",       // Firefox, and Fetch
	".crdownload", // Chrome
	".opdownload", // Opera
	".download",   // Safari
	".partial",    // Edge, rsync
	".filepart",   // WinSCP
	".aria2",      // aria2's notes on what is missing
}

// passedOver reports whether a name is no user's: it begins with ".", as .DS_Store, .git
// and ._a.jpg do, is one of leftBy, or, a file's, says that it is open ("~$" of Microsoft
// Office) or unfinished.
func passedOver(name string, folder bool) bool {
	if strings.HasPrefix(name, ".") {
		return true
	}
	for _, left := range leftBy {
		if left.folder == folder && strings.EqualFold(left.name, name) {
			return true
		}
	}
	name = strings.ToLower(name)
	return !folder && (strings.HasPrefix(name, "~$") ||
		slices.ContainsFunc(unfinished, func(end string) bool { return strings.HasSuffix(name, end) }))
}
