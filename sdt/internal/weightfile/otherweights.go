package weightfile

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Lines of Python that convert another file to a .safetensors file. FILE and OUT stand for
// the files' names, quoted.
//
// A file of torch.save may hold a state_dict, a module, or a checkpoint of any form that
// contains one of them. find lists all dictionaries of tensors in it, except an optimizer's
// (which has param_groups), since that may keep two numbers for each weight. The dictionary
// with most numbers is used. The file is opened beforehand since torch.load treats a name
// that ends in .safetensors differently.
const (
	saveLine   = `import torch; from safetensors.torch import save_file; `
	savedDict  = `; d = {k: v.contiguous().clone() for k, v in d.items() if torch.is_tensor(v)}; assert d, "no tensors are in it"; save_file(d, OUT)`
	findLine   = `find = lambda x: [{k: torch.as_tensor(v) for k, v in x.items() if isinstance(k, str) and (torch.is_tensor(v) or type(v).__name__ == "ndarray")}] + [d for v in x.values() for d in find(v) if "param_groups" not in x] if isinstance(x, dict) else [d for v in x for d in find(v)] if isinstance(x, (list, tuple)) else find(x.state_dict()) if hasattr(x, "state_dict") else []; `
	mostLine   = `; d = max(find(x), key=lambda d: sum(v.numel() for v in d.values()), default={}); assert d, "no dictionary of tensors is in it"; save_file({k: v.detach().contiguous().clone() for k, v in d.items()}, OUT)`
	torchLine  = saveLine + findLine + `x = torch.load(open(FILE, "rb"), map_location="cpu")` + mostLine
	pickleLine = `import pickle; ` + saveLine + findLine + `x = pickle.load(open(FILE, "rb"), encoding="latin1")` + mostLine

	scriptLine  = saveLine + `d = torch.jit.load(FILE, map_location="cpu").state_dict()` + savedDict
	programLine = saveLine + `d = torch.export.load(FILE).state_dict` + savedDict
	shardsLine  = `from glob import glob; from safetensors.torch import load_file, save_file; d = {k: v for f in glob(SHARDS) for k, v in load_file(f).items()}; assert d, "no file with tensors has such a name"; save_file(d, OUT)`
	arraysLine  = `import numpy as np; from safetensors.numpy import save_file; save_file(dict(np.load(FILE)), OUT)`
)

// runsCode is the warning that belongs to a line that unpickles a file.
var runsCode = map[string]string{
	torchLine:  `; if that fails with "Weights only load failed", the file holds Python objects besides tensors: if you trust its source, type map_location="cpu", weights_only=False where their classes can be imported: it runs whatever code the file names`,
	pickleLine: `; unpickling runs whatever code the file names, so do that only if you trust its source`,
}

// otherFiles are the kinds of file that are given for weights by mistake: how they begin
// or, if they have no typical beginning, how their names end. line converts such a file to a
// .safetensors file, if there is a way; do is another remedy.
var otherFiles = []struct {
	begins, ends, is, line, do string
}{
	{begins: "version https://git-lfs", is: "a pointer of Git LFS, not the file itself", do: "fetch it: git lfs pull"},
	{begins: "<!DOCTYPE", is: "a web page, not the file that its link leads to", do: "download that file"},
	{begins: "<!doctype", is: "a web page, not the file that its link leads to", do: "download that file"},
	{begins: "<html", is: "a web page, not the file that its link leads to", do: "download that file"},
	{begins: "\x89HDF\r\n\x1a\n", is: "an HDF5 file"},
	{begins: "GGUF", is: "a GGUF file"},
	{begins: "\x93NUMPY", is: "one NumPy array"},
	{begins: "\x1f\x8b", is: "compressed with gzip", do: "unpack it first"},
	{ends: ".index.json", is: "the index of a model that is saved in several files", line: shardsLine},
	{ends: ".pth", is: "a PyTorch file, a pickle", line: torchLine},
	{ends: ".pt", is: "a PyTorch file, a pickle", line: torchLine},
	{ends: ".bin", is: "a PyTorch file, a pickle", line: torchLine},
	{ends: ".ckpt", is: "a PyTorch file, a pickle", line: torchLine},
	{ends: ".tar", is: "a PyTorch file, a pickle", line: torchLine},
	{ends: ".pkl", is: "a pickle", line: pickleLine},
	{ends: ".msgpack", is: "a Flax file"},
	{ends: ".h5", is: "an HDF5 file"},
	{ends: ".npz", is: "an archive of NumPy arrays", line: arraysLine},
	{ends: ".tflite", is: "a TensorFlow file"},
	{ends: ".pb", is: "a TensorFlow file"},
	{ends: ".data", is: "the numbers of an ONNX model", do: "name the .onnx file beside it"},
	{ends: ".prototxt", is: "a description of a network, without its weights"},
	{ends: ".solverstate", is: "the state of Caffe's solver", do: "the weights are in the .caffemodel beside it"},
}

// isSafetensors reports whether a file begins as a safetensors file does: with the length
// of a header that fits, and the header's bracket.
func isSafetensors(data []byte) bool {
	_, _, err := splitTensors(data)
	return err == nil
}

// isCaffeModel reports whether a file is a .caffemodel file with weights.
func isCaffeModel(data []byte) bool {
	blobs, _, err := decodeCaffeModel(data)
	return err == nil && len(blobs) > 0
}

// isONNX reports whether a file is an ONNX model with weights.
func isONNX(data []byte) bool {
	all, err := decodeONNX(data)
	return err == nil && len(all) > 0
}

