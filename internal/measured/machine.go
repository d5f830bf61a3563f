package measured

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strings"
)

// Machine names the machine by its processor and the number of its cores: times of another
// one, which may share the cache folder, say nothing here.
func Machine() string {
	return fmt.Sprintf("%s, %d cores", processor(), runtime.NumCPU())
}

// processor returns the processor's model if the system says it.
func processor() string {
	f, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if name, model, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(model)
		}
	}
	return runtime.GOARCH
}
