package tally_test

import (
	"math/rand/v2"
	"testing"

	"parcours/report/dataset"
	"parcours/report/dataset/datasettest"
)

func inMemory(t *testing.T, c datasettest.Case) dataset.Source {
	t.Helper()
	return memory{c.Rows, rand.New(rand.NewPCG(1, 2))}
}

func TestTallyPassesTheAcceptanceCorpus(t *testing.T) { datasettest.Run(t, 600, inMemory) }
