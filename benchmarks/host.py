#!/usr/bin/env python3
"""What watching costs etl host, whether its memory stays flat, and how its pages bear a storm of restarts.

usage: host.py ETL --data DIR [--rows 50M] [--rounds 20] [--storm 10000]
ETL is a published program (dotnet publish src/Host -p:PublishProfile=linux-x64 -o DIR). Chromium is needed (CHROMIUM names it, when it is not in the path).

One host does the same work 2 x ROUNDS times, in turn with nobody watching and with three pages of a real browser open: the run itself, Supervision, Jobs.
A round queues the job, cancels it before it begins, opens the pages, waits until all is still, and resumes it; what is compared is the processor time of
the host alone, from there to one second after the job's end. Memory is that of the host after each round,
and now and then when it had nothing to do for a while. The storm crashes a mapper at so many batches.
"""
import argparse
import json
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

from driver import machine, workload

# After so many seconds without work a host has given back what it can.
REST = 25
TICKS = os.sysconf("SC_CLK_TCK")
# How long the page's own thread was busy at most, and how many restarts it shows: asked inside the page.
GAPS = """(() => { window.gap = 0; let last = performance.now();
  const beat = () => { const now = performance.now(); window.gap = Math.max(window.gap, now - last); last = now; setTimeout(beat, 10); }; beat(); })()"""


