#!/usr/bin/env python3
"""Fits the same customers with parcours and with lifetimes, one after the other on this machine, and prints both.

Not part of the product, and needed neither to build nor to test it. From the root of the repository:

    python3 -m venv /tmp/lifetimes
    /tmp/lifetimes/bin/pip install 'lifetimes==0.11.3' 'numpy==1.26.4' 'pandas==2.0.3' 'scipy==1.11.4' \
        'autograd==1.6.2' 'pyarrow==16.1.0'
    /tmp/lifetimes/bin/python report/clv/compare_lifetimes.py [customers ...]

The data are the CDNOW sample and, for each number given (20000 200000 without any), as many simulated customers of two
years, by day. lifetimes fits one row a customer, its normal use, and, where its time is marked *, one row a distinct
(x, t_x, T) with weights, which its users must make themselves. The time of parcours is from customers to estimates,
grouping, all starts and standard errors included. The log-likelihood of both is computed by lifetimes' own functions, on
all customers, at the estimates of each.
"""

import datetime
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import warnings

import lifetimes
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

warnings.filterwarnings("ignore")
ROOT = pathlib.Path(__file__).resolve().parents[2]
MODELS = {  # name: fitter, order of parameters
    "bg-nbd": (lifetimes.BetaGeoFitter, ["r", "alpha", "a", "b"]),
    "mbg-nbd": (lifetimes.ModifiedBetaGeoFitter, ["r", "alpha", "a", "b"]),
    "pareto-nbd": (lifetimes.ParetoNBDFitter, ["r", "alpha", "s", "beta"]),
}


def cdnow():
    """The customers of the sample on 1997-09-30: one purchase a day, the first not counted."""
    rows = pq.read_table(ROOT / "report/clv/testdata/cdnow_sample.parquet").to_pandas()
    rows["dollar_value"] = rows["dollar_value"].astype(float)
    rows = rows[rows["date"] <= datetime.date(1997, 9, 30)]
    days = rows.groupby(["customer_id", "date"])["dollar_value"].sum().reset_index()
    days["day"] = pd.to_datetime(days["date"])
    by = days.groupby("customer_id")
    first, last, value = by["day"].min(), by["day"].max(), by["dollar_value"]
    x = by.size() - 1
    end = pd.Timestamp(1997, 9, 30)
    mean = ((value.sum() - value.first()) / x.where(x > 0)).fillna(0)
    return pd.DataFrame({"x": x, "t_x": (last - first).dt.days / 7, "t": (end - first).dt.days / 7, "mean": mean})


def simulated(n):
    """MBG/NBD customers first seen within two years, with Gamma-Gamma spend, by day."""
    rng = np.random.default_rng(20070101)
    t = rng.integers(1, 730, n)
    rate = rng.gamma(0.7, 1 / 6.0, n)
    stop = rng.beta(0.8, 2.0, n)
    x, t_x, at = np.zeros(n, int), np.zeros(n), np.zeros(n)
    active = rng.random(n) >= stop
    while active.any():
        at[active] += np.maximum(1, np.ceil(7 * rng.exponential(1 / rate[active])))
        active &= at <= t
        x[active] += 1
        t_x[active] = at[active]
        active &= rng.random(n) >= stop
    level = rng.gamma(3.7, 1 / 15.0, n)
    mean = np.where(x > 0, rng.gamma(6.25 * np.maximum(x, 1), 1 / level) / np.maximum(x, 1), 0)
    return pd.DataFrame({"x": x, "t_x": t_x / 7, "t": t / 7, "mean": mean})


def timed(fit):
    begin = time.perf_counter()
    result = fit()
    return time.perf_counter() - begin, result


def with_lifetimes(customers, grouped):
    """Seconds and parameters by model."""
    out = {}
    for name, (fitter, names) in MODELS.items():
        def fit():
            rows, weights = customers, None
            if grouped:
                rows = customers.groupby(["x", "t_x", "t"]).size().reset_index(name="n")
                weights = rows["n"]
            return fitter().fit(rows["x"], rows["t_x"], rows["t"], weights=weights)
        try:
            seconds, fitted = timed(fit)
            out[name] = (seconds, [float(fitted.params_[p]) for p in names])
        except Exception as error:  # its ConvergenceError, among others
            out[name] = (float("nan"), None)
            print(f"lifetimes, {name}: {type(error).__name__}: {str(error).strip()[:100]}")
    if not grouped:
        some = customers[(customers["x"] > 0) & (customers["mean"] > 0)]
        seconds, fitted = timed(lambda: lifetimes.GammaGammaFitter().fit(some["x"], some["mean"]))
        out["gamma-gamma"] = (seconds, [float(fitted.params_[p]) for p in ["p", "q", "v"]])
    return out


