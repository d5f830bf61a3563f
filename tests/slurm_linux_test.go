package tests

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// slurmPatience is how long each thing may take that a Slurm of one node does, on a machine that
// does much else.
const slurmPatience = 2 * time.Minute

// slurmConfig is a Slurm of one node, as the user who runs the test. The node has six CPUs, of
// which each of three tasks wants two, so that they run at once wherever the test does.
const slurmConfig = `ClusterName=sdtlab
SlurmctldHost=%[1]s(127.0.0.1)
SlurmctldPort=%[2]d
SlurmdPort=%[3]d
SlurmUser=%[4]d
SlurmdUser=%[4]d
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=%[5]s/munge.socket,cred_expire=5
StateSaveLocation=%[5]s/state
SlurmdSpoolDir=%[5]s/spool
SlurmctldPidFile=%[5]s/slurmctld.pid
SlurmdPidFile=%[5]s/slurmd.pid
SlurmctldLogFile=%[5]s/slurmctld.log
SlurmdLogFile=%[5]s/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
ReturnToService=2
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SchedulerParameters=sched_interval=1,bf_interval=1
SlurmdParameters=config_overrides
NodeName=%[1]s NodeAddr=127.0.0.1 CPUs=6 RealMemory=24576
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`

// slurm is a Slurm of one node in a folder of its own.
type slurm struct {
	dir   string
	env   []string    // by which its commands find it
	ended chan string // daemons that have ended
}

