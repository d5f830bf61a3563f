//go:build !linux

package main

import "github.com/spf13/cobra"

// platformCommands returns the commands that need cells in a live process.
func platformCommands() []*cobra.Command { return nil }
