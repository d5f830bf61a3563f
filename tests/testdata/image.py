"""Checks an image from inside, and prints a line for each: "ok", or what is wrong.

    image.py CONFIG FOLDER

CONFIG is the image's configuration as JSON, FOLDER has the notebook trains.ipynb. It runs
as the image's own user, in the folder that the image begins in, with no network.
"""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

config = json.loads(sys.argv[1])
folder = pathlib.Path(sys.argv[2])
cache = pathlib.Path.home() / ".cache"


def compiled():
    """Returns what was compiled: our libraries, and packages, which are large files."""
    built = {str(p) for p in (cache / "sdtlab").glob("live-*")}
    return built | {str(p) for p in (cache / "go-build").glob("??/*-d") if p.stat().st_size > 1 << 16}


def answer(path, token=""):
    """Returns the status and the body of what the server says."""
    request = urllib.request.Request("http://127.0.0.1:8888" + path)
    if token:
        request.add_header("Authorization", "token " + token)
    try:
        with urllib.request.urlopen(request, timeout=60) as r:
            return r.status, r.read().decode()
    except urllib.error.HTTPError as e:
        return e.code, ""


def healthy():
    """Returns whether the image's health check passes."""
    kind, *command = config["Healthcheck"]["Test"]
    assert kind == "CMD", kind
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def server(token):
    """Starts what the image starts, and waits for it. Its init wants to be process 1."""
    env = {**os.environ, "JUPYTER_TOKEN": token}
    log = open("/tmp/server.log", "w", encoding="utf-8")
    p = subprocess.Popen(config["Cmd"], env=env, stdout=log, stderr=log)
    for _ in range(600):
        if healthy():
            return p
        if p.poll() is not None:
            break
        time.sleep(0.2)
    p.kill()
    raise AssertionError("it does not come up:\n" + pathlib.Path("/tmp/server.log").read_text(encoding="utf-8"))


def stop(p):
    """Stops it as docker stop does, and waits for its end."""
    p.send_signal(signal.SIGTERM)
    p.wait(timeout=60)


def user():
    assert config["Entrypoint"] == ["tini", "--"] and shutil.which("tini"), config["Entrypoint"]
    assert os.getuid() != 0 and os.environ["HOME"] == "/home/lab", (os.getuid(), os.environ["HOME"])


def token():
    assert not healthy(), "the health check passes without a server"
    p = server("")  # an empty one is none: the server makes one
    try:
        status, _ = answer("/api/contents")
        assert status == 403, f"without a token: {status}"
        log = pathlib.Path("/tmp/server.log").read_text(encoding="utf-8")
        made = log.split("?token=")[1].split()[0]
        assert len(made) > 30, made
        status, files = answer("/api/contents", made)
        assert status == 200 and "00_quickstart.ipynb" in files, (status, files)
    finally:
        stop(p)
    p = server("of the user")
    try:
        assert answer("/api/kernelspecs")[0] == 403
        status, kernels = answer("/api/kernelspecs", "of the user")
        names = set(json.loads(kernels)["kernelspecs"])
        assert {"sdt", "sdt-gonb"} <= names, names
    finally:
        stop(p)


def first_cell():
    """The first cell of a new kernel, with all our packages in it, compiles them not."""
    from jupyter_client.manager import start_new_kernel

    before = compiled()
    assert len(before) > 100, before
    code = "".join(json.loads((folder / "trains.ipynb").read_text())["cells"][0]["source"]) + "\n%%\nfmt.Println(sdt.LeNet)"
    begin = time.monotonic()
    manager, client = start_new_kernel(startup_timeout=300, kernel_name="sdt")
    try:
        reply = client.execute_interactive(code, timeout=300)
        took = time.monotonic() - begin
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert reply["content"]["status"] == "ok", reply["content"]
    new = compiled() - before
    assert not new, f"compiled: {sorted(new)}"
    return f"{took:.1f} s"


def gonb():
    run("jupyter", "nbconvert", "--to", "notebook", "--execute", "--ExecutePreprocessor.kernel_name=sdt-gonb",
        "--ExecutePreprocessor.timeout=300", "--output-dir=/tmp/gonb", str(folder / "tiny.ipynb"))


def notebook():
    """A notebook trains, and its report holds the chart script."""
    work = pathlib.Path(shutil.copy(folder / "trains.ipynb", tempfile.mkdtemp()))  # its run directory is beside it
    run("go", "run", "./kernel", "run", str(work), "-o", "/tmp/out")
    report = pathlib.Path("/tmp/out/trains.html").read_text(encoding="utf-8")
    assert len(report) > 1_000_000 and "Licensed to the Apache Software Foundation" in report, len(report)


def job():
    """docker/job.yaml builds this program in this folder."""
    run("go", "build", "-o", "/tmp/reproduce", "./notebooks/reproduce")
    assert os.getcwd() == "/sdtlab", os.getcwd()


def run(*command):
    p = subprocess.run(command, capture_output=True, text=True, check=False)
    assert p.returncode == 0, f"{command}: {p.returncode}\n{p.stdout[-2000:]}\n{p.stderr[-2000:]}"


for check in (user, token, first_cell, gonb, notebook, job):
    start = time.monotonic()
    try:
        result = "ok\t" + check.__name__ + "\t" + str(check() or "")
    except Exception as e:  # each of them is reported, and the next one made
        result = "wrong\t" + check.__name__ + "\t" + repr(e)
    print(result + f" ({time.monotonic() - start:.1f} s in all)", flush=True)
print("done")
