"""Uses an installed kernel as Jupyter's own client does, and says what became of it.

    client.py KERNEL

It prints a line for each check, "ok", tab, its name, or "fail", tab, its name, tab, what
was wrong; then "done".
"""

import os
import sys
import time
import traceback
from queue import Empty

from jupyter_client.manager import KernelManager

PATIENCE = 300  # seconds for what a busy machine may take long for


class Cell:
    """What a request to execute led to."""

    def __init__(self, reply, outputs):
        self.reply, self.outputs = reply["content"], outputs

    def of(self, kind):
        return [m["content"] for m in self.outputs if m["msg_type"] == kind]

    def stream(self, name):
        return "".join(c["text"] for c in self.of("stream") if c["name"] == name)

    @property
    def result(self):
        return "".join(c["data"]["text/plain"] for c in self.of("execute_result"))

    def __repr__(self):
        shown = [(m["msg_type"], m["content"]) for m in self.outputs]
        return f"reply {self.reply}, outputs {shown}"


class Lab:
    """A kernel and the client that talks to it."""

    def __init__(self, name):
        self.manager = KernelManager(kernel_name=name)
        self.manager.start_kernel()
        self.client = None
        self.connect()

    def connect(self):
        if self.client:
            self.client.stop_channels()
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=PATIENCE)

    def run(self, code, answers=(), **options):
        """Executes a cell. answers are what the user types."""
        id = self.client.execute(code, allow_stdin=bool(answers), **options)
        return self.follow(id, list(answers))

    def follow(self, id, answers=(), said=None, then=None):
        """Waits for the end of a cell; calls then when it has said something."""
        outputs, heard, end = [], "", time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if answers:
                try:
                    question = self.client.get_stdin_msg(timeout=0)
                    outputs.append(question)
                    self.client.input(answers.pop(0))
                except Empty:
                    pass
            try:
                m = self.client.get_iopub_msg(timeout=0.05)
            except Empty:
                continue
            if m["parent_header"].get("msg_id") != id:
                continue
            if m["msg_type"] == "status":
                if m["content"]["execution_state"] == "idle":
                    return Cell(self.reply(id), outputs)
                continue
            outputs.append(m)
            heard += m["content"].get("text", "") if m["msg_type"] == "stream" else ""
            if then and said in heard:
                then()
                then = None
        raise TimeoutError(f"the cell does not end; it has shown {outputs}")

    def reply(self, id):
        while True:
            m = self.client.get_shell_msg(timeout=PATIENCE)
            if m["parent_header"].get("msg_id") == id:
                return m

    def ask(self, method, *args, **options):
        """Asks a question and returns the content of the reply."""
        m = getattr(self.client, method)(*args, **options)
        return self.reply(m)["content"]


def want(ok, got):
    if not ok:
        raise AssertionError(repr(got))


def about(lab):
    info = lab.ask("kernel_info")
    want(info["implementation"] == "sdt" and info["language_info"]["name"] == "go", info)
    want(info["protocol_version"].startswith("5."), info)


def values(lab):
    lab.run("x := 20\nnames := []string{\"a\"}")
    lab.run("x++\nnames = append(names, \"b\")")
    c = lab.run("fmt.Println(x, names)")
    want(c.stream("stdout") == "21 [a b]\n", c)


def result(lab):
    c = lab.run("x * 2")
    want(c.result == "42" and c.of("execute_result")[0]["execution_count"] == c.reply["execution_count"], c)
    c = lab.run('strings.ToUpper("a");')
    want(c.reply["status"] == "ok" and not c.result, c)


def display(lab):
    c = lab.run('import "github.com/janpfeifer/gonb/gonbui"\nfmt.Println("before")\ngonbui.DisplayHtml("<b>shown</b>")\ngonbui.Sync()\nfmt.Println("after")\nx')
    kinds = [m["msg_type"] for m in c.outputs]
    want(c.of("display_data")[0]["data"]["text/html"] == "<b>shown</b>", c)
    want(kinds == ["execute_input", "stream", "display_data", "stream", "execute_result"], kinds)


