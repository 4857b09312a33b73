"""Runs programs in turn and compares their answers."""
from . import answers, measure, programs, workload

FAULTS = (measure.Failed, OSError, KeyError, ValueError)


class Comparison:
    """All figures of one run of the driver."""

    def __init__(self, rounds):
        self.rounds = rounds
        self.samples = {}  # {rows: {name: [Sample]}}
        self.failures = {}  # {name: why}
        self.rejected = {}  # {rows: rows that every program rejected}

    def size(self, taking_part, file, rows):
        """Measures all programs on one file, alternating, so that noise hits all alike."""
        workload.warm(file)
        taken = self.samples[rows] = {}
        given = {}
        for turn in range(self.rounds):
            for place in range(len(taking_part)):
                program = taking_part[(turn + place) % len(taking_part)]
                if program.name in self.failures:
                    continue
                try:
                    sample, answer = program.run(file)
                    if turn == 0:
                        given[program.name] = answer()
                except FAULTS as fault:
                    self._leave_out(program.name, rows, fault)
                    continue
                taken.setdefault(program.name, []).append(sample)
                print(f"  {workload.short(rows):>5} {turn + 1}/{self.rounds} {program.name:10} {sample.wall:8.3f} s wall {sample.cpu:8.3f} s CPU "
                      f"{sample.peak_mib:6.0f} MiB", flush=True)
            if turn == 0:
                self._judge(rows, given)

    def medians(self, rows):
        return {name: measure.median(samples) for name, samples in self.samples.get(rows, {}).items()}

    def per_row(self, fewer, more):
        """{name: (wall, CPU)} in ns per further row: what is the same for any number of rows falls out."""
        low, high = self.medians(fewer), self.medians(more)
        further = more - fewer
        return {
            name: ((high[name].wall - low[name].wall) * 1e9 / further, (high[name].cpu - low[name].cpu) * 1e9 / further)
            for name in high if name in low}

    def _judge(self, rows, given):
        """Nobody's time counts whose answer is not that of most."""
        if not given:
            return
        alike = lambda name: sum(answers.difference(given[name], other) is None for other in given.values())
        most = given[max(given, key=alike)]
        self.rejected[rows] = most[1]
        for name, answer in given.items():
            # A stranger may round halves up: with less than five members there are some.
            slack = 0 if name in programs.NAMES else answers.LAST_DIGIT
            if different := answers.difference(answer, most, slack):
                self._leave_out(name, rows, f"its answer differs from most: {different}")

    def _leave_out(self, name, rows, why):
        self.failures[name] = f"{workload.short(rows)} rows: {why}"
        for taken in self.samples.values():
            taken.pop(name, None)
        print(f"{name} is left out: {self.failures[name]}", flush=True)
