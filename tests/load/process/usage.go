package process

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// ErrUntold says that this machine does not tell about its processes.
var ErrUntold = errors.New("this machine does not tell about its processes")

// ResidentMB is the memory of a process that is in memory now; ErrUntold.
func ResidentMB(pid int) (float64, error) { return statusMB(pid, "VmRSS") }

// PeakMB is the most that was; ErrUntold.
func PeakMB(pid int) (float64, error) { return statusMB(pid, "VmHWM") }

func statusMB(pid int, name string) (float64, error) {
	text := strings.TrimSuffix(Field(fmt.Sprintf("/proc/%d/status", pid), name), " kB")
	kilobytes, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, ErrUntold
	}
	return kilobytes / 1024, nil
}

// Field reads one "name: value" of a file of the kernel's; empty when there is none.
func Field(path, name string) string {
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

// clockTicks per second is what the kernel tells programs on every architecture.
const clockTicks = 100

// CPUTime is what a process has worked so far; ErrUntold.
func CPUTime(pid int) (time.Duration, error) {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, ErrUntold
	}
	return parseCPUTime(string(content))
}

// parseCPUTime adds user and system time, fields 14 and 15; the name in field 2 may
// contain anything, so counting starts behind its parenthesis.
func parseCPUTime(stat string) (time.Duration, error) {
	_, rest, ok := cutLast(stat, ")")
	fields := strings.Fields(rest)
	if !ok || len(fields) < 13 {
		return 0, ErrUntold
	}
	user, err := strconv.ParseInt(fields[11], 10, 64)
	if err != nil {
		return 0, ErrUntold
	}
	system, err := strconv.ParseInt(fields[12], 10, 64)
	if err != nil {
		return 0, ErrUntold
	}
	return time.Duration(user+system) * (time.Second / clockTicks), nil
}

func cutLast(text, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(text, sep); i >= 0 {
		return text[:i], text[i+len(sep):], true
	}
	return text, "", false
}
