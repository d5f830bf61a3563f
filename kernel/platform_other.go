//go:build !linux

package main

import "github.com/spf13/cobra"

// platformCommands are the commands that need cells in a living process.
func platformCommands() []*cobra.Command { return nil }
