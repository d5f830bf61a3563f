package main

import "github.com/sdtlab/sdtlab/sdt"

// kept holds the last built task for the methods of one trial, which follow each other: a
// task of photographs takes hundreds of megabytes, and a table has dozens.
type kept struct {
	name string
	task sdt.Task
}

// of returns a function that builds a task unless k holds it. name must identify the task.
func (k *kept) of(name string, build func() (sdt.Task, error)) func() (sdt.Task, error) {
	return func() (sdt.Task, error) {
		if k.name == name {
			return k.task, nil
		}
		*k = kept{} // free the old task before building the new one
		task, err := build()
		if err == nil {
			*k = kept{name, task}
		}
		return task, err
	}
}

// both returns a function that reads two sets and builds a task from them.
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