// otherWeights returns an error that says what a file is and what to do, if it is not of a
// kind with a name that ends in want; nil if it may be.
func otherWeights(path string, data []byte, want ...string) error {
	lower := strings.ToLower(filepath.Base(path))
	wanted := slices.ContainsFunc(want, func(end string) bool { return strings.HasSuffix(lower, end) })
	is, line, do := insideZip(data)
	switch {
	case isSafetensors(data):
		is = "a safetensors file"
	case bytes.HasPrefix(data, []byte(torchMagic)):
		is, line = "a PyTorch file, a pickle", torchLine
	case isPickle(data):
		is, line = "a pickle", pickleLine
	case is == "" && isCaffeModel(data) && !slices.Contains(want, ".caffemodel"):
		is = "a Caffe model"
	case is == "" && isONNX(data) && !slices.Contains(want, ".onnx"):
		is = "an ONNX model"
	case is == "" && (!wanted || strings.HasSuffix(lower, ".pth")) && isONNX(data):
		is, do = "an ONNX model without the ending .onnx", "rename it"
	}
	for _, k := range otherFiles {
		if is == "" && (k.begins != "" && bytes.HasPrefix(data, []byte(k.begins)) || k.ends != "" && !wanted && strings.HasSuffix(lower, k.ends)) {
			is, line, do = k.is, k.line, k.do
		}
	}
	if is == "" && wanted && strings.HasSuffix(lower, ".pth") {
		is, do = "not a PyTorch file", "download it again, or write the state_dict with safetensors' save_file"
	}
	if is == "" && !wanted && slices.Contains(want, ".safetensors") {
		is, do = fmt.Sprintf("of an unknown kind: its name ends in %q", filepath.Ext(path)), "write the state_dict with safetensors' save_file"
	}
	if is == "" {
		return nil
	}
	is = fmt.Sprintf("it is %s, want %s", is, strings.Join(want, " or "))
	switch {
	case line != "" && slices.Contains(want, ".safetensors"):
		is += ": in Python type " + lineFor(path, line) + runsCode[line]
	case do != "":
		is += ": " + do
	}
	return errors.New(is)
}

// torchMagic is how files of torch.save began before version 1.6: a pickled number.
const torchMagic = "\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19."

// isPickle reports whether a file begins as a Python pickle of protocol 2 to 5 does. The
// length at the beginning of a safetensors file may have the same two bytes, but then a zero.
func isPickle(data []byte) bool {
	return len(data) > 2 && data[0] == 0x80 && data[1] >= 2 && data[1] <= 5 && data[2] != 0
}

// insideZip says what a zip archive holds; "" if data is not a zip archive.
func insideZip(data []byte) (is, line, do string) {
	if !bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		return "", "", ""
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if z == nil || len(z.File) == 0 {
		return fmt.Sprintf("a zip archive that cannot be read (%v)", err), "", "download it again"
	}
	has := func(end string) bool {
		return slices.ContainsFunc(z.File, func(f *zip.File) bool { return strings.HasSuffix("/"+f.Name, end) })
	}
	switch {
	case has("/constants.pkl"):
		return "a TorchScript program", scriptLine, ""
	case has("/archive_format"), has("/serialized_exported_program.json"):
		return "a program of torch.export", programLine, ""
	case has(".pkl"):
		return "a PyTorch file, a pickle", torchLine, ""
	case has(".npy"):
		return "an archive of NumPy arrays", arraysLine, ""
	case has("/model.weights.h5"):
		return "a Keras file", "", ""
	}
	return "a zip archive", "", "unpack it first"
}

// shardName matches the name of one of several files that a model is saved in.
var shardName = regexp.MustCompile(`-\d+(-of-\d+\.safetensors)$`)

// ofShards says what to do if a file is one of several that a model is saved in.
func ofShards(path string) string {
	if !shardName.MatchString(path) {
		return ""
	}
	return ": this is one of several files that hold the model: in Python type " + lineFor(path, shardsLine)
}

// weightsIn names a file in a folder that may be the one that was meant.
func weightsIn(folder string) string {
	entries, _ := os.ReadDir(folder)
	first := func(kind string) string {
		for _, e := range entries {
			if filepath.Ext(e.Name()) == kind {
				return filepath.Join(folder, e.Name())
			}
		}
		return ""
	}
	if first(".distcp") != "" {
		return fmt.Sprintf(", and a distributed checkpoint: python3 -m torch.distributed.checkpoint.format_utils dcp_to_torch %q %q", folder, folder+".pth")
	}
	for _, kind := range []string{".safetensors", ".onnx", ".caffemodel"} {
		if found := first(kind); found != "" {
			return " in it, such as " + found
		}
	}
	return ""
}

// globEscapes writes a path so that a pattern of Python's glob matches it, as glob.escape does.
var globEscapes = strings.NewReplacer("[", "[[]", "*", "[*]", "?", "[?]")

// lineFor inserts the files' names into a line of Python.
func lineFor(path, line string) string {
	base := filepath.Base(path)
	for _, end := range []string{filepath.Ext(base), ".pth", ".pt", ".safetensors.index"} {
		base = strings.TrimSuffix(base, end)
	}
	shards := "*-of-*.safetensors"
	if end := shardName.FindStringSubmatch(path); end != nil {
		shards = "*" + end[1]
		base = strings.TrimSuffix(filepath.Base(path), end[0])
	}
	folder, _ := filepath.Split(path)
	out := folder + base + ".safetensors"
	if out == path {
		out = folder + base + "-tensors.safetensors"
	}
	return strings.NewReplacer("SHARDS", strconv.Quote(globEscapes.Replace(folder)+shards), "FILE", strconv.Quote(path), "OUT", strconv.Quote(out)).Replace(line)
}
