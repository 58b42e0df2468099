#!/usr/bin/env python3
"""Weighs the embedded engine of parcours against DuckDB, ClickHouse (chDB) and Polars on the same Parquet files.

Every run is a process of its own; engines take turns (A B C A B C …) on files that are in the page cache. What is printed are
medians. All engines must find the same customers, orders, cents, customer days and the same matrix of cohorts by month; the
embedded engine must also find the table of scores of an independent computation in integers.

The comparison leans toward the others: parcours is charged its whole process, they are not charged the start of Python and the
import of the library; and parcours computes all its aggregates (cohorts, windows, second orders, gaps, activity, cells and
calibration of the lifetime-value models, exact quantiles), they only what the report's first pages need.
"""

import argparse
import dataclasses
import hashlib
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import venv

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
REFERENCE_ROWS = 20_000_000
NAMES = {"expert": "DuckDB, expert SQL", "plain": "DuckDB, plain SQL", "chdb": "ClickHouse (chDB)", "polars": "Polars", "parcours": "parcours"}


@dataclasses.dataclass(frozen=True)
class Bar:
    """parcours may take at most limit times what the other engine takes; with no other, the limit itself (bytes, seconds)."""
    what: str  # "wall", "cpu" or "peak"
    engine: str
    other: str
    limit: float


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    layout: str
    key: str = "customer_id"
    order: bool = False  # order_id is bound
    engines: tuple = ("parcours", "expert", "chdb", "polars")
    bars: tuple = ()
    rows: int = 0  # 0: as asked for
    customers: int = 0
    exact: bool = True  # compare with the independent computation, which needs memory


def bars(wall):
    return (Bar("wall", "parcours", "expert", wall), Bar("cpu", "parcours", "expert", 0.28), Bar("peak", "parcours", "expert", 0.6),
            Bar("wall", "parcours", "chdb", 0.5))


ALL = ("parcours", "expert", "plain", "chdb", "polars")
DEFAULT = (
    Case("zstd-int", "zstd-sorted-1", engines=ALL, bars=bars(0.20)),
    Case("zstd-uuid", "zstd-sorted-1", key="customer_uuid", bars=bars(0.25)),
    Case("zstd-code", "zstd-sorted-1", key="customer_code", engines=("parcours", "expert"), bars=bars(0.25)),
    Case("zstd-random-int", "zstd-sorted-1", key="customer_h", engines=("parcours", "expert"), bars=bars(0.25)),
    Case("zstd-int-shuffled", "zstd-shuffled-1", bars=bars(0.30)),
    Case("zstd-int-36", "zstd-sorted-36", engines=("parcours", "expert"), bars=bars(0.20)),
    Case("snappy-int", "snappy-sorted-1", engines=("parcours", "expert", "chdb", "polars"), bars=bars(0.20)),
    Case("order-bound", "zstd-sorted-1", order=True, engines=("parcours", "expert")),
    Case("memory-512", "zstd-sorted-1", engines=("parcours@0", "parcours@512MiB"),
         bars=(Bar("wall", "parcours@512MiB", "parcours@0", 2),)),
)
LARGE = (Case("zstd-int", "zstd-sorted-1", engines=("parcours", "expert"), bars=bars(0.27)),)
OTHERS = (
    Case("memory-200m", "zstd-sorted-36", rows=200_000_000, customers=20_000_000, engines=("parcours@1GiB",), exact=False),
)
KEYS = {"int": "customer_id", "code": "customer_code", "uuid": "customer_uuid"}
PRODUCT = tuple(
    Case(f"{codec}-{key}-{order}-{files}", f"{codec}-{order}-{files}", key=KEYS[key], engines=("parcours", "expert"), bars=bars(0.30 if order == "shuffled" else 0.25))
    for codec in ("zstd", "snappy") for key in KEYS for order in ("sorted", "shuffled") for files in (1, 36)
)


def arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--rows", type=int, default=REFERENCE_ROWS, help="orders (default 20 million); customers grow in proportion")
    p.add_argument("--cases", default="", help="comma-separated names; see --list")
    p.add_argument("--engines", default="", help="comma-separated engines instead of those of each case: " + ", ".join(ALL))
    p.add_argument("--all", action="store_true", help="the whole product of codecs, keys, orders and numbers of files")
    p.add_argument("--runs", type=int, default=3, help="processes of each engine in each case")
    p.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count())
    p.add_argument("--engine", type=pathlib.Path, help="a built internal/enginebench/engine, say of an earlier commit, instead of building it")
    p.add_argument("--timeout", type=float, default=1800, help="seconds after which a process is ended")
    p.add_argument("--no-identity", action="store_true", help="do not check that all ways of reading give the same aggregates")
    p.add_argument("--clean", action="store_true", help="remove each set of files when it was used")
    p.add_argument("--list", action="store_true", help="list the cases and stop")
    return p.parse_args()


def cache_folder():
    given = os.environ.get("PARCOURS_BENCH_DIR")
    if given:
        return pathlib.Path(given).resolve()
    if sys.platform == "darwin":
        return pathlib.Path.home() / "Library" / "Caches" / "parcours-bench"
    return pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "parcours-bench"


def say(text=""):
    print(text, flush=True)


