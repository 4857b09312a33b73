"""The files that are measured on: generated once, kept in the data folder."""
import os
import re
import shutil
import subprocess

from .machine import ROOT

REGIONS = ROOT / "benchmarks" / "regions.csv"
GENERATOR = ROOT / "artifacts/bin/generator/release/generator"


def count(text):
    """'10M' -> 10,000,000."""
    match = re.fullmatch(r"([\d_]+)([kKmM]?)", text)
    if not match:
        raise ValueError(f"'{text}' is no number of rows such as 1000, 500K or 10M")
    return int(match[1].replace("_", "")) * {"": 1, "k": 1_000, "m": 1_000_000}[match[2].lower()]


def short(rows):
    """10,000,000 -> '10M'."""
    for size, letter in ((1_000_000, "M"), (1_000, "K")):
        if rows >= size and rows % size == 0:
            return f"{rows // size}{letter}"
    return str(rows)


def make(data, rows, keys=None):
    """The path of a file of so many rows, made when it is not there; regions.csv lies beside it for peers that look there."""
    data.mkdir(parents=True, exist_ok=True)
    beside = data / "regions.csv"
    if not beside.exists() or beside.read_bytes() != REGIONS.read_bytes():
        shutil.copyfile(REGIONS, beside)
    path = data / (f"rows-{short(rows)}" + (f"-keys-{keys}" if keys else "") + ".csv")
    if not path.exists():
        print(f"generating {path.name} ...", flush=True)
        begun = path.with_suffix(".part")
        subprocess.run(
            [GENERATOR, str(rows), str(begun), "1", *(["--keys", str(keys)] if keys else [])], check=True, stdout=subprocess.DEVNULL)
        begun.rename(path)
    return path


def warm(path):
    """Reads the file once, so that nobody is measured reading the disk."""
    with open(path, "rb", buffering=0) as file:
        while file.read(1 << 22):
            pass


def folder_bytes(folder):
    """Of all files below a folder; files and folders may come and go meanwhile."""
    total = 0
    for path, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.stat(os.path.join(path, name)).st_size
            except FileNotFoundError:
                continue
    return total
