//go:build !linux

package doctor

func freeSpace(string) (bytes uint64, known bool) { return 0, false }

func fileLimit() (files uint64, known bool) { return 0, false }

func machineMemory() (bytes uint64, known bool) { return 0, false }
