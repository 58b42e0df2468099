package report

import (
	"context"
	"errors"
	"testing"
)

func TestALongComputationIsLeftAtOnceWhenTheRunIsStopped(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	started, never := make(chan bool), make(chan int)
	go func() { <-started; stop() }()
	if _, err := abandon(ctx, func() int { started <- true; return <-never }); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	close(never)
	if v, err := abandon(t.Context(), func() int { return 7 }); v != 7 || err != nil {
		t.Errorf("got %d, %v", v, err)
	}
}