class Bench:
    def __init__(self, args):
        self.args, self.cache = args, cache_folder()
        self.cache.mkdir(parents=True, exist_ok=True)
        self.records, self.failures, self.answers, self.versions = [], [], {}, {}
        self.layouts, self.manifests = {}, {}

    # What is needed: libraries, programs, data.

    def prepare(self):
        wanted = (HERE / "requirements.txt").read_text()
        folder = self.cache / ("venv-" + hashlib.sha256(wanted.encode()).hexdigest()[:12])
        self.python = folder / "bin" / "python"
        if not (folder / "complete").exists():
            say("installing into " + str(folder) + ": " + " ".join(wanted.split()))
            venv.create(folder, with_pip=True, clear=True)
            subprocess.run([self.python, "-m", "pip", "install", "--quiet", "-r", HERE / "requirements.txt"], check=True)
            (folder / "complete").touch()
        programs = self.cache / "bin"
        for name in ("generate",) if self.args.engine else ("generate", "engine"):
            subprocess.run(["go", "build", "-trimpath", "-o", programs / name, "./internal/enginebench/" + name],
                           cwd=REPOSITORY, env=os.environ | {"CGO_ENABLED": "0"}, check=True)
        self.generate, self.engine = programs / "generate", self.args.engine or programs / "engine"

    def size(self, case):
        rows = case.rows or self.args.rows
        return rows, case.customers or max(1, rows * 3 // 20)

    def provide(self, cases):
        """Makes the files of all cases of one size at once, since drawing the orders is common to them."""
        layouts = sorted({c.layout for c in cases} | {"zstd-sorted-1" for c in cases if c.exact})
        rows, customers = self.size(cases[0])
        need, free = 60 * rows * len(layouts), shutil.disk_usage(self.cache).free
        say(f"{rows:,} orders of {customers:,} customers: {', '.join(layouts)} (about {need / 1e9:.1f} GB if made now, {free / 1e9:.0f} GB free)")
        done = subprocess.run([self.generate, "-dir", self.cache, "-orders", str(rows), "-customers", str(customers), "-layouts", ",".join(layouts)],
                              check=True, stdout=subprocess.PIPE)
        made = json.loads(done.stdout)
        folder = pathlib.Path(made["folder"])
        for m in made["layouts"]:
            order = "shuffled" if m["layout"]["shuffled"] else "sorted"
            name = f"{m['layout']['codec']}-{order}-{m['layout']['files']}"
            self.layouts[rows, name], self.manifests[rows, name] = folder / name, m
        return folder

    def warm(self, folder):
        for file in sorted(folder.glob("*.parquet")):
            with open(file, "rb") as f:
                while f.read(1 << 22):
                    pass

    # One process.

    def command(self, case, engine, answer):
        folder = self.layouts[self.size(case)[0], case.layout]
        if engine.startswith("parcours"):
            out = [self.engine, "-files", folder, "-key", case.key, "-answer", answer]
            if case.order:
                out.append("-order")
            if "@" in engine:
                out += ["-memory", engine.split("@")[1]]
            return out
        return [self.python, HERE / "candidate.py", engine, "--files", folder / "*.parquet", "--key", case.key,
                "--threads", str(self.args.threads), "--answer", answer]

    def run(self, command, threads=None):
        """Runs a command and returns what it printed with its wall time, CPU time and peak memory, or None when it failed."""
        with tempfile.TemporaryDirectory(prefix="scratch-", dir=self.cache) as scratch:
            threads = str(threads or self.args.threads)
            env = os.environ | {"GOMAXPROCS": threads, "POLARS_MAX_THREADS": threads, "TMPDIR": scratch}
            got = measure([str(c) for c in command], env, self.args.timeout)
            left = os.listdir(scratch)
            if left and command[0] == self.engine:
                self.failures.append(f"parcours leaves {', '.join(left)} behind")
            return got

    # Cases.

    def case(self, case):
        rows, _ = self.size(case)
        engines = case.engines
        if self.args.engines and case.engines[0] == "parcours":
            engines = tuple(self.args.engines.split(","))
        say(f"\n== {case.name}: {rows:,} orders, {case.layout}, {case.key}" + (", order_id bound" if case.order else ""))
        self.warm(self.layouts[rows, case.layout])
        runs = {e: [] for e in engines}
        for turn in range(self.args.runs):
            for engine in engines:
                answer = self.cache / "answer.json"
                answer.unlink(missing_ok=True)
                got = self.run(self.command(case, engine, answer))
                if got is None:
                    self.failures.append(f"{case.name}: {engine} failed")
                    say(f"   {engine}: failed")
                    continue
                self.versions[engine.split("@")[0]] = got["told"].get("version", "parcours")
                say(f"   {turn + 1} {engine:16} {got['charged']:7.3f} s, {got['cpu']:6.2f} CPU s, {got['peak'] / 2**20:6.0f} MiB"
                    + (f", others used {got['foreign']:.0%} of the machine" if got.get("foreign", 0) > 0.03 else ""))
                runs[engine].append(got)
                if turn == 0:
                    self.check(case, engine, json.loads(answer.read_text()))
        medians = {e: {k: statistics.median(r[k] for r in rs) for k in ("wall", "charged", "cpu", "peak")} for e, rs in runs.items() if rs}
        judged = [self.judge(b, medians) for b in case.bars
                  if rows >= REFERENCE_ROWS and b.engine in medians and (not b.other or b.other in medians)]
        judged += [self.judge(Bar("peak", e, "", rs[0]["told"]["memory"]), medians) for e, rs in runs.items() if rs and rs[0]["told"].get("memory")]
        self.records.append({"case": case.name, "rows": rows, "layout": case.layout, "key": case.key, "order": case.order, "medians": medians,
                             "runs": runs, "bars": judged})
        say(table(medians))
        for b in judged:
            say("   " + verdict(b))

    def judge(self, bar, medians):
        """How a bar was met. That the promise of memory is kept is judged in every case and at every size."""
        field = "charged" if bar.what == "wall" else bar.what
        value = medians[bar.engine][field]
        if bar.other:
            value /= medians[bar.other][field]
        return dataclasses.asdict(bar) | {"value": value, "held": value <= bar.limit}

    # Agreement.

    def exact(self, rows):
        """The right answer for a set of orders, from DuckDB in integers; it is the same for all layouts and keys."""
        if rows not in self.answers:
            folder = self.layouts[rows, "zstd-sorted-1"]
            file = folder / "exact.json"
            if not file.exists():
                say("   computing the exact answer")
                command = [self.python, HERE / "candidate.py", "exact", "--files", folder / "*.parquet", "--threads", str(self.args.threads), "--answer", file]
                if self.run(command) is None:
                    raise SystemExit("the exact answer could not be computed")
            self.answers[rows] = json.loads(file.read_text())
        return self.answers[rows]

    def check(self, case, engine, answer):
        rows, _ = self.size(case)
        totals = self.manifests[rows, case.layout]["totals"]
        for name in ("customers", "orders", "cents", "customer_days"):
            if answer[name] != totals[name]:
                self.failures.append(f"{case.name}: {engine} finds {answer[name]} {name}, the generator {totals[name]}")
        if not case.exact:
            return
        exact = self.exact(rows)
        if sorted(answer["matrix"]) != sorted(exact["matrix"]):
            self.failures.append(f"{case.name}: the cohorts of {engine} are not those of the exact answer")
        if engine.startswith("parcours"):
            if sorted(answer["rfm"]) != sorted(exact["rfm"]):
                self.failures.append(f"{case.name}: the scores of {engine} are not those of the exact answer")
        else:
            self.scores(case, engine, answer["rfm"], rows)

    def scores(self, case, engine, rfm, rows):
        """The SQL engines share their definition of scores, but not the order in which they add doubles: a customer whose value
        ties with a cut may fall on either side."""
        first = self.answers.setdefault((rows, "rfm"), rfm)
        a, b = ({tuple(r[:3]): r[3] for r in x} for x in (first, rfm))
        moved = sum(abs(a.get(k, 0) - b.get(k, 0)) for k in a.keys() | b.keys()) / 2
        if moved > 1e-3 * sum(a.values()):
            self.failures.append(f"{case.name}: {engine} gives {moved:.0f} customers other scores than the first SQL engine")

    def identity(self, cases):
        """All ways of reading the same orders must give the same aggregates, byte for byte."""
        rows, _ = self.size(cases[0])
        say(f"\n== identity: {rows:,} orders")
        hashes = {}

        def add(what, layout, *more, threads=None):
            folder = self.layouts.get((rows, layout))
            if folder is None:
                return
            got = self.run([self.engine, "-files", folder, "-hash", *more], threads)
            if got is None:
                self.failures.append(f"identity: {what} failed")
                return
            hashes[what] = got["told"]["hash"]
            say(f"   {hashes[what][:16]}  {what}")

        for threads in (1, 2, 3):
            add(f"{threads} threads", "zstd-sorted-1", threads=threads)
        for layout in sorted({c.layout for c in cases}):
            add(layout, layout)
        for key in ("customer_h", "customer_code", "customer_uuid"):
            add(key, "zstd-sorted-1", "-key", key)
        add("amount_dec", "zstd-sorted-1", "-amount", "amount_dec")
        add("order_id bound", "zstd-sorted-1", "-order")
        add("order_id bound, shuffled", "zstd-shuffled-1", "-order")
        for memory in ("0", "512MiB", "256MiB"):
            add(f"memory {memory}", "zstd-sorted-1", "-memory", memory)
        add("memory 256MiB, shuffled, order_id bound, uuid", "zstd-shuffled-1", "-memory", "256MiB", "-order", "-key", "customer_uuid")
        if len(set(hashes.values())) > 1:
            self.failures.append("identity: the aggregates differ: " + json.dumps(hashes))
        self.hashes = hashes

    # What is kept.

    def save(self):
        stamp = time.strftime("%Y%m%d-%H%M%S")
        base = self.cache / f"results-{stamp}"
        machine = {"processor": processor(), "threads": self.args.threads, "system": platform.platform()}
        base.with_suffix(".json").write_text(json.dumps(
            {"machine": machine, "versions": self.versions, "cases": self.records, "identity": getattr(self, "hashes", {}), "failures": self.failures}, indent=1, default=str))
        base.with_suffix(".md").write_text(markdown(machine, self.versions, self.records, getattr(self, "hashes", {}), self.failures))
        say(f"\n{base}.md and .json")


def measure(command, env, timeout):
    """Runs one process. "charged" is the wall time that counts: without what a candidate says it took before its work."""
    busy, start = busy_seconds(), time.perf_counter()
    child = subprocess.Popen(command, env=env, stdout=subprocess.PIPE)
    timer = threading.Timer(timeout, child.kill)
    timer.start()
    try:
        text = child.stdout.read()
        _, status, used = os.wait4(child.pid, 0)
    except BaseException:
        child.kill()
        raise
    finally:
        timer.cancel()
    wall, child.returncode = time.perf_counter() - start, os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        return None
    told = json.loads(text.splitlines()[-1])
    out = {"wall": wall, "charged": wall, "cpu": used.ru_utime + used.ru_stime, "peak": used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)}
    if busy is not None:
        out["foreign"] = max(0.0, (busy_seconds() - busy - out["cpu"]) / (wall * os.cpu_count()))
    if "before" in told:  # start of the interpreter and import of the library
        out["charged"], out["cpu"] = told["wall"], out["cpu"] - told["before"]
    return out | {"told": told}


