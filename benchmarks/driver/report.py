"""Tables of what was measured: Markdown, which is what the terminal shows too, and JSON with every sample."""
import dataclasses
import json

from . import machine as machines
from .workload import short


def heading(machine, rounds):
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    lines = [f"{machine['cpu']}, {machine['memory_gib']} GiB; load average {machine['load_average']} at the start, others used "
             f"{machine['others_meanwhile']:.1%} of the processors meanwhile; {rounds} rounds, alternating, medians of whole processes, warm page cache.", "", f"{versions}.", ""]
    if warning := machines.warning(machine):
        lines += [f"**Not to be quoted: {warning}.**", ""]
    return lines


def comparison(result, programs, pair):
    """One table per size, then what each further row costs."""
    titles = {program.name: program.title for program in programs}
    lines = []
    for rows in sorted(result.samples):
        lines += _size(rows, result, titles)
    if pair:
        lines += _further(result, titles, *pair)
    lines += _pool(result, titles, pair)
    if result.failures:
        lines += ["## Left out", ""] + [f"- {titles[name]}: {why}" for name, why in result.failures.items()] + [""]
    return lines


def _ordered(figures, titles):
    return [(name, figures[name]) for name in titles if name in figures]


def _size(rows, result, titles):
    medians = _ordered(result.medians(rows), titles)
    if not medians:
        return []
    base, first = medians[0][1].wall, titles[medians[0][0]]
    verdict = f"Equal answers, {result.rejected[rows]} rows rejected by each." if rows in result.rejected else ""
    lines = [f"## {short(rows)} rows", "", f"{verdict} \"×\" is wall time against {first}.", "",
             "| program | wall s | best s | × | CPU s | peak MiB | rows/s | ns/row |", "|---|---|---|---|---|---|---|---|"]
    for name, figures in medians:
        lines.append(
            f"| {titles[name]} | {figures.wall:.3f} | {figures.best_wall:.3f} | {figures.wall / base:.2f} | {figures.cpu:.3f} | "
            f"{figures.peak_mib:.0f} | {rows / figures.wall:,.0f} | {figures.wall * 1e9 / rows:,.1f} |")
    return lines + [""]


def _further(result, titles, fewer, more):
    rows = _ordered(result.per_row(fewer, more), titles)
    limit = dict(rows).get("tuned")
    against = lambda mine, theirs: f"{mine / theirs:.2f}" if limit and theirs > 0 else "-"
    lines = [f"## Per further row, from {short(fewer)} to {short(more)}", "",
             "| program | ns wall | ns CPU | wall against tuned | CPU against tuned |", "|---|---|---|---|---|"]
    lines += [f"| {titles[name]} | {wall:.2f} | {cpu:.2f} | {against(wall, limit and limit[0])} | {against(cpu, limit and limit[1])} |"
              for name, (wall, cpu) in rows]
    return lines + [""]


def _pool(result, titles, pair):
    """The Pool is measured on fewer rows, so it is compared by the row: whole runs, and further rows, which know no start-up."""
    sizes = sorted(rows for rows in result.samples if "pool" in result.medians(rows))
    if not sizes:
        return []
    largest = max(result.samples)
    pool = result.medians(sizes[-1])["pool"].wall / sizes[-1]
    further = result.per_row(*pair) if pair else {}
    pool_further = result.per_row(sizes[0], sizes[-1])["pool"][0] if len(sizes) > 1 else None
    lines = [f"## Against the Pool on {short(sizes[-1])} rows, by the row", "",
             f"| program | whole run of {short(largest)} rows: times as fast | further rows: times as fast |", "|---|---|---|"]
    for name, figures in _ordered(result.medians(largest), titles):
        if name == "pool":
            continue
        known = pool_further and name in further and further[name][0] > 0
        lines.append(f"| {titles[name]} | {pool * largest / figures.wall:,.0f} | {format(pool_further / further[name][0], ',.0f') if known else '-'} |")
    return lines + [""]


def samples(result, pair):
    """For JSON."""
    data = {
        "rejected": {short(rows): count for rows, count in result.rejected.items()},
        "failures": result.failures,
        "samples": {
            short(rows): {name: [dataclasses.asdict(sample) for sample in taken] for name, taken in programs.items()}
            for rows, programs in result.samples.items()},
    }
    if pair:
        data["ns_per_further_row"] = {
            name: {"wall": wall, "cpu": cpu} for name, (wall, cpu) in result.per_row(*pair).items()}
    return data


def write(folder, name, title, lines, data):
    """Shows the tables, and keeps them beside the samples."""
    text = "\n".join([f"# {title}", "", *lines]).rstrip() + "\n"
    print(f"\n{text}")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.md").write_text(text, encoding="utf-8")
    (folder / f"{name}.json").write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"written to {folder}/{name}.md and .json")
