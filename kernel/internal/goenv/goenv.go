// Package goenv is the environment in which the go command builds for a session: that of
// the user, without what cannot hold for a program that is loaded into a running one.
package goenv

import (
	"runtime"
	"slices"
	"strings"
)

// fixed are variables that the user's environment does not decide: a session is one of
// modules, on this machine, with cgo.
var fixed = []string{
	"GO111MODULE=on", "GOWORK=off", "CGO_ENABLED=1", "GOOS=" + runtime.GOOS, "GOARCH=" + runtime.GOARCH,
}

// kept are the flags of GOFLAGS that stay, each with a value. Others say how a program is
// built, as -race and -buildmode do, or are for another command, or change the user's go.mod,
// as -mod=mod does.
var kept = []string{"tags", "modfile"}

// Of returns env for the go command. The variables that are fixed here have their values,
// GOFLAGS has those flags that a session can be built with, and GOROOT is for the go command
// to find: it is that of another Go where it says something else. GOTOOLCHAIN names no version:
// go.mod says which one the session needs.
func Of(env []string) []string {
	flags := "-buildvcs=false" // never empty: the user's go env -w would count
	for _, flag := range Split(Value(env, "GOFLAGS")) {
		name, _, ok := strings.Cut(strings.TrimLeft(flag, "-"), "=")
		if ok && strings.HasPrefix(flag, "-") && slices.Contains(kept, name) {
			flags += " " + Quote(flag)
		}
	}
	out := slices.DeleteFunc(slices.Clone(env), func(kv string) bool { return strings.HasPrefix(kv, "GOROOT=") })
	toolchain := Value(env, "GOTOOLCHAIN")
	if toolchain != "local" && toolchain != "path" {
		toolchain = "auto"
	}
	return append(append(out, fixed...), "GOFLAGS="+flags, "GOTOOLCHAIN="+toolchain)
}

// Value returns the value of a variable in an environment, "" if it is not set: the last one
// counts.
func Value(env []string, name string) string {
	for _, kv := range slices.Backward(env) {
		if value, ok := strings.CutPrefix(kv, name+"="); ok {
			return value
		}
	}
	return ""
}

// Quote returns an argument as it stands in a list of GOFLAGS, CC, -extld and the like, where
// one that has a space stands in quotes. One with quotes of both kinds cannot stand there.
func Quote(arg string) string {
	switch {
	case !strings.ContainsAny(arg, " \t\r\n'\"") && arg != "":
		return arg
	case strings.Contains(arg, "'"):
		return `"` + arg + `"`
	}
	return "'" + arg + "'"
}

// Split returns the arguments of such a list. Where a quote has no end, it goes to the end.
func Split(list string) []string {
	var all []string
	for list = strings.TrimLeft(list, space); list != ""; list = strings.TrimLeft(list, space) {
		end := space
		if list[0] == '\'' || list[0] == '"' {
			end, list = list[:1], list[1:]
		}
		n := strings.IndexAny(list, end)
		if n < 0 {
			return append(all, list)
		}
		all, list = append(all, list[:n]), list[n+1:]
	}
	return all
}

const space = " \t\r\n"
