package sdt

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/sdtlab/sdtlab/sdt/internal/backendtest"
)

// TestDevicesSplit: each device has its rows in the order of the batch, and all of the rest.
func TestDevicesSplit(t *testing.T) {
	batch := func() *tensors.Tensor { return tensors.FromValue([][]int32{{0, 1}, {2, 3}, {4, 5}, {6, 7}}) }
	for count, want := range map[int][2]string{
		0: {"[[[0 1] [2 3] [4 5] [6 7]]]", "[[[0 1] [2 3] [4 5] [6 7]]]"},
		2: {"[[[0 1] [2 3]] [[4 5] [6 7]]]", "[[[0 1] [2 3] [4 5] [6 7]] [[0 1] [2 3] [4 5] [6 7]]]"},
	} {
		d, err := newDevices(count)
		if err != nil {
			t.Fatal(err)
		}
		for i, share := range []func(*tensors.Tensor) ([]*tensors.Tensor, error){d.split, d.copies} {
			parts, err := share(batch())
			if err != nil {
				t.Fatal(err)
			}
			var values []any
			for _, p := range parts {
				values = append(values, p.Value())
			}
			if got := fmt.Sprint(values); got != want[i] {
				t.Errorf("%d devices have %s, want %s", count, got, want[i])
			}
		}
	}
}

// TestDevicesKey: a training on one device has the key that it had before there was the
// setting; on others it ends with other bits, and has another key.
func TestDevicesKey(t *testing.T) {
	keys := map[string]int{}
	for _, count := range []int{0, 1, 2, 4} {
		config := quick(Full)
		config.Devices = count
		key, err := StageInputs{Config: config.withDefaults().withoutIdle(false)}.key()
		if err != nil {
			t.Fatal(err)
		}
		if other, ok := keys[key]; ok != (count == 1) {
			t.Errorf("the key of %d devices is that of %d", count, other)
		}
		keys[key] = count
	}
}

// TestDevicesRefused checks what Open says about devices that there are not, or that cannot
// share out a batch evenly.
func TestDevicesRefused(t *testing.T) {
	none := blobs(1, 4, 5, 3, false)
	none.Unlabelled = Examples{}
	for _, row := range []struct {
		task   Task
		method Method
		change func(*Config)
		want   string
	}{
		{none, Full, func(c *Config) { c.Devices = -1 }, "config: Devices is -1, want 0 or above"},
		{blobs(1, 4, 5, 3, false), Full, func(c *Config) { c.Devices = 2 },
			`config: Devices is 2, but the back end, Go Backend, has 1 device: set Devices to 1, or choose another back end`},
		{blobs(1, 4, 5, 3, false), Full, func(c *Config) { c.Devices, c.SourceBatch = 4, 18 }, "config: SourceBatch is 18, want a multiple of Devices, 4"},
		{blobs(1, 4, 5, 3, false), Full, func(c *Config) { c.Devices, c.TargetBatch = 4, 18 }, "config: TargetBatch is 18, want a multiple of Devices, 4"},
		{none, SourceTarget, func(c *Config) { c.Devices, c.LabelledBatch = 4, 6 }, "config: LabelledBatch is 6, want a multiple of Devices, 4"},
		{none, SourceTarget, func(c *Config) { c.Devices, c.LabelledBatch = 1, 5 }, ""},
	} {
		config := quick(row.method)
		row.change(&config)
		_, err := OpenOn(backendtest.Go(t), t.TempDir(), row.task, config)
		if row.want == "" && err != nil || row.want != "" && (err == nil || !strings.Contains(err.Error(), row.want)) {
			t.Errorf("%v\nwant %s", err, row.want)
		}
	}
}

// TestDevicesMoreThanThere asks XLA for more devices than it has.
func TestDevicesMoreThanThere(t *testing.T) {
	b := fourDevices(t)
	config := quick(Full)
	config.Devices = 8
	if _, err := OpenOn(b, t.TempDir(), blobs(1, 4, 5, 3, false), config); err == nil || !strings.Contains(err.Error(), "Devices is 8, but the back end, xla-cpu, has 4 devices: set Devices to 4 or less") {
		t.Errorf("%v", err)
	}
}

// TestDevicesUpstream: GoMLX 0.28.2 does not give the random state a form on several devices. Once it
// does, [devices.run] need not.
func TestDevicesUpstream(t *testing.T) {
	b, store := fourDevices(t), model.NewStore()
	defer store.Finalize()
	if err := store.SetRNGStateFromSeed(1); err != nil {
		t.Fatal(err)
	}
	exec, err := model.NewExec(b, store, func(s *model.Scope, g *graph.Graph) *graph.Node {
		return s.RandomUniform(g, shapes.Make(dtypes.Float32, 4))
	})
	if err != nil {
		t.Fatal(err)
	}
	defer exec.Finalize()
	d, err := newDevices(2)
	if err != nil {
		t.Fatal(err)
	}
	exec.AutoSharding(d.whole.Mesh).WithOutputShardingSpecs(d.whole)
	if out, err := exec.Call(); err == nil {
		t.Errorf("the random state is there on each device, %v: devices.run need not set it", out)
	}
}
