"""Runs one engine of the comparison once, over the files of the fixture, and prints what it took as a line of JSON.

The answer (totals, the matrix of cohorts by month, the table of scores) goes to a file in the form that the embedded engine
writes too. "expert" is the fastest SQL that was found for DuckDB; "plain" is what most analysts would write; "chdb" and
"polars" are the same idea as "expert" in the idiom of each engine. "exact" is no candidate: it computes in integers, with the
definitions of parcours, what the embedded engine must find.
"""

import argparse
import json
import math
import resource
import time

DAY = 86_400_000_000
CUTS = (0.2, 0.4, 0.6, 0.8)

# No date_trunc, which costs more than all else: a calendar of days is joined instead. One group per customer and month; the
# distinct days in it are bits that are counted.
EXPERT = [
    """CREATE TEMP TABLE calendar AS
SELECT (epoch_us(t) // 86400000000)::INTEGER             AS day_no,
       ((year(t) - 2023) * 12 + month(t) - 1)::INTEGER   AS month_no,
       1::BIGINT << day(t)::INTEGER                      AS day_bit
FROM range(TIMESTAMP '2023-01-01', TIMESTAMP '2026-01-01', INTERVAL 1 DAY) AS r(t)""",
    """CREATE TEMP TABLE customer_month AS
SELECT o.{key} AS customer, c.month_no,
       min(o.ordered_at) AS first_at, max(o.ordered_at) AS last_at,
       sum(o.amount) AS revenue, count(*) AS orders,
       bit_count(bit_or(c.day_bit)) AS days
FROM read_parquet('{files}') AS o
JOIN calendar AS c ON c.day_no = (epoch_us(o.ordered_at) // 86400000000)::INTEGER
GROUP BY o.{key}, c.month_no""",
    """CREATE TEMP TABLE customer AS
SELECT customer, min(month_no) AS cohort, min(first_at) AS first_at, max(last_at) AS last_at,
       sum(revenue) AS revenue, sum(orders) AS orders, sum(days) AS days
FROM customer_month GROUP BY customer""",
]
EXPERT_MATRIX = """SELECT u.cohort, m.month_no, count(*) AS customers, sum(m.revenue) AS revenue
FROM customer_month AS m JOIN customer AS u USING (customer)
GROUP BY u.cohort, m.month_no ORDER BY u.cohort, m.month_no"""

RFM = """WITH cuts AS (
  SELECT quantile_disc(last_at, [0.2, 0.4, 0.6, 0.8]) AS r,
         quantile_disc(orders,  [0.2, 0.4, 0.6, 0.8]) AS f,
         quantile_disc(revenue, [0.2, 0.4, 0.6, 0.8]) AS m
  FROM customer)
SELECT 1 + (last_at >= cuts.r[1])::INT + (last_at >= cuts.r[2])::INT + (last_at >= cuts.r[3])::INT + (last_at >= cuts.r[4])::INT AS r5,
       1 + (orders  >= cuts.f[1])::INT + (orders  >= cuts.f[2])::INT + (orders  >= cuts.f[3])::INT + (orders  >= cuts.f[4])::INT AS f5,
       1 + (revenue >= cuts.m[1])::INT + (revenue >= cuts.m[2])::INT + (revenue >= cuts.m[3])::INT + (revenue >= cuts.m[4])::INT AS m5,
       count(*) AS customers
FROM customer, cuts GROUP BY r5, f5, m5"""
TOTALS = "SELECT count(*), sum(orders), sum(days) FROM customer"

PLAIN = [
    """CREATE TEMP TABLE customer_day AS
SELECT {key} AS customer, ordered_at::DATE AS day, min(ordered_at) AS first_at, max(ordered_at) AS last_at,
       count(*) AS orders, sum(amount) AS revenue
FROM read_parquet('{files}') GROUP BY ALL""",
    """CREATE TEMP TABLE customer AS
SELECT customer, date_trunc('month', min(day)) AS cohort, min(first_at) AS first_at, max(last_at) AS last_at,
       sum(orders) AS orders, sum(revenue) AS revenue, count(*) AS days
FROM customer_day GROUP BY customer""",
]
PLAIN_MATRIX = """SELECT (year(cohort) - 2023) * 12 + month(cohort) - 1, (year(m) - 2023) * 12 + month(m) - 1, customers, revenue
FROM (SELECT cohort, date_trunc('month', day) AS m, count(DISTINCT customer) AS customers, sum(d.revenue) AS revenue
      FROM customer_day AS d JOIN customer USING (customer) GROUP BY ALL)"""

