"""Executes a notebook by nbclient, as papermill and nbconvert do, in a kernel.

    notebook.py KERNEL

It prints "ok" if values live from cell to cell and a failing cell is told by its line.
"""

import sys

import nbclient
import nbformat.v4 as v4

CELLS = [
    "type point struct{ X, Y int }\np := &point{1, 2}",
    "func (p *point) add(n int) { p.X += n }",
    "p.add(40)\n*p",
]


def notebook(*sources):
    return v4.new_notebook(cells=[v4.new_code_cell(s) for s in sources])


def execute(nb):
    nbclient.NotebookClient(nb, kernel_name=sys.argv[1], startup_timeout=300, timeout=300).execute()
    return nb


done = execute(notebook(*CELLS))
counts = [c.execution_count for c in done.cells]
assert counts == [1, 2, 3], counts
[shown] = done.cells[2].outputs
assert shown.output_type == "execute_result" and "X:41" in shown.data["text/plain"], shown

try:
    execute(notebook("x := []int{1}", "i := 3\nx[i]"))
except nbclient.exceptions.CellExecutionError as e:
    assert "index out of range [3]" in str(e) and "Cell [2] Line 2" in str(e), e
else:
    raise AssertionError("a cell that panics is passed over")
print("ok")
