# Development commands. `make test` is what continuous integration runs.
.PHONY: build test demo fuzz generate

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
