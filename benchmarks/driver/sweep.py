"""Our program alone, under other settings: what each costs per further row, and whether the bytes stay the same."""
import dataclasses
import hashlib
import threading

from . import measure, workload

MAPPERS, BATCHES_MIB, KEYS = (1, 2, 4, 16), (1, 4, 16, 64), (10, 100, 1_000, 10_000)
OUTPUTS = ("Countries_by_GDP.json", "Region_Top.json", "quarantine.jsonl")


@dataclasses.dataclass
class Case:
    """A setting, and what came of it on the smaller and the larger file."""
    what: str
    value: str
    settings: tuple = ()
    keys: int | None = None
    samples: dict = dataclasses.field(default_factory=dict)
    hashes: tuple = ()
    state_kib: float = 0
    failure: str | None = None

    def per_row(self, fewer, more):
        """(wall, CPU) in ns per further row."""
        low, high = measure.median(self.samples[fewer]), measure.median(self.samples[more])
        return (high.wall - low.wall) * 1e9 / (more - fewer), (high.cpu - low.cpu) * 1e9 / (more - fewer)

    def fixed(self, fewer, more):
        """(wall, CPU) in seconds of what does not grow with the rows."""
        (wall, cpu), low = self.per_row(fewer, more), measure.median(self.samples[fewer])
        return low.wall - wall * fewer / 1e9, low.cpu - cpu * fewer / 1e9


def cases():
    mappers = "akka.actor.deployment./etl/mappers.nr-of-instances"
    return [
        Case("defaults", "SQLite journal"),
        Case("journal", "in memory", ("akka.persistence.journal.plugin=akka.persistence.journal.inmem",)),
        *[Case("mappers", str(n), (f"{mappers}={n}",)) for n in MAPPERS],
        *[Case("batch", f"{mib} MiB", (f"etl.extract.batch-bytes={mib}MiB",)) for mib in BATCHES_MIB],
        *[Case("distinct keys", f"{keys:,}", keys=keys) for keys in KEYS],
    ]


def run(product, data, fewer, more, rounds):
    """Measures every case on both sizes, in turn."""
    done = cases()
    files = {
        (case.keys, rows): workload.make(data, rows, case.keys) for case in done for rows in (fewer, more)}
    for turn in range(rounds):
        for rows in (fewer, more):
            for case in done:
                if case.failure is None:
                    _one(product, case, files[case.keys, rows], rows, first=turn == 0, largest=rows == more)
            print(f"  round {turn + 1}/{rounds} of {workload.short(rows)} rows done", flush=True)
    return done


def _one(product, case, file, rows, first, largest):
    try:
        if first:
            workload.warm(file)
        sample, _ = dataclasses.replace(product, settings=case.settings).run(file)
        case.samples.setdefault(rows, []).append(sample)
        if first and largest:
            case.hashes = tuple(hashlib.sha256((product.out / name).read_bytes()).hexdigest() for name in OUTPUTS)
            case.state_kib = workload.folder_bytes(product.out / ".etl") / 1024
    except (measure.Failed, OSError) as fault:
        case.failure = str(fault)
        print(f"{case.what} {case.value}: {fault}", flush=True)


def largest_state(product, file):
    """The most MiB that the state folder held during a run. Not a measured run: watching it disturbs."""
    most, stop = [0], threading.Event()

    def watch():
        while not stop.wait(0.02):
            most[0] = max(most[0], workload.folder_bytes(product.out / ".etl"))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        product.run(file)
    finally:
        stop.set()
        watcher.join()
    return most[0] / 2**20


def tables(done, fewer, more, state_mib):
    """Markdown, and whether the answers are the same."""
    good = [case for case in done if case.failure is None]
    alike = len({case.hashes for case in good if case.keys is None}) <= 1
    lines = [f"Per further row, from {workload.short(fewer)} to {workload.short(more)}; peak and state of the larger.", "",
             "| setting | value | ns wall | ns CPU | fixed s wall | fixed s CPU | peak MiB | state after, KiB |", "|---|---|---|---|---|---|---|---|"]
    for case in good:
        (wall, cpu), (fixed, fixed_cpu) = case.per_row(fewer, more), case.fixed(fewer, more)
        peak = measure.median(case.samples[more]).peak_mib
        lines.append(f"| {case.what} | {case.value} | {wall:.2f} | {cpu:.2f} | {fixed:.3f} | {fixed_cpu:.3f} | {peak:.0f} | {case.state_kib:,.0f} |")
    lines += ["", f"{', '.join(OUTPUTS)}: " + ("the same bytes for every pool size, batch size and journal."
              if alike else "**they DIFFER between pool sizes, batch sizes or journals.**"), ""]
    if state_mib is not None:
        lines += [f"The state folder held {state_mib:.2f} MiB at most while a run with the defaults was under way.", ""]
    lines += [f"- {text}" for text in _conclusions({(case.what, case.value): case for case in good}, fewer, more)]
    lines += [f"- FAILED: {case.what} {case.value}: {case.failure}" for case in done if case.failure]
    return lines, alike and len(good) == len(done)


def _conclusions(by, fewer, more):
    if any(figure <= 0 for case in by.values() for figure in case.per_row(fewer, more)):
        yield "Too much noise for the number of rows: a further row seems to cost nothing. Take larger files."
        return
    cost = lambda what, value: by[what, value].per_row(fewer, more)
    if ("mappers", "1") in by and ("mappers", "2") in by:
        yield f"2 mappers are {cost('mappers', '1')[0] / cost('mappers', '2')[0]:.2f} times as fast as 1 per further row (wall)."
    if ("journal", "in memory") in by and ("defaults", "SQLite journal") in by:
        durable, memory = by["defaults", "SQLite journal"], by["journal", "in memory"]
        extra = durable.per_row(fewer, more)[1] / memory.per_row(fewer, more)[1] - 1
        wall, cpu = (one - other for one, other in zip(durable.fixed(fewer, more), memory.fixed(fewer, more)))
        yield f"The durable journal costs {extra:+.1%} of the CPU per further row, and {wall:.3f} s wall, {cpu:.3f} s CPU once."
    keys = [cost("distinct keys", f"{n:,}") for n in KEYS if ("distinct keys", f"{n:,}") in by]
    if len(keys) > 1:
        yield (f"From {KEYS[0]} to {KEYS[-1]:,} distinct keys the dearest is {max(wall for wall, _ in keys) / min(wall for wall, _ in keys) - 1:.0%} "
               f"above the cheapest in wall time, {max(cpu for _, cpu in keys) / min(cpu for _, cpu in keys) - 1:.0%} in CPU.")


def samples(done):
    """For JSON."""
    return [
        {"setting": case.what, "value": case.value, "settings": case.settings, "keys": case.keys, "failure": case.failure,
         "sha256": dict(zip(OUTPUTS, case.hashes)), "state_kib": case.state_kib,
         "samples": {workload.short(rows): [dataclasses.asdict(sample) for sample in taken] for rows, taken in case.samples.items()}}
        for case in done]