def with_parcours(customers):
    """Seconds and parameters by model, from the benchmark."""
    with tempfile.TemporaryDirectory() as folder:
        table = pa.table({
            "x": pa.array(customers["x"], pa.int32()), "t_x": pa.array(customers["t_x"], pa.float64()),
            "t": pa.array(customers["t"], pa.float64()), "mean": pa.array(customers["mean"], pa.float64()),
        })
        pq.write_table(table, os.path.join(folder, "customers.parquet"))
        run = subprocess.run(
            ["go", "test", "./report/clv", "-run", "^$", "-bench", "^BenchmarkCompare$"], cwd=ROOT, text=True,
            capture_output=True, env={**os.environ, "PARCOURS_COMPARE": folder})
        if run.returncode != 0:
            sys.exit(run.stdout + run.stderr)
        times = dict(re.findall(r"^BenchmarkCompare/(\S+?)(?:-\d+)?\s+\d+\s+(\S+) ns/op", run.stdout, re.M))
        params = json.load(open(os.path.join(folder, "parcours.json")))
        return {name: (float(times[name]) / 1e9, params[name]) for name in params}


def log_likelihood(name, customers, params):
    """By lifetimes, for parameters of either."""
    if params is None:
        return float("nan")
    logs, n = np.log(params), len(customers)
    if name == "gamma-gamma":
        some = customers[(customers["x"] > 0) & (customers["mean"] > 0)]
        ones = np.ones(len(some))
        return -len(some) * lifetimes.GammaGammaFitter._negative_log_likelihood(
            logs, some["x"].values, some["mean"].values, ones, 0)
    x, t_x, t = (customers[c].values for c in ["x", "t_x", "t"])
    if name == "pareto-nbd":  # takes the parameters themselves, and does not divide by the number of customers
        return -MODELS[name][0]._negative_log_likelihood(np.array(params), x, t_x, t, np.ones(n), 0)
    return -n * MODELS[name][0]._negative_log_likelihood(logs, x, t_x, t, np.ones(n), 0)


def compare(title, customers):
    cells = len(customers.drop_duplicates(["x", "t_x", "t"]))
    print(f"\n{title}: {len(customers):,} customers, {int((customers['x'] > 0).sum()):,} repeaters, {cells:,} cells")
    ours, rows, cellwise = with_parcours(customers), with_lifetimes(customers, False), with_lifetimes(customers, True)
    print(f"{'model':<12}{'parcours s':>12}{'lifetimes s':>13}{'ratio':>8}{'weighted* s':>13}{'ratio*':>8}"
          f"{'LL parcours':>18}{'LL lifetimes':>18}{'LL weighted*':>18}")
    total = np.zeros(3)
    for name, (seconds, params) in ours.items():
        theirs, star = rows[name], cellwise.get(name, (float("nan"), None))
        total += [seconds, theirs[0], star[0] if star[1] else theirs[0]]
        print(f"{name:<12}{seconds:>12.4f}{theirs[0]:>13.3f}{theirs[0] / seconds:>8.0f}{star[0]:>13.3f}"
              f"{star[0] / seconds:>8.0f}{log_likelihood(name, customers, params):>18.4f}"
              f"{log_likelihood(name, customers, theirs[1]):>18.4f}{log_likelihood(name, customers, star[1]):>18.4f}")
        print(f"{'':<12}parcours  {' '.join(f'{p:.6g}' for p in params)}")
        if theirs[1]:
            print(f"{'':<12}lifetimes {' '.join(f'{p:.6g}' for p in theirs[1])}")
    print(f"{'all':<12}{total[0]:>12.4f}{total[1]:>13.3f}{total[1] / total[0]:>8.0f}{total[2]:>13.3f}{total[2] / total[0]:>8.0f}")


if __name__ == "__main__":
    np.random.seed(1)  # lifetimes starts the Pareto/NBD at random
    compare("CDNOW sample", cdnow())
    for count in [int(a) for a in sys.argv[1:]] or [20_000, 200_000]:
        compare(f"simulated {count}", simulated(count))
