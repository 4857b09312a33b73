"""Runs a whole process and tells what it took."""
import dataclasses
import os
import statistics
import subprocess
import tempfile
import time


@dataclasses.dataclass(frozen=True)
class Sample:
    """One process: its descendants that it waited for are in the CPU seconds; the peak is that of the largest single process."""
    wall: float
    cpu: float
    peak_mib: float


class Failed(Exception):
    """A program did not end well."""


def run(command, cwd=None):
    """Runs a command; returns what it took and what it printed."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        begin = time.monotonic()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd=cwd)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)  # or Popen waits for a process that is gone
        if status != 0:
            err.seek(0)
            tail = err.read().decode(errors="replace").strip().splitlines()[-3:]
            raise Failed(f"ended with {process.returncode}: {' / '.join(tail)}")
        out.seek(0)
        return Sample(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024), out.read().decode()


@dataclasses.dataclass(frozen=True)
class Median:
    """Of each figure alone."""
    wall: float
    cpu: float
    peak_mib: float
    best_wall: float
    runs: int


def median(samples):
    middle = lambda figure: statistics.median(getattr(sample, figure) for sample in samples)
    return Median(middle("wall"), middle("cpu"), middle("peak_mib"), min(sample.wall for sample in samples), len(samples))
