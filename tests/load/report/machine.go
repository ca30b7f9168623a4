package report

import (
	"context"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/lintel-id/lintel/tests/load/process"
)

// Machine says where and when figures were taken, without which they say nothing.
type Machine struct {
	Date     string  `json:"date"`
	Commit   string  `json:"commit"`
	Changed  bool    `json:"changed"` // files differ from the commit
	Go       string  `json:"go"`
	System   string  `json:"system"`
	Kernel   string  `json:"kernel"`
	CPU      string  `json:"cpu"`
	Cores    int     `json:"cores"`
	MemoryMB int     `json:"memory_mb"`
	Load     float64 `json:"load_before"` // how busy it was before we began
}

// Describe looks at this machine.
func Describe(ctx context.Context) Machine {
	m := Machine{
		Date: time.Now().UTC().Format(time.RFC3339), Go: runtime.Version(),
		System: runtime.GOOS + "/" + runtime.GOARCH, CPU: process.Field("/proc/cpuinfo", "model name"), Cores: runtime.NumCPU(),
	}
	if kilobytes, err := strconv.Atoi(strings.TrimSuffix(process.Field("/proc/meminfo", "MemTotal"), " kB")); err == nil {
		m.MemoryMB = kilobytes >> 10
	}
	if kernel, err := os.ReadFile("/proc/sys/kernel/osrelease"); err == nil {
		m.Kernel = strings.TrimSpace(string(kernel))
	}
	if load, err := os.ReadFile("/proc/loadavg"); err == nil {
		first, _, _ := strings.Cut(string(load), " ")
		m.Load, _ = strconv.ParseFloat(first, 64)
	}
	if commit, err := exec.CommandContext(ctx, "git", "rev-parse", "--short=12", "HEAD").Output(); err == nil {
		m.Commit = strings.TrimSpace(string(commit))
	}
	if changes, err := exec.CommandContext(ctx, "git", "status", "--porcelain").Output(); err == nil {
		m.Changed = len(changes) > 0
	}
	return m
}
