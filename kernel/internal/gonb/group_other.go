//go:build !unix

package gonb

import "os/exec"

// ownGroup does nothing: process groups are a Unix matter.
func ownGroup(*exec.Cmd) {}

// killGroup kills the process; what it started may live on.
func killGroup(cmd *exec.Cmd) { cmd.Process.Kill() }
