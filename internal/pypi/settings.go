package pypi

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// setting returns the address of the index that pip is set up with, and where it says so.
// An empty setting counts as none, as for pip.
func setting() (address, from string) {
	if address = os.Getenv("PIP_INDEX_URL"); address != "" {
		return address, "PIP_INDEX_URL"
	}
	for _, file := range files() {
		text, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		if address = indexURL(string(text)); address != "" {
			return address, "index-url in " + file
		}
	}
	return public, ""
}

// files returns where pip's configuration files may be; of two, the earlier decides.
func files() (all []string) {
	given := os.Getenv("PIP_CONFIG_FILE")
	if given == os.DevNull { // pip's way to leave out all of them
		return nil
	}
	name := "pip.conf"
	if runtime.GOOS == "windows" {
		name = "pip.ini"
	}
	in := func(dir ...string) { all = append(all, filepath.Join(append(dir, name)...)) }
	all = append(all, given)
	if venv := os.Getenv("VIRTUAL_ENV"); venv != "" {
		in(venv)
	}
	if _, err := os.Stat(given); err != nil { // with a file that is given, pip leaves out the user's
		if config, err := os.UserConfigDir(); err == nil {
			in(config, "pip")
		}
		if home, err := os.UserHomeDir(); err == nil {
			if runtime.GOOS == "darwin" {
				in(home, ".config", "pip")
			}
			in(home, ".pip")
		}
	}
	switch runtime.GOOS {
	case "windows":
		in(os.Getenv("PROGRAMDATA"), "pip")
	case "darwin":
		in("/Library/Application Support/pip")
	default:
		in("/etc")
		in("/etc/xdg/pip")
	}
	return all
}

// indexURL returns index-url of the section [global] of a configuration file, "" for none.
func indexURL(text string) (address string) {
	section := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' || line[0] == ';' {
			continue
		}
		if line[0] == '[' {
			section = strings.Trim(line, "[]")
			continue
		}
		if at := strings.IndexAny(line, "=:"); at > 0 && section == "global" {
			key := strings.ReplaceAll(strings.ToLower(strings.TrimSpace(line[:at])), "_", "-")
			if strings.TrimPrefix(key, "--") == "index-url" {
				address = strings.TrimSpace(line[at+1:])
			}
		}
	}
	return address
}