def busy_seconds():
    """Seconds that all processors together were not idle, None where the system does not tell."""
    try:
        fields = open("/proc/stat").readline().split()[1:9]
    except OSError:
        return None
    user, nice, system, _, _, irq, soft, steal = map(int, fields)
    return (user + nice + system + irq + soft + steal) / os.sysconf("SC_CLK_TCK")


def processor():
    try:
        for line in open("/proc/cpuinfo"):
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor()


def label(engine):
    name, _, memory = engine.partition("@")
    limit = {"": "", "0": ", no memory limit"}.get(memory, f", {memory}")
    return NAMES[name] + limit


def table(medians):
    """Absolute values, and those of the first engine, which is parcours, as a share of each."""
    first = next(iter(medians.values()))
    lines = ["| engine | wall s | CPU s | peak MiB | parcours ÷ it: wall | CPU | peak |", "|---|---|---|---|---|---|---|"]
    for engine, m in medians.items():
        ratio = " – | – | – " if m is first else f" {first['charged'] / m['charged']:.3f} | {first['cpu'] / m['cpu']:.3f} | {first['peak'] / m['peak']:.2f} "
        lines.append(f"| {label(engine)} | {m['charged']:.3f} | {m['cpu']:.2f} | {m['peak'] / 2**20:.0f} |{ratio}|")
    return "\n".join(lines)


