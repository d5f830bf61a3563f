package weightfile

import (
	"archive/zip"
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gomlx/gomlx/core/tensors"

	"github.com/sdtlab/sdtlab/sdt/internal/torchtest"
	"github.com/sdtlab/sdtlab/sdt/layer"
)

// torchWays are the files of testdata/torch_weights.py, and the message for those that cannot be
// read, where FILE stands for the file's path, quoted, and OUT for that of the file to write.
var torchWays = map[string]string{
	"plain.safetensors":                "", // model.state_dict(), save_file
	"half.safetensors":                 "", // model.half()
	"bfloat16.safetensors":             "", // model.bfloat16()
	"double.safetensors":               "", // model.double()
	"float8.safetensors":               `"one.weight": the element type is "F8_E4M3"`,
	"channels-last.safetensors":        "", // the order in memory does not affect the file
	"data-parallel.safetensors":        "", // module.one.weight
	"data-parallel-inside.safetensors": "", // one.module.weight, as in PyTorch's own ImageNet example for AlexNet
	"compiled.safetensors":             "", // _orig_mod.one.weight
	"averaged.safetensors":             "", // module.one.weight, and n_averaged, a counter
	"compiled-parallel.safetensors":    "", // module._orig_mod.backbone.one.weight
	"backbone.safetensors":             "", // backbone.one.weight, domain.weight, norm.num_batches_tracked
	"twice.safetensors":                `"student.one.weight" and as "teacher.one.weight"`,
	"copied.safetensors":               "", // the same under two names
	"own-classifier.safetensors":       "", // fc8_office.weight for top.weight
	"metadata.safetensors":             "", // one of which looks like a shared tensor
	"shared.safetensors":               "", // save_model: half of net's tensors under other names
	"model-00001-of-00002.safetensors": `glob("DIR/*-of-00002.safetensors")`,
	"model.safetensors.index.json":     `glob("DIR/*-of-*.safetensors")`,
	"saved.pth":                        "",
	"legacy.pth":                       "",
	"checkpoint.pth.tar":               "",
	"nested.pth":                       "",                                            // in a dictionary in a dictionary
	"second.pth":                       "",                                            // after another dictionary of tensors
	"listed.bin":                       "",                                            // in a list
	"misnamed.safetensors":             "",                                            // torch.save under the other name
	"whole.pth":                        `type map_location="cpu", weights_only=False`, // a module
	"whole-inside.ckpt":                `type map_location="cpu", weights_only=False`, // a module in a dictionary
	"arrays.pkl":                       `pickle.load(open(FILE, "rb"), `,              // of NumPy, by Python's pickle
	"nothing.pth":                      `torch.load(open(FILE, "rb"), `,               // no tensors
	"half.pth":                         "",
	"bfloat16.pth":                     "",
	"double.pth":                       "",
	"channels-last.pth":                "", // not in row-major order
	"prefix.pth":                       "", // module.backbone.one.weight
	"parameters.pth":                   "", // of class Parameter
	"views.pth":                        "", // of one storage
	"legacy-views.pth":                 "",
	"legacy-half.pth":                  "",
	"protocol-4.pth":                   "", // of pickles
	"protocol-5.pth":                   "",
	"legacy-whole.pth":                 `type map_location="cpu", weights_only=False`, // a module and its source
	"script.pt":                        `torch.jit.load(FILE, `,
	"program.pt2":                      `torch.export.load(FILE)`,
	"default.onnx":                     "", // a small tensor in it, a large one in default.onnx.data
	"one-file.onnx":                    "",
	"training.onnx":                    "", // with the rate of Dropout, a scalar
	"half.onnx":                        "",
	"bfloat16.onnx":                    "",
	"double.onnx":                      "",
	"not-optimized.onnx":               "",
	"part.onnx":                        "", // backbone.one.weight
	"exporter-before-2.9.onnx":         "",
	"exporter-before-2.9-opset-9.onnx": "",
}

// advisedLine matches the line that an error advises to type, and the file that it makes.
var advisedLine = regexp.MustCompile(`in Python type (.*, "([^"]*)"\))(?:; if that fails .*|; unpickling .*)?$`)

// checkTorchWay reads a file of torch_weights.py. It returns the line of Python that the error
// advises, and the file that it makes; "" if there is no error.
func checkTorchWay(t *testing.T, path string) (line, makes string) {
	t.Helper()
	name := filepath.Base(path)
	says, known := torchWays[name]
	if !known {
		t.Errorf("%s is none of the ways", name)
		return "", ""
	}
	w, err := ReadTorch(path, tiny(AlexNet))
	if says == "" {
		if err != nil {
			t.Error(err)
		} else {
			checkCounting(t, name, w)
		}
		return "", ""
	}
	says = strings.NewReplacer("FILE", fmt.Sprintf("%q", path), "DIR", filepath.Dir(path)).Replace(says)
	if err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), path) {
		t.Errorf("%s: error %v, want one that says %s", name, err, says)
		return "", ""
	}
	if advised := advisedLine.FindStringSubmatch(err.Error()); advised != nil {
		return advised[1], advised[2]
	}
	return "", ""
}

