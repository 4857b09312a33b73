"""Brings the product's files and the peers' text to one form, and tells where they differ.

The form: {(year, region): (average in millions with 4 decimals, country codes, highest first)} and the number of rejected rows.
"""
import csv
import decimal
import json
import unicodedata

from .machine import ROOT
from .workload import REGIONS

LAST_DIGIT = decimal.Decimal("0.0001")
EXACT = decimal.Context(prec=60, rounding=decimal.ROUND_HALF_EVEN)


def _fold(name):
    return unicodedata.normalize("NFC", name).lower().replace("\u2019", "'")


def _codes():
    """The code of each name of regions.csv, by the product's directory of names."""
    known, within = {}, False
    for line in (ROOT / "src/Domain/Countries/countries.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            within = line == "[countries]"
        elif within and line and not line.startswith("#"):
            fields = [field.strip() for field in line.split("|")]
            for name in [fields[2], *fields[9].split(";")]:
                known[_fold(name.strip())] = fields[0]
    with open(REGIONS, newline="", encoding="utf-8") as file:
        return {row["country"]: known[_fold(row["country"])] for row in csv.DictReader(file)}


def of_text(text):
    """Of a peer's output."""
    codes, answer, rejected = _codes(), {}, None
    for line in text.splitlines():
        first, rest = line.split(",", 1)
        if first == "rejected":
            rejected = int(rest)
            continue
        region, average, names = rest.split(",", 2)
        answer[int(first), region] = average, tuple(codes[name] for name in names.split("|"))
    return answer, rejected


def of_product(out):
    """Of the files that the product wrote into a folder."""
    answer = {}
    for entry in json.loads((out / "Region_Top.json").read_text(encoding="utf-8")):
        members = tuple(member["Code"] for member in entry["Countries"])
        millions = EXACT.divide(EXACT.multiply(decimal.Decimal(entry["Sum_exact"]), 1000), len(members))
        answer[entry["Year_From"], entry["Region"]] = str(millions.quantize(LAST_DIGIT, context=EXACT)), members
    return answer, json.loads((out / "run.json").read_text(encoding="utf-8"))["quarantined"]


def difference(left, right, slack=0):
    """The first place where two answers differ, or None. Averages may differ by the slack."""
    (groups, rejected), (other_groups, other_rejected) = left, right
    for key in sorted(groups.keys() | other_groups.keys()):
        one, other = groups.get(key), other_groups.get(key)
        if one is None or other is None or one[1] != other[1] or abs(decimal.Decimal(one[0]) - decimal.Decimal(other[0])) > slack:
            return f"{key}: {one} against {other}"
    return None if rejected == other_rejected else f"rejected: {rejected} against {other_rejected}"
