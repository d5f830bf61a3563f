package datasets

import (
	"path"
	"strings"
)

// leftBy are the names, in any case, of files and folders that programs leave beside a user's
// files; "*" stands for any characters. None of them are data. Names beginning with "." need no row.
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
	{"Desktop DB", false, "Mac OS before X, on every disk"},
	{"Desktop DF", false, "Mac OS before X, on every disk"},
	{"resource.frk", true, "Mac OS before X, on disks of other systems"},
	{"Finder.dat", false, "Mac OS before X, on disks of other systems"},
	{":2e*", false, "netatalk: a name that begins with a dot, such as :2eDS_Store"},
	{":2e*", true, "netatalk: a name that begins with a dot"},
	{"Thumbs.db", false, "Windows, with small pictures of the images"},
	{"ehthumbs.db", false, "Windows Media Center"},
	{"ehthumbs_vista.db", false, "Windows Media Center"},
	{"desktop.ini", false, "Windows, with how a folder is shown"},
	{"$RECYCLE.BIN", true, "Windows: what was deleted"},
	{"RECYCLER", true, "Windows before Vista: what was deleted"},
	{"System Volume Information", true, "Windows, on every disk"},
	{"FOUND.[0-9][0-9][0-9]", true, "Windows: what checking a disk has found"},
	{"~$*", false, "Microsoft Office: a document that is open"},
	{"lost+found", true, "the file systems of Linux, on every disk"},
	{"@eaDir", true, "Synology's servers, with small pictures of the images"},
	{"#recycle", true, "Synology's servers: what was deleted"},
	{"#snapshot", true, "Synology's servers"},
	{"@tmp", true, "Synology's servers"},
	{"*@SynoEAStream", false, "Synology's servers: the attributes of a file"},
	{"*@SynoResource", false, "Synology's servers: what a Mac keeps beside a file"},
	{"@Recycle", true, "QNAP's servers: what was deleted"},
	{"@Recently-Snapshot", true, "QNAP's servers"},
	{"~snapshot", true, "NetApp's servers"},
	{"Picasa.ini", false, "Picasa"},
	{"ZbThumbnail.info", false, "Canon's ZoomBrowser"},
	{"pspbrwse.jbf", false, "Paint Shop Pro"},
	{"descript.ion", false, "viewers of images, with their comments"},
	{"*.AAE", false, "iPhones: how a photograph was edited"},
	{"*.xmp", false, "Lightroom, darktable and others: how a photograph was edited"},
	{"*.pp3", false, "RawTherapee: how a photograph was edited"},
	{"*.dop", false, "DxO: how a photograph was edited"},
	{"*~", false, "Emacs, gedit, GIMP: the file before it was edited"},
	{"#*#", false, "Emacs: what is being edited"},
	{"*.bak", false, "editors: the file before it was edited"},
	{"*.swp", false, "Vim: what is being edited"},
	{"*.tmp", false, "programs while they write a file"},
	{"*.lock", false, "programs while they write a file"},
	{"__pycache__", true, "Python"},
	{"wandb", true, "Weights & Biases"},
	{"mlruns", true, "MLflow"},
	{"lightning_logs", true, "PyTorch Lightning"},
	{"*.dvc", false, "DVC: where the data are kept"},

	// Streams: notes that Windows and macOS keep with a file. On a file system without streams
	// they become separate files. WSL writes their ":" as U+F03A, others as "_".
	{"*Zone.Identifier", false, "Windows: where a file was downloaded from"},
	{"*:encryptable", false, "Windows: a stream of Thumbs.db"},
	{"*:SmartScreen", false, "Windows: what it thinks of a download"},
	{"*:com.apple.*", false, "macOS: attributes such as com.apple.quarantine"},
	{"*:AFP_AfpInfo", false, "macOS, on file servers"},
	{"*:AFP_Resource", false, "macOS, on file servers"},
	{"*:com.dropbox.attr*", false, "Dropbox"},

	// Files that are still being written, or were never finished.
	{"*.part", false, "Firefox, and Fetch"},
	{"*.crdownload", false, "Chrome"},
	{"*.opdownload", false, "Opera"},
	{"*.download", false, "Safari"},
	{"*.partial", false, "Edge, rsync, rclone"},
	{"*.filepart", false, "WinSCP"},
	{"*.aria2", false, "aria2: its notes on what is missing"},
	{"*.!ut", false, "uTorrent"},
	{"*.!qB", false, "qBittorrent"},
	{"*.!sync", false, "Resilio Sync"},
	{"*.downloading", false, "Baidu's and other clients"},
}

// passedOver reports whether a file or folder is ignored because of its name: it begins with
// ".", such as .DS_Store, .git and ._a.jpg, or is one of leftBy.
func passedOver(name string, folder bool) bool {
	if strings.HasPrefix(name, ".") {
		return true
	}
	name = strings.ToLower(name)
	for _, left := range leftBy {
		if left.folder != folder {
			continue
		}
		if like, err := path.Match(strings.ToLower(left.name), name); err == nil && like {
			return true
		}
	}
	return false
}
