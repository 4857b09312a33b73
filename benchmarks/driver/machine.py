"""The machine that measures: its name, how busy it is, and which versions of what are on it."""
import json
import os
import pathlib
import platform
import re
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUSY = 0.15  # more of the processors' time than this used by others, and wall times mean little


def cpu():
    names = re.findall(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return f"{names[0] if names else platform.machine()}, {os.cpu_count()} cores"


def results_folder():
    """One folder per kind of machine, as benchmarks/page.py names it."""
    return ROOT / "benchmarks" / "results" / re.sub(r"[^A-Za-z0-9]+", "-", cpu()).strip("-")


def busy(seconds=1.0):
    """The share of all processors' time that others use."""

    def ticks():
        numbers = [int(word) for word in pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
        return sum(numbers), numbers[3] + numbers[4]

    total, idle = ticks()
    time.sleep(seconds)
    total_after, idle_after = ticks()
    return 1 - (idle_after - idle) / max(1, total_after - total)


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
    share = busy()
    return {
        "cpu": cpu(),
        "memory_gib": memory_gib(),
        "load_average": round(os.getloadavg()[0], 2),
        "busy_share": round(share, 3),
        "versions": versions(),
    }


def warning(machine):
    """What stands in the way of a fair measurement, or None."""
    if machine["busy_share"] <= BUSY and machine["load_average"] <= 0.5 * os.cpu_count():
        return None
    return (f"the machine was busy at the start ({machine['busy_share']:.0%} of its processors used by others, load average "
            f"{machine['load_average']}): compare CPU seconds, and ratios only roughly")
