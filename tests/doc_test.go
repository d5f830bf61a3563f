// Package tests holds what spans packages: the picture of arrows, the doc comments,
// README's commands, a run that is killed, the notebooks, their report in a browser,
// and the kernel in Jupyter. Command reproduce, beside it, makes README's tables.
package tests