# groupBitOr of the day of the month; the months of a customer stay together as an array, which saves the join.
CHDB = [
    """CREATE TABLE customer ENGINE = Memory AS
SELECT customer, min(month) AS cohort, min(first_at) AS first_at, max(last_at) AS last_at, sum(n) AS orders, sum(amount) AS revenue,
       sum(days) AS days, groupArray((month, amount)) AS months
FROM (
  SELECT {key} AS customer, toUInt16(toRelativeMonthNum(ordered_at) - 24277) AS month, min(ordered_at) AS first_at,
         max(ordered_at) AS last_at, sum(o.amount) AS amount, count() AS n,
         bitCount(groupBitOr(bitShiftLeft(toUInt32(1), toDayOfMonth(ordered_at)))) AS days
  FROM file('{files}', Parquet) AS o GROUP BY customer, month)
GROUP BY customer""",
]
CHDB_MATRIX = """SELECT cohort, m.1 AS month, count(), sum(m.2) FROM customer ARRAY JOIN months AS m
GROUP BY cohort, month ORDER BY cohort, month"""
CHDB_RFM = """WITH
  (SELECT quantilesExact(0.2, 0.4, 0.6, 0.8)(last_at) FROM customer) AS r,
  (SELECT quantilesExact(0.2, 0.4, 0.6, 0.8)(orders) FROM customer) AS f,
  (SELECT quantilesExact(0.2, 0.4, 0.6, 0.8)(revenue) FROM customer) AS m
SELECT 1 + (last_at >= r[1]) + (last_at >= r[2]) + (last_at >= r[3]) + (last_at >= r[4]) AS r5,
       1 + (orders  >= f[1]) + (orders  >= f[2]) + (orders  >= f[3]) + (orders  >= f[4]) AS f5,
       1 + (revenue >= m[1]) + (revenue >= m[2]) + (revenue >= m[3]) + (revenue >= m[4]) AS m5,
       count()
FROM customer GROUP BY r5, f5, m5"""


def cents(value):
    """The sum of doubles of one cell of the matrix is off by far less than half a cent; that of all orders may be off by more."""
    return round(value * 100)


def answer(totals, matrix, rfm):
    customers, orders, days = totals
    matrix = sorted([int(c), int(m), int(n), cents(v)] for c, m, n, v in matrix)
    return {
        "customers": int(customers), "orders": int(orders), "cents": sum(row[3] for row in matrix), "customer_days": int(days),
        "matrix": matrix,
        "rfm": sorted([int(r), int(f), int(m), int(n)] for r, f, m, n in rfm),
    }


def connect(duckdb, args):
    con = duckdb.connect()
    con.execute(f"SET threads = {args.threads}")
    con.execute("SET preserve_insertion_order = false")
    con.execute("SET TimeZone = 'UTC'")
    return con


def run_duckdb(duckdb, args, setup, matrix):
    con = connect(duckdb, args)
    names = {"key": args.key, "files": args.files}
    for statement in setup:
        con.execute(statement.format(**names))
    rows = con.execute(matrix).fetchall()
    rfm = con.execute(RFM).fetchall()
    return lambda: answer(con.execute(TOTALS).fetchone(), rows, rfm)


def run_chdb(session, args):
    s = session.Session()

    def rows(sql):
        return [json.loads(line) for line in s.query(sql, "JSONCompactEachRow").bytes().splitlines()]

    s.query(f"SET max_threads = {args.threads}, session_timezone = 'UTC', output_format_json_quote_64bit_integers = 0")
    for statement in CHDB:
        s.query(statement.format(key=args.key, files=args.files))
    matrix, rfm = rows(CHDB_MATRIX), rows(CHDB_RFM)
    return lambda: answer(rows(TOTALS)[0], matrix, rfm)


def run_polars(pl, args):
    at = pl.col("ordered_at")
    months = (
        pl.scan_parquet(args.files)
        .select(
            pl.col(args.key).alias("customer"), at, pl.col("amount"),
            ((at.dt.year() - 2023) * 12 + at.dt.month() - 1).cast(pl.Int16).alias("month"),
            pl.lit(2).cast(pl.Int64).pow(at.dt.day().cast(pl.Int64)).alias("bit"),
        )
        .group_by("customer", "month")
        .agg(
            at.min().alias("first_at"), at.max().alias("last_at"), pl.col("amount").sum().alias("revenue"), pl.len().alias("orders"),
            pl.col("bit").bitwise_or().bitwise_count_ones().alias("days"),
        )
        .collect(engine="streaming")
    )
    customers = (
        months.lazy().group_by("customer")
        .agg(
            pl.col("month").min().alias("cohort"), pl.col("first_at").min(), pl.col("last_at").max(), pl.col("revenue").sum(),
            pl.col("orders").sum(), pl.col("days").sum(),
        )
        .collect(engine="streaming")
    )
    matrix = (
        months.lazy().join(customers.lazy().select("customer", "cohort"), on="customer")
        .group_by("cohort", "month").agg(pl.len(), pl.col("revenue").sum()).collect(engine="streaming")
    )

    def score(name):
        ordered = customers[name].sort()
        cuts = [ordered[math.ceil(q * len(ordered)) - 1] for q in CUTS]
        return sum((pl.col(name) >= pl.lit(c, dtype=ordered.dtype)).cast(pl.Int8) for c in cuts) + 1

    rfm = (
        customers.lazy().select(score("last_at").alias("r"), score("orders").alias("f"), score("revenue").alias("m"))
        .group_by("r", "f", "m").agg(pl.len()).collect(engine="streaming")
    )
    totals = customers.select(pl.len(), pl.col("orders").sum(), pl.col("days").sum())
    return lambda: answer(totals.row(0), matrix.iter_rows(), rfm.iter_rows())


