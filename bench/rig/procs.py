"""Child processes, each on one core, and what they cost. Whatever happens to the bench, they end with it."""

import atexit
import ctypes
import os
import pathlib
import signal
import subprocess
import time

TICK = os.sysconf("SC_CLK_TCK")
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)

children = []


def _with_parent():
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Child:
    """A running process and its descendants."""

    def __init__(self, name, argv, core, stdout, stderr):
        self.name = name
        self.stderr = pathlib.Path(stderr)
        with open(stdout, "ab") as out, open(stderr, "ab") as err:
            self.process = subprocess.Popen(
                ["taskset", "-c", str(core), *map(str, argv)],
                stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=True, preexec_fn=_with_parent)
        children.append(self)

    def check(self):
        """Raises when the process has ended by itself."""
        if self.process.poll() is not None:
            raise SystemExit(f"{self.name} ended with {self.process.returncode}:\n{self.said()}")

    def said(self):
        """The end of what it said on standard error."""
        return self.stderr.read_text(errors="replace")[-2000:]

    def cpu(self):
        """Seconds of CPU, user and system, of the whole tree since it was started."""
        self.check()
        ticks = 0
        for pid in tree(self.process.pid):
            fields = stat(pid)
            if fields:
                # The dead children of each are counted in the fields after its own.
                ticks += sum(int(field) for field in fields[11:15])
        return ticks / TICK

    def pss(self):
        """Bytes of memory of the whole tree, shared pages by share."""
        return sum(_pss(pid) for pid in tree(self.process.pid))

    def stop(self):
        """Asks it to end, and ends what is left of its group after some seconds."""
        if self in children:
            children.remove(self)
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()


def stat(pid):
    """The fields of /proc/PID/stat after the name, or None when the process is gone."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def tree(root):
    """A process and all that come from it."""
    found, todo = [], [root]
    while todo:
        pid = todo.pop()
        found.append(pid)
        try:
            for task in os.listdir(f"/proc/{pid}/task"):
                todo += map(int, pathlib.Path(f"/proc/{pid}/task/{task}/children").read_text().split())
        except (FileNotFoundError, ProcessLookupError):
            pass
    return found


def _pss(pid):
    try:
        for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except (FileNotFoundError, ProcessLookupError):
        pass
    return 0


def core_times(core):
    """Seconds that a core has spent: on programs, on interrupts, taken away by the machine's host."""
    for line in pathlib.Path("/proc/stat").read_text().splitlines():
        name, *fields = line.split()
        if name == f"cpu{core}":
            ticks = [int(field) for field in fields]
            return {"programs": (ticks[0] + ticks[1] + ticks[2]) / TICK, "interrupts": (ticks[5] + ticks[6]) / TICK,
                    "stolen": ticks[7] / TICK}
    raise SystemExit(f"this machine has no core {core}")


def stop_all():
    for child in reversed(list(children)):
        child.stop()


def _end(number, frame):
    raise SystemExit(f"ended by signal {number} at {time.strftime('%H:%M:%S')}")


def guard():
    """From now on every way out stops the children."""
    atexit.register(stop_all)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
