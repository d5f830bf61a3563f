package echarts

import (
	"fmt"
	"html"

	"github.com/sdtlab/sdtlab/kernel/internal/report"
)

// Is reports whether a script is the pinned one, which charts accept from outside their own
// page.
func Is(code []byte) bool { return sumOf(code) == sum }

// Output returns HTML that gives the script to all charts of the notebook that contains it,
// including those that no longer wait for it.
func Output(s report.Script) string {
	// A module loader on the page would keep echarts to itself.
	return fmt.Sprintf(`<p>The chart script, %s, is in this notebook: its charts need no network.</p>
<script>
if (!window.echarts) (function (define, exports, module) {
%s
}).call(window);
window.dispatchEvent(new Event("sdt-echarts"));
</script>`, html.EscapeString(s.Name), report.InScript(string(s.Code)))
}
