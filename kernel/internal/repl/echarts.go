package repl

import (
	"errors"
	"os"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/echarts"
)

// echarts puts the script that draws charts into the cell's output.
func (c *cell) echarts(_ int, args []string) error {
	if len(args) > 0 {
		return errors.New("%echarts takes no arguments")
	}
	var why []string
	s, err := echarts.Find(c.ctx, os.Getenv("SDT_ECHARTS"), c.e.opt.Cache, func(line string) { why = append(why, line) })
	if err != nil {
		return err
	}
	if s.Code == nil {
		return errors.New("%echarts: " + strings.Join(why, "; "))
	}
	c.out.Display(map[string]any{"text/html": echarts.Output(s), "text/plain": "The chart script, " + s.Name + ", is in this notebook."}, nil, "")
	return nil
}
