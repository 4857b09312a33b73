"""The machine that measures: its name, how busy it is, and which versions of what are on it."""
import json
import os
import pathlib
import platform
import re
import resource
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUSY = 0.1  # others use more of the processors' time than this, and wall times mean little


def cpu():
    names = re.findall(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return f"{names[0] if names else platform.machine()}, {os.cpu_count()} cores"


def results_folder():
    """One folder per kind of machine, as benchmarks/page.py names it."""
    return ROOT / "benchmarks" / "results" / re.sub(r"[^A-Za-z0-9]+", "-", cpu()).strip("-")


def _ticks():
    """Of all processors since the system started, in seconds: all, and those that somebody used."""
    numbers = [int(word) for word in pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    second = os.sysconf("SC_CLK_TCK")
    return sum(numbers) / second, (sum(numbers) - numbers[3] - numbers[4]) / second


def _ours():
    """CPU seconds of this process and of those of its children that have ended."""
    return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


class Others:
    """Tells which share of the processors' time others used since it was made; a hypervisor's part is in it."""

    def __init__(self):
        self._all, self._used = _ticks()
        self._ours = _ours()

    def share(self):
        all_now, used_now = _ticks()
        others = used_now - self._used - (_ours() - self._ours)
        return max(0.0, others / max(0.01, all_now - self._all))


def memory_gib():
    kib = int(re.search(r"MemTotal:\s*(\d+)", pathlib.Path("/proc/meminfo").read_text()).group(1))
    return round(kib / 2**20, 1)


def _first_line(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n", 1)[0].strip()
    except (OSError, subprocess.CalledProcessError):
        return "none"


def versions():
    packages = (ROOT / "Directory.Packages.props").read_text()
    polars = json.loads((ROOT / "benchmarks/peers/polars/package.json").read_text())["dependencies"]["nodejs-polars"]
    duckdb = re.search(r'"DuckDB\.NET\.Data\.Full" Version="([^"]+)"', packages).group(1)
    product = re.search(r"<VersionPrefix>([^<]+)", (ROOT / "Directory.Build.props").read_text()).group(1)
    return {
        "etl": product,
        "commit": _first_line("git", "-C", str(ROOT), "describe", "--always", "--dirty"),
        ".NET SDK": _first_line("dotnet", "--version"),
        "DuckDB.NET": duckdb,
        "nodejs-polars": polars,
        "Node.js": _first_line("node", "--version"),
        "Python": platform.python_version(),
        "Linux": platform.release(),
    }


def describe():
    load = round(os.getloadavg()[0], 2)
    others = Others()
    time.sleep(1)
    return {
        "cpu": cpu(),
        "memory_gib": memory_gib(),
        "load_average": load,
        "others_at_start": round(others.share(), 3),
        "versions": versions(),
    }


def warning(machine):
    """What stands in the way of a fair measurement, or None. The load average alone does not: it remembers a minute."""
    worst = max(machine["others_at_start"], machine.get("others_meanwhile", 0))
    if worst <= BUSY:
        return None
    return f"others used {worst:.0%} of the machine's processors: compare CPU seconds, and ratios only roughly"
