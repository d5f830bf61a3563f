package plots

import "testing"

// Only a program that outlives its cell, on a kernel that Jupyter's server knows, can be asked.
func TestCanAnswer(t *testing.T) {
	t.Setenv("GONB_JUPYTER_KERNEL_ID", "")
	if canAnswer() {
		t.Error("without a Jupyter server there is nobody to ask")
	}
	t.Setenv("GONB_JUPYTER_KERNEL_ID", "1234")
	if !canAnswer() {
		t.Error("on the live kernel the program can answer")
	}
	t.Setenv("GONB_TMP_DIR", "/x")
	if canAnswer() {
		t.Error("on GoNB the program ends with the cell")
	}
}
