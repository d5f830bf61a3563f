package network

import (
	"slices"
	"strings"
	"testing"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/sdtlab/sdtlab/sdt/internal/backendtest"
)

// TestBlocks divides every network behind each of its blocks: the two parts, one behind the
// other, build the graph of the network. Every block has a name of its own.
func TestBlocks(t *testing.T) {
	text := func(row networkRow, parts ...Network) string {
		store := model.NewStore()
		defer store.Finalize()
		g := graph.NewGraph(backendtest.Go(t), row.name)
		defer g.Finalize()
		model.SetStore(g, store)
		x := graph.Parameter(g, "x", shapes.Make(dtypes.Float32, append([]int{2}, row.shape...)...))
		for _, part := range parts {
			x = part.Features(store.Scope(netScope), x)
		}
		return g.String()
	}
	for _, row := range networkTable() {
		var names []string
		for _, b := range row.net {
			if slices.Contains(names, b.Name) {
				t.Errorf("%s has two blocks %q", row.name, b.Name)
			}
			names = append(names, b.Name)
			before, after, err := row.net.After(b.Name)
			if err != nil || len(before) != len(names) {
				t.Fatalf("%s behind %s: %d blocks before, %v", row.name, b.Name, len(before), err)
			}
			if text(row, before, after) != text(row, row.net) {
				t.Errorf("%s in two parts, behind %s, is another network", row.name, b.Name)
			}
		}
		if _, _, err := row.net.After("no such block"); err == nil || !strings.HasSuffix(err.Error(), "it has "+strings.Join(names, ", ")) {
			t.Errorf("%s: %v, want its blocks", row.name, err)
		}
	}
}
