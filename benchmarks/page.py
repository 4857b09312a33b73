#!/usr/bin/env python3
"""Times one saved page: this product (ReadyToRun publish and JIT) beside the script that a user would write instead.

usage: benchmarks/page.py PAGE.html [RUNS] [--peer SCRIPT.py]

Publishes into a temporary folder, runs all of them in turn (so that noise hits all alike), each into an empty output folder, and prints
medians of wall seconds, CPU seconds and peak memory, and where the time of a run goes by phase. Writes the table to
benchmarks/results/<cpu>/page.md. The peer is called as: python3 SCRIPT.py PAGE OUT.
"""
import os, pathlib, re, shutil, statistics, subprocess, sys, tempfile, time

ROOT = pathlib.Path(__file__).resolve().parent.parent


def build(folder):
    quiet = dict(cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["dotnet", "publish", "src/Host", "-p:PublishProfile=linux-x64", "-o", f"{folder}/r2r"], **quiet)
    subprocess.run(["dotnet", "build", "src/Host", "-c", "Release"], **quiet)
    return {
        "etl run, ReadyToRun": [f"{folder}/r2r/etl", "run"],
        "etl run, JIT": ["dotnet", f"{ROOT}/artifacts/bin/Host/release/etl.dll", "run"],
    }


def measure(command):
    begin = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{command[0]} ended with {status}")
    return time.monotonic() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def cpu():
    names = re.findall(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return f"{names[0] if names else 'unknown'}, {os.cpu_count()} cores"


def main():
    arguments = sys.argv[1:]
    peer = arguments[arguments.index("--peer") + 1] if "--peer" in arguments else None
    page = os.path.abspath(arguments[0])
    runs = int(arguments[1]) if len(arguments) > 1 and arguments[1].isdigit() else 9
    with tempfile.TemporaryDirectory() as folder:
        out = f"{folder}/out"
        commands = {name: command + [page, "--out", out] for name, command in build(folder).items()}
        if peer:
            commands = {"Python script": ["/usr/bin/python3", peer, page, out]} | commands
        figures = {name: [] for name in commands}
        for turn in range(runs + 1):
            for name, command in commands.items():
                shutil.rmtree(out, ignore_errors=True)
                measured = measure(command)
                if turn > 0:  # the first round warms the page cache
                    figures[name].append(measured)
        shutil.rmtree(out, ignore_errors=True)
        phases = subprocess.run(
            commands["etl run, ReadyToRun"] + ["--set", "etl.phases=on", "--format", "json"], capture_output=True, text=True, check=True).stderr

    medians = {name: [statistics.median(column) for column in zip(*rows)] for name, rows in figures.items()}
    base = next(iter(medians.values()))[0]
    lines = [f"{cpu()}; load average {os.getloadavg()[0]:.1f}; {runs} runs each, alternating, medians", "",
             "| program | wall s | best s | ratio of wall | CPU s | peak MiB |", "|---|---|---|---|---|---|"]
    for name, (wall, seconds, memory) in medians.items():
        best = min(row[0] for row in figures[name])
        lines.append(f"| {name} | {wall:.3f} | {best:.3f} | {wall / base:.2f} | {seconds:.3f} | {memory:.0f} |")
    lines += ["", "One ReadyToRun run by phase (milliseconds since the process started):", ""]
    lines += [f"- {phase}" for line in phases.splitlines() if "phases: run: " in line for phase in line.split("phases: run: ")[1].split(" · ")]
    text = "\n".join(lines)
    print(text)
    folder = ROOT / "benchmarks" / "results" / re.sub(r"[^A-Za-z0-9]+", "-", cpu()).strip("-")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "page.md").write_text(text + "\n")


main()