// checkCounting compares weights with those of torch_weights.py: the number at flat index i of
// PyTorch's tensor is i, of a bias −i.
func checkCounting(t *testing.T, name string, w *Weights) {
	t.Helper()
	for _, l := range tiny(AlexNet).layers {
		at := tensors.MustCopyFlatData[float32](w.Values[""+l.name+"/"+layer.Weights])
		area := l.side * l.side
		for o := range l.out {
			for i := range l.in {
				for s := range area { // ours is [area, in, out]
					if got := at[(s*l.in+i)*l.out+o]; got != float32((o*l.in+i)*area+s) {
						t.Errorf("%s: %s: %v at output %d, input %d, place %d", name, l.name, got, o, i, s)
						return
					}
				}
			}
		}
		for i, got := range tensors.MustCopyFlatData[float32](w.Values[""+l.name+"/"+layer.Biases]) {
			if got != -float32(i) {
				t.Errorf("%s: bias %d of %s is %v", name, i, l.name, got)
			}
		}
	}
}

// Files that PyTorch 2.15 wrote, kept in testdata/torch.zip, and .pth files of PyTorch 1.13.
func TestFilesOfPyTorch(t *testing.T) {
	left := maps.Clone(torchWays)
	for _, archive := range []string{"torch.zip", "torch-1.13.zip"} {
		z, err := zip.OpenReader(filepath.Join("testdata", archive))
		if err != nil {
			t.Fatal(err)
		}
		defer z.Close()
		dir := t.TempDir()
		if err := os.CopyFS(dir, z); err != nil {
			t.Fatal(err)
		}
		for _, f := range z.File {
			if _, ok := torchWays[f.Name]; ok {
				checkTorchWay(t, filepath.Join(dir, f.Name))
				delete(left, f.Name)
			}
		}
	}
	if len(left) != 3 { // one-file, double and not-optimized, as large as all others
		t.Errorf("not tried: %v", slices.Sorted(maps.Keys(left)))
	}
}

// Files that the installed PyTorch writes, and what the advised lines make of them.
func TestFilesOfThisPyTorch(t *testing.T) {
	if testing.Short() {
		t.Skipf("%s: it takes half a minute", t.Name())
	}
	python := torchtest.Python(t)
	if python == "" {
		t.Skipf("%s: no python3 with PyTorch: %s", t.Name(), torchtest.Install)
	}
	dir := t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, python, filepath.Join("testdata", "torch_weights.py"), dir)
	c.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	out, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	var lines, made []string
	written := 0
	for line := range strings.Lines(string(out)) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "cannot ") {
			t.Log(line)
			continue
		}
		names := []string{line}
		if line == "model-00001-of-00002.safetensors" {
			names = append(names, "model.safetensors.index.json")
		}
		for _, name := range names {
			written++
			if line, makes := checkTorchWay(t, filepath.Join(dir, name)); line != "" {
				lines, made = append(lines, line), append(made, makes)
			}
		}
	}
	if written < 5 { // torch.save of a dictionary, of a checkpoint, of a program, and the exporter
		t.Errorf("only %d ways were tried:\n%s", written, out)
	}
	if err := exec.CommandContext(ctx, python, "-c", "import safetensors").Run(); err != nil {
		t.Logf("no safetensors beside this PyTorch: the advised lines are not run: %v", err)
		return
	}
	for i, line := range lines {
		if strings.Contains(made[i], "whole") { // as the error advises for such a file
			lines[i] = strings.Replace(line, `map_location="cpu"`, `map_location="cpu", weights_only=False`, 1)
		}
		if strings.Contains(made[i], "nothing") {
			out, err := exec.CommandContext(ctx, python, "-c", line).CombinedOutput()
			if _, there := os.Stat(made[i]); err == nil || there == nil || !strings.Contains(string(out), "no dictionary of tensors is in it") {
				t.Errorf("%s\nmade %v of a file without tensors: %v, %s", line, there, err, out)
			}
			lines[i], made[i] = "", ""
		}
	}
	made = slices.DeleteFunc(made, func(path string) bool { return path == "" })
	// Run in one process, as if a user typed them one after another.
	if out, err := exec.CommandContext(ctx, python, "-c", strings.Join(lines, "\n")).CombinedOutput(); err != nil {
		t.Fatalf("%s\n%v\n%s", strings.Join(lines, "\n"), err, out)
	}
	for _, path := range made {
		if w, err := ReadTorch(path, tiny(AlexNet)); err != nil {
			t.Error(err)
		} else {
			checkCounting(t, path, w)
		}
	}
}
