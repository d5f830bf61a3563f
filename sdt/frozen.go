package sdt

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/maphash"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/gomlx/gomlx/core/tensors"
)

// frozen keeps what the frozen part of the network returns, computed once for each image and
// cut: in memory, and in a file of the run directory. The file's name depends on the frozen
// part, its weights and constants, the back end and the crop, and each row on the image's
// bytes, so labs that differ in anything else share it.
type frozen struct {
	trunk     *trunk
	window    cut
	dir       string // the run directory
	lock      sync.Mutex
	path, key string
	loaded    bool
	row       map[frozenID]int      // of values
	values    []float32             // [rows, trunk.shape...]
	kept      int                   // rows in the file
	ids       map[string][]frozenID // of the task's examples
	seed      maphash.Seed          // of the hash by which ids finds them
}

// frozenID is the SHA-256 of an image and of the cut.
type frozenID [sha256.Size]byte

// frozenBatch is how many images the frozen part sees at once.
const frozenBatch = 32

// centre is the cut of evaluation; the random ones of training count from 0.
const centre = -1

func newFrozen(dir string, t *trunk, constants string, window cut) *frozen {
	id := fmt.Appendln(nil, t.sum, BackendName(t.backend), window.crop)
	if constants != "" {
		id = fmt.Appendln(id, constants)
	}
	sum := sha256.Sum256(id)
	key := hex.EncodeToString(sum[:8])
	return &frozen{trunk: t, window: window, dir: dir, path: filepath.Join(dir, "frozen-"+key+".safetensors"), key: key,
		row: map[frozenID]int{}, ids: map[string][]frozenID{}, seed: maphash.MakeSeed()}
}

// rows returns what the frozen part returns for examples, as values, and in which of its rows
// cut j of example i is, at i·len(cuts) + j. It computes what is not there, and keeps it: each
// time that now is due for a checkpoint, at the end, and if the context ends. The ids of own,
// the task's examples, are remembered.
func (f *frozen) rows(ctx context.Context, e Examples, cuts []int, own []Examples, now *sitting, every time.Duration) (Examples, []int, error) {
	f.lock.Lock()
	defer f.lock.Unlock()
	err := f.load(f.trunk.shape)
	if err != nil {
		return Examples{}, nil, err
	}
	ids := f.idsOf(e, cuts, own)
	var missing []int
	seen := map[frozenID]bool{}
	for i, id := range ids {
		if _, ok := f.row[id]; !ok && !seen[id] {
			seen[id] = true
			missing = append(missing, i)
		}
	}
	if len(missing) > 0 {
		err = f.compute(ctx, e, cuts, ids, missing, now, every)
	}
	if len(f.row) > f.kept { // also those that an earlier call could not write
		err = errors.Join(err, f.save())
	}
	if err != nil {
		return Examples{}, nil, err
	}
	rows := make([]int, len(ids))
	for i, id := range ids {
		rows[i] = f.row[id]
	}
	return Examples{Domain: e.Domain, Shape: f.trunk.shape, Values: f.values}, rows, nil
}

// compute adds the missing ones of ids.
func (f *frozen) compute(ctx context.Context, e Examples, cuts []int, ids []frozenID, missing []int, now *sitting, every time.Duration) error {
	exec, store, err := f.trunk.exec()
	if err != nil {
		return err
	}
	defer store.Finalize()
	defer exec.Finalize()
	now.Steps = len(missing)
	batch := min(frozenBatch, len(missing))
	for from := 0; from < len(missing); from += batch {
		if err := ctx.Err(); err != nil {
			return err
		}
		part := missing[from:min(from+batch, len(missing))]
		images := f.cutImages(e, cuts, part, batch)
		y, err := exec.Call(images)
		if err != nil {
			return firstLine(err)
		}
		flat, err := tensors.CopyFlatData[float32](y)
		if err != nil {
			return err
		}
		if err := release(images, y); err != nil {
			return err
		}
		width := len(flat) / batch
		flat = flat[:len(part)*width]
		if i := slices.IndexFunc(flat, func(v float32) bool { return !finite(v) }); i >= 0 {
			return &notFinite{e, part[i/width] / len(cuts), flat[i]}
		}
		for i, at := range part {
			f.add(ids[at], flat[i*width:(i+1)*width])
		}
		done := from + len(part)
		if now.due(every) && done < len(missing) {
			if err := f.save(); err != nil {
				return err
			}
			now.saved = time.Now()
		}
		now.at(done)
		now.Ended = done == len(missing)
		now.report(now.Progress)
	}
	return nil
}

// add adds the values of an id, if they are not there. While this process computes, another one
// may compute the same, and save brings its rows.
func (f *frozen) add(id frozenID, values []float32) {
	if _, ok := f.row[id]; !ok {
		f.row[id] = len(f.row)
		f.values = append(f.values, values...)
	}
}

// cutImages returns a batch of cuts, of which wanted are the places: cut place%len(cuts) of
// example place/len(cuts). The last one is repeated: one shape, one compilation.
func (f *frozen) cutImages(e Examples, cuts, wanted []int, batch int) *tensors.Tensor {
	at := func(i int) (row, cut int) {
		place := wanted[min(i, len(wanted)-1)]
		return place / len(cuts), cuts[place%len(cuts)]
	}
	window := f.window
	if e.Pixels == nil || len(cuts) == 1 && cuts[0] == centre {
		rows := make([]sourceRow, batch)
		for i := range rows {
			row, _ := at(i)
			rows[i] = sourceRow{e, row}
		}
		return window.tensor(rows, 0)
	}
	window.random = true
	size, out := e.Size(), Examples{Shape: window.shape(e.Shape)}.Size()
	flat := make([]uint8, batch*out)
	for i := range batch {
		row, j := at(i)
		image := e.Pixels[row*size : (row+1)*size]
		sum := sha256.Sum256(image)
		rng := rand.New(rand.NewPCG(window.seed^binary.LittleEndian.Uint64(sum[:]), uint64(j)))
		window.image(flat[i*out:(i+1)*out], image, e.Shape, rng)
	}
	return tensors.FromFlatDataAndDimensions(flat, append([]int{batch}, window.shape(e.Shape)...)...)
}

// idsOf returns the id of each cut of each example.
func (f *frozen) idsOf(e Examples, cuts []int, own []Examples) []frozenID {
	of := ""
	for _, known := range own {
		if known.start() == e.start() && known.Len() == e.Len() {
			var h maphash.Hash // the caller may have changed them in place
			h.SetSeed(f.seed)
			h.Write(e.Pixels)
			binary.Write(&h, binary.LittleEndian, e.Values)
			of = fmt.Sprint(e.Shape, e.Len(), cuts, h.Sum64())
		}
	}
	if ids, ok := f.ids[of]; ok {
		return ids
	}
	var ids []frozenID
	size := e.Size()
	for i := range e.Len() {
		h := sha256.New()
		fmt.Fprintln(h, e.Shape)
		if e.Pixels != nil {
			h.Write(e.Pixels[i*size : (i+1)*size])
		} else {
			binary.Write(h, binary.LittleEndian, e.Values[i*size:(i+1)*size])
		}
		image := h.Sum(nil)
		for _, j := range cuts {
			what := "centre"
			if j != centre {
				what = fmt.Sprintf("cut %d of seed %d, mirror %v", j, f.window.seed, f.window.mirror)
			}
			ids = append(ids, sha256.Sum256(append(slices.Clone(image), what...)))
		}
	}
	if of != "" {
		f.ids[of] = ids
	}
	return ids
}
