package doctor

import "syscall"

func freeSpace(dir string) (bytes uint64, known bool) {
	var found syscall.Statfs_t
	if err := syscall.Statfs(dir, &found); err != nil {
		return 0, false
	}
	return found.Bavail * uint64(found.Bsize), true
}

func fileLimit() (files uint64, known bool) {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return 0, false
	}
	return limit.Cur, true
}

func machineMemory() (bytes uint64, known bool) {
	var found syscall.Sysinfo_t
	if err := syscall.Sysinfo(&found); err != nil {
		return 0, false
	}
	return uint64(found.Totalram) * uint64(found.Unit), true //nolint:unconvert // its size differs between machines
}