// startSlurm starts munged, slurmctld and slurmd, which end with the test. It skips the test where
// they are not installed, or where only root can run them.
func startSlurm(t *testing.T) slurm {
	t.Helper()
	programs := map[string]string{}
	for _, name := range []string{"mungekey", "munged", "slurmctld", "slurmd", "sbatch", "scancel", "scontrol", "sinfo"} {
		path, err := exec.LookPath(name)
		if err != nil {
			path, err = exec.LookPath(filepath.Join("/usr/sbin", name)) // which is not on everybody's PATH
		}
		if err != nil {
			t.Skipf("%s: no %s: ./tests/setup installs it", t.Name(), name)
		}
		programs[name] = path
	}
	dir, err := os.MkdirTemp("", "slurm") // a short path, as that of a socket must be
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	for _, folder := range []string{"state", "spool"} {
		if err := os.Mkdir(filepath.Join(dir, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	host, _, _ = strings.Cut(host, ".")
	ports := freePorts(t, 2)
	config := filepath.Join(dir, "slurm.conf")
	if err := os.WriteFile(config, fmt.Appendf(nil, slurmConfig, host, ports[0], ports[1], os.Getuid(), dir), 0o644); err != nil {
		t.Fatal(err)
	}
	s := slurm{dir, []string{"SLURM_CONF=" + config}, make(chan string, 3)}
	at := func(name string) string { return filepath.Join(dir, name) }
	command(t.Context(), dir, nil, programs["mungekey"], "--create", "--keyfile="+at("munge.key")).must(t)
	s.daemon(t, programs["munged"], "--foreground", "--force", "--key-file="+at("munge.key"), "--socket="+at("munge.socket"),
		"--pid-file="+at("munge.pid"), "--log-file="+at("munge.log"), "--seed-file="+at("munge.seed"))
	s.await(t, "socket of munged", func() bool { _, err := os.Stat(at("munge.socket")); return err == nil })
	s.daemon(t, programs["slurmctld"], "-D", "-f", config)
	s.daemon(t, programs["slurmd"], "-D", "-f", config)
	s.await(t, "idle node", func() bool {
		return strings.TrimSpace(s.run(t, "sinfo", "--noheader", "--format=%T").stdout) == "idle"
	})
	return s
}

// freePorts returns ports on which nothing listens.
func freePorts(t *testing.T, n int) (ports []int) {
	t.Helper()
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports
}

// daemon starts a program that ends with the test, also if that is killed.
func (s slurm) daemon(t *testing.T, program string, args ...string) {
	t.Helper()
	c := exec.Command(program, args...)
	c.Dir, c.Env = s.dir, append(os.Environ(), s.env...)
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	waited := make(chan struct{})
	go func() {
		c.Wait()
		s.ended <- program
		close(waited)
	}()
	t.Cleanup(func() {
		c.Process.Signal(syscall.SIGTERM)
		late := time.AfterFunc(20*time.Second, func() { c.Process.Kill() })
		<-waited
		late.Stop()
	})
}

// run runs a command of this Slurm.
func (s slurm) run(t *testing.T, name string, args ...string) said {
	t.Helper()
	return command(t.Context(), checkout(t), s.env, name, args...)
}

// await waits for something. If it does not come, or a daemon ends, it ends the test with what the
// logs say; it skips it if the user is not root, whom a system may not let run these daemons.
func (s slurm) await(t *testing.T, what string, is func() bool) {
	t.Helper()
	late := time.After(slurmPatience)
	for !is() {
		why := ""
		select {
		case <-time.After(50 * time.Millisecond):
			continue
		case <-late:
			why = fmt.Sprintf("%v have passed", slurmPatience)
		case program := <-s.ended:
			why = program + " has ended"
		}
		var logs bytes.Buffer
		files, _ := filepath.Glob(filepath.Join(s.dir, "*.log"))
		for _, file := range files {
			text, _ := os.ReadFile(file)
			fmt.Fprintf(&logs, "%s\n%s\n", file, text[max(0, len(text)-2000):])
		}
		if os.Getuid() != 0 {
			t.Skipf("%s: %s, and this user is not root: no %s:\n%s", t.Name(), why, what, &logs)
		}
		t.Fatalf("%s: no %s:\n%s", why, what, &logs)
	}
}

// TestSlurm submits docker/array.slurm to a real Slurm, as it is. The three tasks run at once; one
// is killed with SIGKILL when it has a cell, and requeued. They leave the table of one run, which
// the last of them prints.
func TestSlurm(t *testing.T) {
	if testing.Short() {
		t.Skipf("%s: trains networks", t.Name())
	}
	s := startSlurm(t)
	data, want := clusterTable(t)
	runs, said, scratch := t.TempDir(), t.TempDir(), t.TempDir()
	s.env = append(s.env, "TABLE="+clusterFlags, "RUNS="+runs, "SDT_DATA="+data, "TMPDIR="+scratch)
	job := strings.TrimSpace(s.run(t, "sbatch", "--parsable", "--output="+filepath.Join(said, "%a.out"), "--error="+filepath.Join(said, "%a.err"), "docker/array.slurm").must(t).stdout)
	t.Cleanup(func() { // while the daemons are still there
		command(context.Background(), s.dir, s.env, "scancel", job)
	})
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join(said, name))
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		return string(text)
	}
	show := func(task string) string { return s.run(t, "scontrol", "show", "job", job+"_"+task).must(t).stdout }

	const cells = 6 // of each task
	s.await(t, "cell of task 1", func() bool { return strings.Contains(read("1.err"), "amazon→dslr, trial ") })
	killProgram(t, filepath.Join(scratch, "reproduce-1"))
	s.await(t, "end of task 1", func() bool { return strings.Contains(show("1"), "JobState=FAILED") })
	before := strings.Count(read("1.err"), "amazon→dslr, trial ")
	if before == cells {
		t.Fatalf("task 1 had all of its cells when it was killed:\n%s", read("1.err"))
	}
	s.run(t, "scontrol", "requeue", job+"_1").must(t)
	for _, task := range []string{"0", "1", "2"} {
		s.await(t, "end of task "+task, func() bool { return strings.Contains(show(task), "JobState=COMPLETED") })
	}
	if after := strings.Count(read("1.err"), "amazon→dslr, trial "); !strings.Contains(show("1"), " Restarts=1 ") || after != before+cells {
		t.Errorf("task 1 was not started again and done, but has %d cells more than %d:\n%s\n%s", after-before, before, show("1"), read("1.err"))
	}
	tables := 0
	for _, name := range []string{"0.out", "1.out", "2.out"} {
		if text := read(name); text == want {
			tables++
		} else if text != "" {
			t.Errorf("%s says\n%s\none run\n%s", name, text, want)
		}
	}
	if tables == 0 {
		t.Error("no task prints the table")
	}
	if got := oneRun(t, data, runs, "-report", "markdown"); got != want {
		t.Errorf("the three leave\n%s\none run\n%s", got, want)
	}
}

// killProgram sends SIGKILL to the process that executes the file at path.
func killProgram(t *testing.T, path string) {
	t.Helper()
	links, err := filepath.Glob("/proc/[0-9]*/exe")
	if err != nil {
		t.Fatal(err)
	}
	for _, link := range links {
		if to, err := os.Readlink(link); err != nil || to != path {
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(link)))
		if err != nil {
			t.Fatal(err)
		}
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Fatalf("no process executes %s", path)
}