def verdict(b):
    subject = f"{b['what']} of {label(b['engine'])}" + (f" ÷ {label(b['other'])}" if b["other"] else "")
    value, limit = (f"{b['value']:.3f}", f"{b['limit']:.2f}") if b["other"] else (f"{b['value'] / 2**20:.0f} MiB", f"{b['limit'] / 2**20:.0f} MiB")
    return f"{'held  ' if b['held'] else 'MISSED'} {subject}: {value}, at most {limit}"


def markdown(machine, versions, records, hashes, failures):
    out = ["# Embedded engine against others", "", f"{machine['processor']}, {machine['threads']} threads, {machine['system']}. "
           + ", ".join(sorted(set(versions.values()) - {"parcours"})) + ". Medians of whole processes run in turn, warm page cache.", "",
           "parcours is charged its whole process and computes all its aggregates; the others are not charged the start of Python and the import of "
           "their library, and compute customers, cohorts by month and scores only.", ""]
    for r in records:
        out += [f"## {r['case']}", "", f"{r['rows']:,} orders, {r['layout']}, {r['key']}" + (", order_id bound" if r["order"] else "")
                + f", n = {max(len(x) for x in r['runs'].values())}.", "", table(r["medians"]), ""]
        out += [f"- {verdict(b)}" for b in r["bars"]] + [""]
        foreign = max((x.get("foreign", 0) for runs in r["runs"].values() for x in runs), default=0)
        if foreign > 0.05:
            out += [f"Other programs used up to {foreign:.0%} of the machine: trust CPU seconds, not wall time.", ""]
    if hashes:
        out += ["## Identity", "", "| read as | aggregates |", "|---|---|"] + [f"| {k} | `{v[:16]}` |" for k, v in hashes.items()] + [""]
    if records:
        out += ["All answers agree." if not failures else "## Failures", ""] + [f"- {f}" for f in failures]
    return "\n".join(out) + "\n"


def choose(args):
    known = {c.name: c for c in (LARGE if args.rows >= 50_000_000 else DEFAULT)}
    for c in DEFAULT + OTHERS + PRODUCT:
        known.setdefault(c.name, c)
    if args.list:
        for c in known.values():
            print(f"{c.name:24} {c.layout:18} {c.key:14} {', '.join(c.engines)}")
        raise SystemExit(0)
    if args.all:
        return PRODUCT
    if not args.cases:
        return LARGE if args.rows >= 50_000_000 else DEFAULT
    missing = [n for n in args.cases.split(",") if n not in known]
    if missing:
        raise SystemExit(f"no case {', '.join(missing)}; there are {', '.join(known)}")
    return tuple(known[n] for n in args.cases.split(","))


def main():
    args = arguments()
    cases = choose(args)
    bench = Bench(args)
    bench.prepare()
    for size in sorted({bench.size(c) for c in cases}):
        group = [c for c in cases if bench.size(c) == size]
        folder = bench.provide(group)
        for c in group:
            bench.case(c)
        if not args.no_identity and size[0] <= 50_000_000:
            bench.identity(group)
        if args.clean:
            shutil.rmtree(folder)
    bench.save()
    for f in bench.failures:
        say("FAILED " + f)
    raise SystemExit(1 if bench.failures else 0)


if __name__ == "__main__":
    main()
