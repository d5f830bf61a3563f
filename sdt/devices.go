package sdt

import (
	"fmt"

	"github.com/gomlx/compute/distributed"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/core/tensors/dtensor"
	"github.com/gomlx/gomlx/ml/model"
)

// devices are those that take the steps of a training together. Each has its share of the
// batch's rows, in order, and all of the weights. The graph is that of one device: XLA divides
// it, and adds up what a sum over rows needs from each.
type devices struct {
	count int
	rows  *distributed.ShardingSpec // of tensors whose rows are shared out; nil if there is one device
	whole *distributed.ShardingSpec // of those that each device has whole
}

func newDevices(count int) (d devices, err error) {
	if count <= 1 {
		return devices{count: 1}, nil
	}
	const rows = "rows"
	mesh, err := distributed.NewDeviceMesh([]int{count}, []string{rows})
	if err != nil {
		return d, err
	}
	d = devices{count: count, whole: distributed.NewReplicatedShardingSpec(mesh)}
	d.rows, err = distributed.BuildSpec(mesh).S(rows).Done()
	return d, err
}

// run makes exec compute on the devices: it shares out the rows of its first arguments, as many
// as split, and the rows of what it returns if out is d.rows. The other arguments, the variables
// and what the graph moves are whole on each device.
func (d devices) run(exec *model.Exec, split int, out *distributed.ShardingSpec) error {
	if d.count == 1 {
		return nil
	}
	var in []*distributed.ShardingSpec
	for range split {
		in = append(in, d.rows)
	}
	exec.AutoSharding(d.rows.Mesh).WithInputShardingSpecs(append(in, d.whole)...).WithOutputShardingSpecs(out)
	for v := range exec.Store().IterVariables() {
		// GoMLX 0.28.2 gives each variable this by default, except the random state, on which it panics.
		if err := v.SetShardingSpec(d.whole); err != nil {
			return err
		}
	}
	return nil
}

// split returns each device's rows of x [n, ...], where n is a multiple of the count of
// devices. It releases x, unless there is one device: then it returns x.
func (d devices) split(x *tensors.Tensor) ([]*tensors.Tensor, error) {
	if d.count == 1 {
		return []*tensors.Tensor{x}, nil
	}
	shards, err := dtensor.ShardTensor(d.rows, x)
	if err != nil {
		return nil, err
	}
	return shards.Shards(), release(x)
}

// copies returns x for each device. It releases x, unless there is one device: then it returns
// x.
func (d devices) copies(x *tensors.Tensor) ([]*tensors.Tensor, error) {
	if d.count == 1 {
		return []*tensors.Tensor{x}, nil
	}
	shards, err := dtensor.ShardTensor(d.whole, x)
	if err != nil {
		return nil, err
	}
	return shards.Shards(), release(x)
}

// checkDevices returns an error if the back end does not have Config.Devices devices.
func (l *Lab) checkDevices() error {
	have, want := int(l.backend.NumDevices()), l.config.Devices
	if want <= max(have, 1) {
		return nil
	}
	devices, most := "devices", fmt.Sprintf("%d or less", have)
	if have == 1 {
		devices, most = "device", "1"
	}
	return fmt.Errorf("config: Devices is %d, but the back end, %s, has %d %s: set Devices to %s, or choose another back end (pure Go and ONNX Runtime always have one device, XLA has those that its plugin finds)",
		want, BackendName(l.backend), have, devices, most)
}

// sharedOut returns an error if the rows of a batch of one of the trainings cannot be shared out
// evenly over Config.Devices. All of pretraining's rows are source examples, so those of the
// source must be a multiple of it, and therefore those of the target too.
func (c Config) sharedOut(t Task) error {
	plan := c.rows(t)
	setting, target := "TargetBatch", plan.target+plan.unlabelled
	if plan.unlabelled == 0 {
		setting = "LabelledBatch"
	}
	want := fmt.Sprintf("a multiple of Devices, %d, which share out the rows of a batch evenly", c.Devices)
	switch {
	case c.Devices > 1 && c.SourceBatch%c.Devices != 0:
		return reject("SourceBatch", c.SourceBatch, want)
	case c.Devices > 1 && target%c.Devices != 0:
		return reject(setting, target, want)
	}
	return nil
}
