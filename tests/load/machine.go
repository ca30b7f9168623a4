package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"
)

var errProc = errors.New("this machine does not tell about its processes")

// machine says where and when figures were taken, without which they say nothing.
type machine struct {
	Date     string  `json:"date"`
	Commit   string  `json:"commit"`
	Changed  bool    `json:"changed"` // files differ from the commit
	Go       string  `json:"go"`
	System   string  `json:"system"`
	CPU      string  `json:"cpu"`
	Cores    int     `json:"cores"`
	MemoryMB int     `json:"memory_mb"`
	Load     float64 `json:"load_before"` // how busy it was before we began
}

func describe(ctx context.Context) machine {
	m := machine{
		Date: time.Now().UTC().Format(time.RFC3339), Go: runtime.Version(),
		System: runtime.GOOS + "/" + runtime.GOARCH, CPU: field("/proc/cpuinfo", "model name"), Cores: runtime.NumCPU(),
	}
	if kilobytes, err := strconv.Atoi(strings.TrimSuffix(field("/proc/meminfo", "MemTotal"), " kB")); err == nil {
		m.MemoryMB = kilobytes >> 10
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

// field reads one "name: value" of a file of the kernel's.
func field(path, name string) string {
	content, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(content)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// residentMB is the memory of a process that is in memory now.
func residentMB(pid int) (float64, error) {
	text := strings.TrimSuffix(field(fmt.Sprintf("/proc/%d/status", pid), "VmRSS"), " kB")
	kilobytes, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, errProc
	}
	return kilobytes / 1024, nil
}

// clockTicks per second is what the kernel tells programs on every architecture.
const clockTicks = 100

// cpuTime is what a process has worked so far.
func cpuTime(pid int) (time.Duration, error) {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, errProc
	}
	return parseCPUTime(string(content))
}

// parseCPUTime adds user and system time, fields 14 and 15; the name in field 2 may
// contain anything, so counting starts behind its parenthesis.
func parseCPUTime(stat string) (time.Duration, error) {
	_, rest, ok := cutLast(stat, ")")
	fields := strings.Fields(rest)
	if !ok || len(fields) < 13 {
		return 0, errProc
	}
	user, err := strconv.ParseInt(fields[11], 10, 64)
	if err != nil {
		return 0, errProc
	}
	system, err := strconv.ParseInt(fields[12], 10, 64)
	if err != nil {
		return 0, errProc
	}
	return time.Duration(user+system) * (time.Second / clockTicks), nil
}

func cutLast(text, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(text, sep); i >= 0 {
		return text[:i], text[i+len(sep):], true
	}
	return text, "", false
}
