package nbformat

import "testing"

func TestLanguage(t *testing.T) {
	for metadata, want := range map[string][2]string{
		`{}`: {"", ""},
		`{"kernelspec": {"name": "python3", "language": "python"}}`:                              {"python", "python3"},
		`{"kernelspec": {"name": "python3"}}`:                                                    {"python", "python3"},
		`{"kernelspec": {"name": "mine"}}`:                                                       {"", "mine"},
		`{"kernelspec": {"name": "mine"}, "language_info": {"name": "Go"}}`:                      {"go", "mine"},
		`{"language_info": {"name": "R"}}`:                                                       {"r", ""},
		`{"kernelspec": {"name": "sdt", "language": "go"}, "language_info": {"name": "python"}}`: {"go", "sdt"},
		`{"kernelspec": 1, "language_info": []}`:                                                 {"", ""},
	} {
		nb, err := Decode([]byte(`{"nbformat": 4, "nbformat_minor": 5, "metadata": ` + metadata + `, "cells": []}`))
		if err != nil {
			t.Fatal(err)
		}
		if language, kernel := nb.Language(); language != want[0] || kernel != want[1] {
			t.Errorf("%s: %q, %q", metadata, language, kernel)
		}
	}
}
