#!/usr/bin/env python3
"""MapReduce with multiprocessing.Pool in the manner of a first ETL: a tuple per row crosses to the workers and back.

usage: pool.py REGIONS.csv FILE.csv

Extract makes a list of tuples; Transform hands a part of it at a time to Pool.starmap, merges what comes back into dictionaries and
reduces each region with Pool.map; Load prints. No combiner: every row is pickled twice. Sums are integers of thousandths.
"""
import csv
import os
import sys
from itertools import islice
from multiprocessing import Pool

ROWS_PER_CALL = 200_000  # of the whole file at once it would need gigabytes


def extract(path):
    """The rows below the header, as tuples of text."""
    with open(path, newline="", encoding="utf-8") as file:
        records = csv.reader(file)
        next(records)
        while rows := [tuple(record) for record in islice(records, ROWS_PER_CALL)]:
            yield rows


def to_thousandths(country, year, value):
    """Map: (country, year, amount), or None for a row that cannot be read."""
    try:
        whole, _, decimals = value.partition(".")
        return country, int(year), int(whole) * 1000 + (int(decimals.ljust(3, "0")) if decimals else 0)
    except ValueError:
        return None


def top_five(item):
    """Reduce: the five largest countries of a (year, region)."""
    key, countries = item
    return key, sorted(countries.items(), key=lambda entry: (-entry[1], entry[0]))[:5]


def mean(total, count):
    """Of thousandths, with 4 decimals, half to even, in integers."""
    scaled, rest = divmod(total * 10, count)
    if rest * 2 > count or (rest * 2 == count and scaled % 2):
        scaled += 1
    return f"{scaled // 10000}.{scaled % 10000:04d}"


def main():
    regions_file, path = sys.argv[1:]
    with open(regions_file, newline="", encoding="utf-8") as file:
        regions = {row["country"]: row["region"] for row in csv.DictReader(file)}
    groups, rejected = {}, 0
    with Pool(os.cpu_count()) as pool:
        for rows in extract(path):
            for mapped in pool.starmap(to_thousandths, rows):
                if mapped is None or mapped[0] not in regions:
                    rejected += 1
                    continue
                country, year, amount = mapped
                countries = groups.setdefault((year, regions[country]), {})
                countries[country] = countries.get(country, 0) + amount
        results = pool.map(top_five, groups.items())
    for (year, region), top in sorted(results):
        print(f"{year},{region},{mean(sum(amount for _, amount in top), len(top))},{'|'.join(country for country, _ in top)}")
    print(f"rejected,{rejected}")


if __name__ == "__main__":
    main()