def streams(lab):
    c = lab.run('for i := range 2000 {\n\tfmt.Println("line", i)\n}\nfmt.Fprintln(os.Stderr, "é, 日本")')
    want(c.stream("stdout") == "".join(f"line {i}\n" for i in range(2000)), c.stream("stdout")[-300:])
    want(c.stream("stderr") == "é, 日本\n", c.stream("stderr"))
    late = lab.run('go func() {\n\ttime.Sleep(300 * time.Millisecond)\n\tfmt.Println("late")\n}()')
    want(late.reply["status"] == "ok", late)
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        m = lab.client.get_iopub_msg(timeout=PATIENCE)
        if m["msg_type"] == "stream":
            want(m["content"]["text"] == "late\n" and m["parent_header"]["msg_id"] == late.outputs[0]["parent_header"]["msg_id"], m)
            return


def panics(lab):
    where = lab.run("func half(n int) int {\n\treturn 10 / n\n}").reply["execution_count"]
    c = lab.run("zero := 0\nfmt.Println(half(zero))")
    here = c.reply["execution_count"]
    e = c.of("error")[0]
    trace = "\n".join(e["traceback"])
    want(c.reply["status"] == "error" and c.reply["ename"] == e["ename"] == "panic", c)
    want("integer divide by zero" in e["evalue"] and c.reply["traceback"] == e["traceback"], c)
    want(f"Cell [{where}] Line 2" in trace and f"Cell [{here}] Line 2" in trace and "return 10 / n" in trace, trace)
    want(lab.run("x").result == "21", "the values are gone")


def refused(lab):
    c = lab.run("y := 1\nz := y +\n")
    e = c.of("error")[0]
    want(c.reply["status"] == "error" and f"Cell[{c.reply['execution_count']}]: Line 2" in "".join(e["traceback"]), c)
    c = lab.run("y := 1\nvar z string = y")
    want(f"Cell[{c.reply['execution_count']}]: Line 2" in "".join(c.of("error")[0]["traceback"]), c)


def aborted(lab):
    first, second = lab.client.execute('panic("first")'), lab.client.execute("x = 1000")
    want(lab.reply(first)["content"]["status"] == "error", "the first cell does not fail")
    want(lab.reply(second)["content"]["status"] == "aborted", "the second one runs")
    want(lab.run("x").result == "21", "the second one has run")


def stdin(lab):
    c = lab.run('in := bufio.NewReader(os.Stdin)\nfmt.Print("name? ")\nname, err := in.ReadString(\'\\n\')\nfmt.Printf("%q %v\\n", name, err)', ["Ada"])
    want('"Ada\\n" <nil>' in c.stream("stdout") and len(c.of("input_request")) == 1, c)
    c = lab.run('_, err = bufio.NewReader(os.Stdin).ReadString(\'\\n\')\nfmt.Println(err)')
    want(c.stream("stdout") == "EOF\n", c)


def expressions(lab):
    c = lab.run("x", silent=True, user_expressions={"next": "x + 1", "wrong": "nothing + 1"})
    want(c.reply["user_expressions"]["next"]["data"]["text/plain"] == "22", c)
    want(c.reply["user_expressions"]["wrong"]["status"] == "error" and not c.outputs, c)


def complete(lab):
    code = "s := strings.HasP"
    r = lab.ask("complete", code, len(code))
    want(r["matches"] == ["HasPrefix"] and code[r["cursor_start"]:r["cursor_end"]] == "HasP", r)
    code = 'é := "日本"; nam'  # positions are characters
    r = lab.ask("complete", code, len(code))
    want("names" in r["matches"] and code[r["cursor_start"]:r["cursor_end"]] == "nam", r)


def inspect(lab):
    code = "strings.HasPrefix"
    r = lab.ask("inspect", code, len(code))
    want(r["found"] and "func HasPrefix(s, prefix string) bool" in r["data"]["text/plain"], r)
    r = lab.ask("inspect", "names", 2)
    want(r["found"] and "[]string" in r["data"]["text/plain"], r)
    want(not lab.ask("inspect", "nothing", 2)["found"], "something is known of nothing")


