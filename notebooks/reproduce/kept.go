package main

import "github.com/sdtlab/sdtlab/sdt"

// kept holds the task that was built last, for the methods of one trial, which follow
// one another: a task of photographs is hundreds of megabytes, and a table has dozens.
type kept struct {
	name string
	task sdt.Task
}

// of returns a function that builds a task unless it is the one that k holds. name is
// the task's alone.
func (k *kept) of(name string, build func() (sdt.Task, error)) func() (sdt.Task, error) {
	return func() (sdt.Task, error) {
		if k.name == name {
			return k.task, nil
		}
		*k = kept{} // the old one goes before the new one comes
		task, err := build()
		if err == nil {
			*k = kept{name, task}
		}
		return task, err
	}
}

// both returns a function that builds a task of two sets, which it reads.
func both(source, target func() (sdt.Labelled, error), build func(source, target sdt.Labelled) (sdt.Task, error)) func() (sdt.Task, error) {
	return func() (sdt.Task, error) {
		s, err := source()
		if err != nil {
			return sdt.Task{}, err
		}
		t, err := target()
		if err != nil {
			return sdt.Task{}, err
		}
		return build(s, t)
	}
}
