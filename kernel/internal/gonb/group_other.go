//go:build !unix

package gonb

import "os/exec"

// ownGroup does nothing: process groups exist only on Unix.
func ownGroup(*exec.Cmd) {}

// killGroup kills the process; its children may survive.
func killGroup(cmd *exec.Cmd) { cmd.Process.Kill() }
