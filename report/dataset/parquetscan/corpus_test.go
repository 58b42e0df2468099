package parquetscan_test

import (
	"os"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"

	"parcours/report/dataset"
	"parcours/report/dataset/datasettest"
	"parcours/report/dataset/parquetscan"
)

var nodeOf = map[datasettest.Kind]parquet.Node{
	datasettest.Text:    parquet.Optional(parquet.String()),
	datasettest.Integer: parquet.Optional(parquet.Int(64)),
	datasettest.Real:    parquet.Optional(parquet.Leaf(parquet.DoubleType)),
	datasettest.Instant: parquet.Optional(parquet.Timestamp(parquet.Microsecond)),
}

func TestSourcePassesTheAcceptanceCorpus(t *testing.T) {
	write := func(path string, columns []datasettest.Column, rows []dataset.Row) error {
		fields := make([]field, len(columns))
		for i, c := range columns {
			fields[i] = field{name: c.Name, node: nodeOf[c.Kind]}
			for _, r := range rows {
				fields[i].values = append(fields[i].values, valueOf(r[c.Name]))
			}
		}
		return os.WriteFile(path, encode(t, fields, 50), 0o644)
	}
	datasettest.Run(t, 60, datasettest.OnDisk(".parquet", write, func() dataset.Source { return parquetscan.New(dataset.Tables{}) }))
}

func valueOf(x any) parquet.Value {
	switch x := x.(type) {
	case string:
		return parquet.ByteArrayValue([]byte(x))
	case int64:
		return parquet.Int64Value(x)
	case float64:
		return parquet.DoubleValue(x)
	case time.Time:
		return parquet.Int64Value(x.UnixMicro())
	}
	return parquet.Value{}
}