def is_complete(lab):
    for code, status in {"x := 1": "complete", "for i := range 3 {": "incomplete", "x := )": "invalid"}.items():
        r = lab.ask("is_complete", code)
        want(r["status"] == status, (code, r))


def history(lab):
    r = lab.ask("history", raw=True, output=False, hist_access_type="tail", n=3)
    want(len(r["history"]) == 3 and r["history"][-1][2].startswith("_, err = bufio"), r)
    r = lab.ask("history", raw=True, output=False, hist_access_type="search", pattern="x := 2*", n=10)
    want([h[2] for h in r["history"]] == ['x := 20\nnames := []string{"a"}'], r)


def comms(lab):
    r = lab.ask("comm_info")
    want(r["status"] == "ok" and isinstance(r["comms"], dict), r)


WATCH = """ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
steps := 0
fmt.Println("training")
for ctx.Err() == nil {
	steps++
	time.Sleep(time.Millisecond)
}
stop()
fmt.Println("stopped")"""


def interrupt(lab):
    id = lab.client.execute(WATCH)
    c = lab.follow(id, said="training", then=lab.manager.interrupt_kernel)
    want(c.reply["status"] == "ok" and c.stream("stdout").endswith("stopped\n"), c)
    c = lab.run("steps > 0 && x == 21")
    want(c.result == "true", c)


def twice(lab):
    def force():
        lab.manager.interrupt_kernel()
        time.sleep(0.5)
        lab.manager.interrupt_kernel()

    # a loop of a package, where nothing looks whether it is to stop
    id = lab.client.execute('fmt.Println("round and round")\npbkdf2.Key(sha256.New, "", nil, 1<<40, 32)')
    c = lab.follow(id, said="round and round", then=force)
    want(c.reply["status"] == "error" and c.reply["ename"] == "process ended", c)
    said = c.reply["evalue"] + "\n".join(c.reply["traceback"])
    want("names" in said or "value" in said, said)
    c = lab.run("1 + 1")
    want(c.result == "2", c)
    c = lab.run("x")
    want(c.reply["status"] == "error", c)


def restart(lab):
    worker = int(lab.run("kept := os.Getpid()\nkept").result)
    lab.manager.restart_kernel()
    lab.connect()
    c = lab.run("kept")
    want(c.reply["status"] == "error" and c.reply["execution_count"] == 1, c)
    want(gone(worker), f"process {worker} is still there")
    c = lab.run("kept := 1\nkept + 1")
    want(c.result == "2", c)


def shutdown(lab):
    worker = int(lab.run("os.Getpid()").result)
    kernel = lab.manager.provisioner.pid
    began = time.monotonic()
    lab.manager.shutdown_kernel()
    took = time.monotonic() - began
    want(gone(worker) and gone(kernel), f"processes {worker} or {kernel} are still there")
    want(took < lab.manager.shutdown_wait_time, f"it had to be killed, after {took:.1f} s")


def gone(pid):
    """Waits for the end of a process."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            with open(f"/proc/{pid}/stat") as f:
                if f.read().rsplit(")", 1)[1].split()[0] == "Z":
                    return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.05)
    return False


CHECKS = [about, values, result, display, streams, panics, refused, aborted, stdin, expressions, complete,
          inspect, is_complete, history, comms, interrupt, twice, restart, shutdown]


def main():
    lab = Lab(sys.argv[1])
    try:
        for check in CHECKS:
            began = time.monotonic()
            try:
                check(lab)
                line = f"ok\t{check.__name__}"
            except Exception as e:
                at = [f.lineno for f in traceback.extract_tb(e.__traceback__) if f.filename == __file__ and f.name == check.__name__]
                line = f"fail\t{check.__name__}\tline {at[-1:]}: {type(e).__name__}: {e}".replace("\n", "\\n")
            print(line, flush=True)
            print(f"{check.__name__} {time.monotonic() - began:.1f} s", file=sys.stderr, flush=True)
    finally:
        if lab.manager.has_kernel:
            lab.manager.shutdown_kernel(now=True)
    print("done", flush=True)


main()
