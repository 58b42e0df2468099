# Development commands. `make test` is what continuous integration runs.
.PHONY: build test demo fuzz generate bench-clv bench-engine

build:
	CGO_ENABLED=0 go build -trimpath -o parcours ./cmd/parcours

test:
	./.ci/run

# The committed data of the demonstration project, made again from its seed.
demo:
	go run ./cmd/parcours demo --force .

# Long fuzzing, by hand: make fuzz TIME=10m
TIME ?= 5m
fuzz:
	./.ci/fuzz $(TIME)

# Fits of every lifetime-value model to 20,000 and 400,000 cells, and 200 bootstrap draws. See also
# report/clv/compare_lifetimes.py and, for recovery over many more simulated shops, PARCOURS_LONG=1 in its tests.
bench-clv:
	go test ./report/clv/estimate ./report/clv/btyd -run '^$$' -bench 'Resample|Fit|Evaluation|Bootstrap|All' -benchtime 1x

# The embedded engine against DuckDB, ClickHouse and Polars on the same files: internal/enginebench/README.md. For example
# make bench-engine ROWS=100000000, make bench-engine CASES=zstd-int,zstd-uuid ARGS="--runs 5".
ROWS ?= 20000000
bench-engine:
	python3 internal/enginebench/compare.py --rows $(ROWS) $(if $(CASES),--cases $(CASES)) $(ARGS)