class Browser:
    """Chromium, told what to do by its pipe: messages of JSON, each ended by a zero byte."""

    def __init__(self, folder):
        ours, theirs = os.pipe(), os.pipe()
        program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome") or sys.exit("Chromium is not there")

        def descend():
            low, high = os.dup(ours[0]), os.dup(theirs[1])
            os.dup2(low, 3)
            os.dup2(high, 4)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
             f"--user-data-dir={folder}", "--remote-debugging-pipe", "about:blank"],
            preexec_fn=descend, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.out, self.back, self.count, self.rest = ours[1], theirs[0], 0, b""

    def ask(self, method, session=None, **parameters):
        self.count += 1
        message = {"id": self.count, "method": method, "params": parameters} | ({"sessionId": session} if session else {})
        os.write(self.out, json.dumps(message).encode() + b"\0")
        while True:
            while b"\0" not in self.rest:
                self.rest += os.read(self.back, 1 << 16)
            one, self.rest = self.rest.split(b"\0", 1)
            answer = json.loads(one)
            if answer.get("id") == self.count:
                # A page that is just loading has nowhere to evaluate anything.
                if "error" in answer and method != "Runtime.evaluate":
                    sys.exit(f"{method}: {answer['error']}")
                return answer.get("result", {"result": {}})

    def open(self, url):
        target = self.ask("Target.createTarget", url=url, newWindow=True)["targetId"]
        page = (target, self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"])
        until(lambda: self.tell(page, "document.documentElement.dataset.live === 'yes'"), f"{url} does not become interactive")
        return page

    def tell(self, page, expression):
        return self.ask("Runtime.evaluate", page[1], expression=expression, returnByValue=True, awaitPromise=True)["result"].get("value")

    def close(self, page):
        self.ask("Target.closeTarget", targetId=page[0])

    def end(self):
        self.process.terminate()
        self.process.wait()


class Host:
    """etl host on a free port, with everything below one folder."""

    def __init__(self, etl, inputs, work, *settings):
        self.error = open(work / "host.err", "w+")
        self.process = subprocess.Popen(
            [etl, "host", "--port", "0", "--input-root", str(inputs), "--output-root", str(work / "out"), *settings],
            stdout=subprocess.PIPE, stderr=self.error, text=True)
        self.url = None
        until(self.told, "the host does not say where it is")

    def told(self):
        for name in self.work_texts():
            if "http://" in name:
                self.url = "http://" + name.split("http://", 1)[1].split()[0].rstrip("/.,;")
                return True
        if self.process.poll() is not None:
            sys.exit("the host ended: " + "".join(self.work_texts()))
        return False

    def work_texts(self):
        os.set_blocking(self.process.stdout.fileno(), False)
        self.heard = getattr(self, "heard", []) + (self.process.stdout.readlines() or [])
        with open(self.error.name) as error:
            return self.heard + error.readlines()

    def call(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, headers={"Content-Type": "application/json"}, method="GET" if body is None else "POST")
        with urllib.request.urlopen(request, timeout=120) as answer:
            text = answer.read()
            return json.loads(text) if text else None

    def status(self, job):
        return self.call(f"/api/jobs/{job}")["status"]

    def cpu(self):
        with open(f"/proc/{self.process.pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def until(condition, what, seconds=120.0):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            sys.exit(what)
        time.sleep(0.05)


def watching(host, browser, name, rounds):
    """CPU of each round, by pages; memory after each."""
    cpu, wall, memory, idle = {0: [], 3: []}, {0: [], 3: []}, [], []
    # The first is not counted: it compiles.
    for number in range(-1, rounds):
        for pages in (0, 3) if number % 2 else (3, 0):
            # One at a time: the second waits, and is cancelled before it has begun.
            blocker = host.call("/api/jobs", {"inputs": [name], "year": "all", "duplicates": "sum", "top": 500 + 2 * (number + 1) + (pages > 0)})["id"]
            job = host.call("/api/jobs", {"inputs": [name], "year": "all", "duplicates": "sum", "top": 1 + 2 * (number + 1) + (pages > 0)})["id"]
            host.call(f"/api/jobs/{job}/cancel", {})
            until(lambda: host.status(job) == "cancelled" and host.status(blocker) == "done", "the job was not cancelled as it waited")
            open_pages = [browser.open(host.url + path) for path in (f"/jobs/{job}", "/supervision", "/")] if pages else []
            time.sleep(2)
            before, began = host.cpu(), time.monotonic()
            host.call(f"/api/jobs/{job}/resume", {})
            until(lambda: host.status(job) not in ("waiting", "running", "cancelled"), "the job does not end")
            took = time.monotonic() - began
            if host.status(job) != "done":
                sys.exit(f"the job is {host.status(job)}")
            if pages:
                until(lambda: browser.tell(open_pages[0], "!!document.querySelector('.status.done')"), "the page does not show the end")
            time.sleep(max(0, began + took + 1 - time.monotonic()))
            used = host.cpu() - before
            for page in open_pages:
                browser.close(page)
            if number < 0:
                continue
            cpu[pages].append(used)
            wall[pages].append(took)
            memory.append(host.memory())
        if number == 0 or number % 5 == 4:
            time.sleep(REST)
            idle.append((len(memory), host.memory()))
    for pages in (0, 3):
        print(f"{pages} pages: CPU {statistics.median(cpu[pages]):.2f} s (mean {statistics.mean(cpu[pages]):.3f}, {min(cpu[pages]):.2f} to {max(cpu[pages]):.2f}), "
              f"wall {statistics.median(wall[pages]):.2f} s")
    print(f"watching costs {100 * (statistics.mean(cpu[3]) / statistics.mean(cpu[0]) - 1):+.1f} % of CPU by the mean, "
          f"{100 * (statistics.median(cpu[3]) / statistics.median(cpu[0]) - 1):+.1f} % by the median")
    print("memory after each round, MiB: " + " ".join(f"{m:.0f}" for m in memory))
    half = len(memory) // 2
    print(f"mean of the first half {statistics.mean(memory[:half]):.0f} MiB, of the second {statistics.mean(memory[half:]):.0f} MiB")
    print("when it had rested, MiB: " + ", ".join(f"{m:.0f} after round {n}" for n, m in idle))


def storm(etl, browser, data, work, restarts):
    """A crash at every batch: the counts, and how long a page that looks on keeps a person waiting."""
    batch = 4096
    file = data / f"storm-{restarts}.csv"
    if not file.exists():
        # So many whole batches, of rows that a batch ends with.
        row = b"France,2020,1000000.000\n"
        with open(file, "wb") as out:
            out.write(b"country,year,gdp_usd_million\n" + row * (restarts * batch // len(row)))
    host = Host(etl, data, work, "--set", "etl.chaos=mapper-crash=1", "--set", f"etl.extract.batch-bytes={batch}B",)
    try:
        pages = [browser.open(host.url + path) for path in ("/supervision", "/")]
        for page in pages:
            browser.tell(page, GAPS)
        began, before = time.monotonic(), host.cpu()
        job = host.call("/api/jobs", {"inputs": [file.name], "year": "all", "duplicates": "sum"})["id"]
        pages.append(browser.open(f"{host.url}/jobs/{job}"))
        browser.tell(pages[-1], GAPS)
        clicks = []
        while not clicks or host.status(job) in ("waiting", "running"):
            # A click that the server answers: pause, and go on.
            clicks.append(click(browser, pages[0], "Pause", "Go on"))
            clicks.append(click(browser, pages[0], "Go on", "Pause"))
            time.sleep(0.5)
        took = time.monotonic() - began
        time.sleep(1.5)
        answer = host.call(f"/api/jobs/{job}")
        run = json.load(open(next((work / "out").glob("*/run.json"))))
        shown = browser.tell(pages[0], "document.querySelector('#total').textContent"), browser.tell(pages[2], "document.querySelector('#restarts').textContent")
        print(f"{answer['status']}: {run['restarts_total']} restarts of {run['chaos']['injected']} injected in {took:.1f} s "
              f"({60 * run['restarts_total'] / took:.0f} a minute), {host.cpu() - before:.1f} s of CPU, {host.memory():.0f} MiB; the pages show {shown}")
        print(f"a click was answered after {statistics.median(clicks):.0f} ms (median), {max(clicks):.0f} ms at most, of {len(clicks)}; "
              f"the pages' own threads were busy for {', '.join(format(browser.tell(p, 'window.gap'), '.0f') for p in pages)} ms at most")
    finally:
        host.end()


def click(browser, page, name, then):
    return browser.tell(page, """(async (name, then) => {
      const find = text => [...document.querySelectorAll('button')].find(b => b.textContent.trim() === text || b.getAttribute('aria-label') === text);
      const began = performance.now(); find(name).click();
      while (!find(then)) await new Promise(r => setTimeout(r, 5));
      return performance.now() - began; })(""" + f"{json.dumps(name)}, {json.dumps(then)})")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("etl")
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--rows", type=workload.count, default=50_000_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--storm", type=int, default=10_000)
    options = parser.parse_args()
    work = pathlib.Path(tempfile.mkdtemp(prefix="host-", dir=options.data if options.data.exists() else None))
    browser = Browser(work / "browser")
    try:
        if options.rounds:
            file = workload.make(options.data, options.rows)
            workload.warm(file)
            host = Host(options.etl, options.data, work, "--set", "etl.host.jobs=1")
            try:
                watching(host, browser, file.name, options.rounds)
            finally:
                host.end()
        if options.storm:
            (work / "storm").mkdir()
            storm(options.etl, browser, options.data, work / "storm", options.storm)
    finally:
        browser.end()
        shutil.rmtree(work, ignore_errors=True)


main()