def run_exact(duckdb, args):
    """The definitions of parcours: money in cents, recency in days, quantiles of type 7, a score counts the cuts below."""
    con = connect(duckdb, args)
    con.execute(EXPERT[0])
    con.execute(
        f"""CREATE TEMP TABLE customer_month AS
SELECT o.{args.key} AS customer, c.month_no, max(c.day_no) AS last_day, sum((o.amount_dec * 100)::BIGINT)::BIGINT AS cents,
       count(*) AS orders, bit_count(bit_or(c.day_bit)) AS days
FROM read_parquet('{args.files}') AS o
JOIN calendar AS c ON c.day_no = (epoch_us(o.ordered_at) // {DAY})::INTEGER GROUP BY ALL"""
    )
    con.execute(
        """CREATE TEMP TABLE customer AS
SELECT customer, min(month_no) AS cohort, max(last_day) AS last_day, sum(cents)::BIGINT AS cents, sum(orders)::BIGINT AS orders,
       sum(days)::BIGINT AS days FROM customer_month GROUP BY customer"""
    )
    matrix = con.execute(
        """SELECT cohort, month_no, count(*), sum(m.cents)::BIGINT FROM customer_month AS m JOIN customer USING (customer)
GROUP BY ALL ORDER BY ALL"""
    ).fetchall()
    totals = con.execute("SELECT count(*), sum(orders), sum(cents), sum(days) FROM customer").fetchone()
    columns = con.execute("SELECT last_day::BIGINT AS last_day, orders, cents FROM customer").fetchnumpy()
    return lambda: {
        "customers": totals[0], "orders": int(totals[1]), "cents": int(totals[2]), "customer_days": int(totals[3]),
        "matrix": [list(map(int, row)) for row in matrix], "rfm": exact_rfm(columns),
    }


def exact_rfm(columns):
    import numpy as np

    def below(values):
        """The number of type-7 quantiles below each value, in integers: cuts and values are multiplied by five."""
        ordered, n = np.sort(values), np.zeros(len(values), dtype=np.int64)
        for k in range(1, 5):
            low, rest = divmod((len(ordered) - 1) * k, 5)
            cut = 5 * int(ordered[low])
            if rest:
                cut += rest * (int(ordered[low + 1]) - int(ordered[low]))
            n += values * 5 > cut
        return n

    recency = columns["last_day"].max() - columns["last_day"]
    r, f, m = 5 - below(recency), 1 + below(columns["orders"]), 1 + below(columns["cents"])
    cells, counts = np.unique(r * 100 + f * 10 + m, return_counts=True)
    return [[int(c) // 100, int(c) // 10 % 10, int(c) % 10, int(n)] for c, n in zip(cells, counts)]


def load(engine):
    """Imports the library of an engine and returns its version and how to run it."""
    if engine == "chdb":
        import chdb
        from chdb import session
        return f"chDB {chdb.__version__}", lambda args: run_chdb(session, args)
    if engine == "polars":
        import polars
        return f"Polars {polars.__version__}", lambda args: run_polars(polars, args)
    import duckdb
    run = {
        "expert": lambda args: run_duckdb(duckdb, args, EXPERT, EXPERT_MATRIX),
        "plain": lambda args: run_duckdb(duckdb, args, PLAIN, PLAIN_MATRIX),
        "exact": lambda args: run_exact(duckdb, args),
    }[engine]
    return f"DuckDB {duckdb.__version__}", run


def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("engine", choices=["expert", "plain", "chdb", "polars", "exact"])
    p.add_argument("--files", required=True, help="glob of Parquet files")
    p.add_argument("--key", default="customer_id")
    p.add_argument("--threads", type=int, required=True)
    p.add_argument("--answer", help="file for the answer")
    args = p.parse_args()
    version, run = load(args.engine)
    before, start = cpu(), time.perf_counter()
    result = run(args)
    wall = time.perf_counter() - start
    used = cpu() - before
    if args.answer:
        with open(args.answer, "w") as f:
            json.dump(result(), f)
    print(json.dumps({"version": version, "wall": wall, "cpu": used, "before": before}))


if __name__ == "__main__":
    main()
