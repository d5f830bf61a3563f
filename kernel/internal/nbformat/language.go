package nbformat

import "strings"

// Language returns the programming language of the code cells, in lower case, and the name
// of the kernel that the notebook asks for; each is "" if the notebook does not say.
func (nb *Notebook) Language() (language, kernel string) {
	spec, _ := nb.Metadata["kernelspec"].(fields)
	info, _ := nb.Metadata["language_info"].(fields)
	kernel, _ = spec["name"].(string)
	for _, said := range []any{spec["language"], info["name"]} {
		if language, _ := said.(string); language != "" {
			return strings.ToLower(language), kernel
		}
	}
	return strings.ToLower(languages[kernel]), kernel
}

// languages gives the languages of kernels by their usual names, for notebooks that say no
// more.
var languages = map[string]string{"python": "python", "python2": "python", "python3": "python", "ir": "r", "bash": "bash", "gonb": "go", "gophernotes": "go", "sdt": "go"}
