// Package goenv makes the environment in which the go command builds for a session: the
// user's, without settings that do not work for a program loaded into a running one.
package goenv

import (
	"runtime"
	"slices"
	"strings"
)

// fixed are variables that the user's environment does not decide: a session uses modules,
// on this machine, with cgo.
var fixed = []string{
	"GO111MODULE=on", "GOWORK=off", "CGO_ENABLED=1", "GOOS=" + runtime.GOOS, "GOARCH=" + runtime.GOARCH,
}

// kept are the flags of GOFLAGS that stay, each with a value. Others change how a program
// is built, such as -race and -buildmode, belong to another command, or change the user's
// go.mod, such as -mod=mod.
var kept = []string{"tags", "modfile"}

// Of returns env for the go command. The fixed variables have their values here, and
// GOFLAGS has those flags that a session can be built with. GOROOT is unset, for the go
// command to find: a set one may belong to another Go. GOTOOLCHAIN names no version: go.mod
// says which one the session needs.
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

// Value returns the value of a variable in an environment, "" if it is not set. The last
// setting counts.
func Value(env []string, name string) string {
	for _, kv := range slices.Backward(env) {
		if value, ok := strings.CutPrefix(kv, name+"="); ok {
			return value
		}
	}
	return ""
}

// Quote returns an argument in the form for a list such as GOFLAGS, CC or -extld: an
// argument with a space is quoted. One with both kinds of quotes cannot be in such a list.
func Quote(arg string) string {
	switch {
	case !strings.ContainsAny(arg, " \t\r\n'\"") && arg != "":
		return arg
	case strings.Contains(arg, "'"):
		return `"` + arg + `"`
	}
	return "'" + arg + "'"
}

// Split returns the arguments of such a list. An unclosed quote extends to the end.
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
