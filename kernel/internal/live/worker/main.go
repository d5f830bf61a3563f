// Command worker is the process that holds a session's values. It is linked against the
// shared library of a [live.Base] and started by a [live.Session] only.
package main

import "github.com/sdtlab/sdtlab/kernel/internal/live/host"

func main() { host.Main() }
