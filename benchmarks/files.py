#!/usr/bin/env python3
"""Files of any size: this product beside the engines and programs that people would use instead, in one run.

Makes the workload, builds everything, runs all programs in turn, compares their answers, and prints medians of whole processes: wall and
CPU seconds, peak memory. Tables and samples go to benchmarks/results/<cpu>/. See benchmarks/README.md.

  benchmarks/files.py --data DIR                                            10M rows, everybody
  benchmarks/files.py --data DIR --rows 10M,50M,200M --per-row 50M 200M     the whole comparison
  benchmarks/files.py --data DIR --sweep                                    our program alone: pool, batches, keys, journal
"""
import argparse
import pathlib
import sys

from driver import compare, machine, programs, report, sweep, workload


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True, metavar="DIR",
                        help="where the files are generated once (221 MB per 10M rows) and outputs go; outside the repository")
    parser.add_argument("--rows", type=sizes, default=[10_000_000], metavar="N,N", help="sizes, such as 10M,50M,200M (default: 10M)")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="runs of each program at each size (default: 5)")
    parser.add_argument("--peers", type=lambda text: text.split(","), default=list(programs.NAMES), metavar="NAME,NAME",
                        help=f"who takes part (default: {','.join(programs.NAMES)})")
    parser.add_argument("--extra-peer", type=programs.extra, action="append", default=[], metavar="NAME=COMMAND",
                        help="another program: takes the file as last argument, prints the answer; regions.csv lies beside the file")
    parser.add_argument("--per-row", type=workload.count, nargs=2, metavar=("A", "B"),
                        help="also tell the time per further row from A to B rows, that is without start-up")
    parser.add_argument("--pool-rows", type=workload.count, default=1_000_000, metavar="N", help="rows of the Python Pool (default: 1M)")
    parser.add_argument("--sweep", action="store_true", help="our program alone under other settings, instead of the comparison")
    parser.add_argument("--sweep-rows", type=workload.count, nargs=2, default=[10_000_000, 50_000_000], metavar=("A", "B"),
                        help="sizes of the sweep (default: 10M 50M)")
    parser.add_argument("--sweep-program", choices=("etl-r2r", "etl-jit"), default="etl-r2r", help="which build the sweep runs (default: etl-r2r)")
    parser.add_argument("--results", type=pathlib.Path, default=machine.results_folder(), metavar="DIR",
                        help="where tables and samples go (default: benchmarks/results/<cpu>)")
    chosen = parser.parse_args()
    unknown = [name for name in chosen.peers if name not in programs.NAMES]
    if unknown:
        parser.error(f"there is no peer '{unknown[0]}'; there are {', '.join(programs.NAMES)}")
    chosen.data = chosen.data.resolve()
    return chosen


def sizes(text):
    return [workload.count(word) for word in text.split(",")]


def compare_all(chosen, state):
    everybody = programs.build(chosen.peers, chosen.data) + chosen.extra_peer
    result, others = compare.Comparison(chosen.rounds), machine.Others()
    wanted = sorted({1_000, *chosen.rows, *(chosen.per_row or [])} | ({chosen.pool_rows} if "pool" in chosen.peers else set()))
    for rows in wanted:  # the smallest tells start-up, and loads everybody's binaries into the page cache
        taking_part = [program for program in everybody if program.name != "pool" or rows <= chosen.pool_rows]
        result.size(taking_part, workload.make(chosen.data, rows), rows)
    state["others_meanwhile"] = round(others.share(), 3)
    report.write(
        chosen.results, "files", "Files: medians per program", report.heading(state, chosen.rounds) + report.comparison(result, everybody, chosen.per_row),
        {"machine": state, "rounds": chosen.rounds, **report.samples(result, chosen.per_row)})
    return not result.failures


def sweep_all(chosen, state):
    (product,) = programs.build([chosen.sweep_program], chosen.data)
    fewer, more = chosen.sweep_rows
    others = machine.Others()
    done = sweep.run(product, chosen.data, fewer, more, chosen.rounds)
    defaults_work = done[0].failure is None
    state_mib = sweep.largest_state(product, workload.make(chosen.data, more)) if defaults_work else None
    state["others_meanwhile"] = round(others.share(), 3)
    lines, good = sweep.tables(done, fewer, more, state_mib)
    report.write(
        chosen.results, "sweep", f"Settings: {product.title}", report.heading(state, chosen.rounds) + lines,
        {"machine": state, "rounds": chosen.rounds, "largest_state_mib": state_mib, "cases": sweep.samples(done)})
    return good


def main():
    chosen = arguments()
    state = machine.describe()
    if warning := machine.warning(state):
        print(f"WARNING: at the start {warning}", file=sys.stderr)
    return 0 if (sweep_all if chosen.sweep else compare_all)(chosen, state) else 1


if __name__ == "__main__":
    sys.exit(main())
