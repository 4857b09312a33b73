#!/usr/bin/env python3
"""Times etl run beside extract, transform and load as three processes on the same file, and holds their answers against each other.

usage: stages.py ETL FILE [REGIONS.csv] [ROUNDS]
ETL is a published program (dotnet publish src/Host -p:PublishProfile=linux-x64 -o DIR). Medians of ROUNDS (5), and the highest peak of memory.
"""
import hashlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ANSWERS = ["Countries_by_GDP.json", "Region_Top.json", "quarantine.jsonl"]


def once(command):
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    error = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{' '.join(command)}: {error.decode()}")
    return time.monotonic() - began, usage.ru_maxrss / 1024


def hashes(folder):
    return [hashlib.sha256(open(os.path.join(folder, name), "rb").read()).hexdigest() for name in ANSWERS]


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    etl, file = sys.argv[1:3]
    answer = ["--year", "all", "--duplicates", "sum"] + (["--regions", sys.argv[3]] if len(sys.argv) > 3 else [])
    rounds = int(sys.argv[4]) if len(sys.argv) > 4 else 5
    work = tempfile.mkdtemp(prefix="etl-stages-")
    times, peaks = {}, {}
    try:
        for _ in range(rounds):
            folders = {name: os.path.join(work, name) for name in ("run", "E", "T", "load")}
            for folder in folders.values():
                shutil.rmtree(folder, ignore_errors=True)
            steps = {
                "run": [etl, "run", file, "--out", folders["run"], *answer],
                "extract": [etl, "extract", file, "--out", folders["E"]],
                "transform": [etl, "transform", folders["E"], "--out", folders["T"], *answer],
                "load": [etl, "load", folders["T"], "--out", folders["load"]],
            }
            for name, command in steps.items():
                seconds, peak = once(command)
                times.setdefault(name, []).append(seconds)
                peaks[name] = max(peaks.get(name, 0), peak)
            if hashes(folders["run"]) != hashes(folders["load"]):
                sys.exit("the stages come to another answer than the run")
    finally:
        shutil.rmtree(work, ignore_errors=True)
    medians = {name: statistics.median(values) for name, values in times.items()}
    for name, median in medians.items():
        print(f"{name:<10} {median:6.2f} s   peak {peaks[name]:4.0f} MiB")
    three = sum(median for name, median in medians.items() if name != "run")
    print(f"three      {three:6.2f} s   {three / medians['run']:.2f} times the run; the same bytes")


main()
