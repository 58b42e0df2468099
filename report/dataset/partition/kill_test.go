//go:build unix

package partition_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"parcours/report/dataset/partition"
)

// TestAKilledProcessLeavesNothing runs itself as the process that is killed in the middle of its work.
func TestAKilledProcessLeavesNothing(t *testing.T) {
	const variable = "PARCOURS_TEST_SPILL_TO"
	if dir := os.Getenv(variable); dir != "" {
		pool := partition.NewPool(1, dir)
		w := partition.NewStore(pool, 2, 4).Writer()
		for i := range 100_000 {
			w.Room(i % 4)[0] = uint64(i)
		}
		fmt.Println(pool.Spilled(), "bytes written")
		select {}
	}
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), variable+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var written int64
	line, err := bufio.NewReader(out).ReadString('\n')
	if _, scanned := fmt.Sscan(line, &written); err != nil || scanned != nil || written == 0 {
		t.Errorf("the process said %q, error %v", line, err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = cmd.Wait() // killed
	empty(t, dir)
}

func TestTheFolderIsThatOfTheSystem(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	pool := partition.NewPool(1, "")
	pool.KeepName()
	w := partition.NewStore(pool, 2, 1).Writer()
	for range 100_000 {
		w.Room(0)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("files %v, error %v", entries, err)
	}
	if err := pool.Close(); err != nil {
		t.Error(err)
	}
	empty(t, dir)
}
