package tests

import "testing"

func manyFiles(t *testing.T, u *user) {}
func dataFaults(t *testing.T, u *user) {}
