"""The programs that are compared: how each is built, called, and asked for its answer."""
import dataclasses
import os
import pathlib
import shlex
import shutil
import subprocess

from . import answers, measure
from .machine import ROOT
from .workload import REGIONS

NAMES = ("etl-r2r", "etl-jit", "tuned", "duckdb", "polars", "pool")
TITLES = {
    "etl-r2r": "`etl run`, ReadyToRun publish",
    "etl-jit": "`etl run`, JIT",
    "tuned": "C# tuned, JIT: no journal, no actors",
    "duckdb": "DuckDB, explicit types",
    "polars": "Polars, streaming",
    "pool": "Python Pool, a tuple per row",
}


@dataclasses.dataclass(frozen=True)
class Program:
    """A peer: its command takes the file as last argument and prints the answer."""
    name: str
    command: tuple

    @property
    def title(self):
        return TITLES.get(self.name, self.name)

    def run(self, file):
        """What it took, and its answer: a function, so that reading it is not part of any measurement."""
        sample, text = measure.run([*self.command, str(file)])
        return sample, lambda: answers.of_text(text)


@dataclasses.dataclass(frozen=True)
class Product(Program):
    """Ours: writes files into a folder, which is emptied before each run."""
    out: pathlib.Path
    settings: tuple = ()

    def run(self, file):
        shutil.rmtree(self.out, ignore_errors=True)
        options = [word for setting in self.settings for word in ("--set", setting)]
        sample, _ = measure.run([
            *self.command, "run", str(file), "--regions", str(REGIONS), "--year", "all", "--duplicates", "sum", "--out", str(self.out),
            "--fresh", "--quiet", *options])
        return sample, lambda: answers.of_product(self.out)


def _dotnet(*words):
    quiet = {"DOTNET_CLI_TELEMETRY_OPTOUT": "1", "DOTNET_NOLOGO": "1"}
    subprocess.run(["dotnet", *words], cwd=ROOT, check=True, stdout=subprocess.DEVNULL, env=os.environ | quiet)


def build(names, data):
    """Builds what is asked for; returns the programs in the order of the names."""
    _dotnet("build", "benchmarks/generator", "-c", "Release")
    return [_build(name, data) for name in names]


def _build(name, data):
    print(f"building {name} ...", flush=True)
    output = ROOT / "artifacts/bin"
    if name == "etl-r2r":
        folder = data / "publish"
        _dotnet("publish", "src/Host", "-p:PublishProfile=linux-x64", "-o", str(folder))
        return Product(name, (str(folder / "etl"),), data / f"out-{name}")
    if name == "etl-jit":
        _dotnet("build", "src/Host", "-c", "Release")
        return Product(name, ("dotnet", str(output / "Host/release/etl.dll")), data / f"out-{name}")
    if name in ("tuned", "duckdb"):
        _dotnet("build", f"benchmarks/peers/{name}", "-c", "Release")
        return Program(name, (str(output / name / "release" / name), str(REGIONS)))
    if name == "polars":
        folder = ROOT / "benchmarks/peers/polars"
        # Not "npm ci": the lock file lacks platforms for which this version was never published, and that is enough for a refusal.
        subprocess.run(["npm", "install", "--no-save", "--no-audit", "--no-fund", "--silent"], cwd=folder, check=True)
        return Program(name, ("node", str(folder / "query.js"), str(REGIONS)))
    if name == "pool":
        return Program(name, ("python3", str(ROOT / "benchmarks/peers/pool/pool.py"), str(REGIONS)))
    raise ValueError(f"there is no program '{name}'; there are {', '.join(NAMES)}")


def extra(text):
    """NAME=COMMAND, from the command line."""
    name, equals, command = text.partition("=")
    if not (name and equals and command):
        raise ValueError(f"'{text}' is not NAME=COMMAND")
    return Program(name, tuple(shlex.split(command)))
