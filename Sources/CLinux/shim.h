// System calls that Swift's Glibc module doesn't show, as functions that answer 0 or a negated errno.
#pragma once
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <unistd.h>

static inline int fleet_result(long value) { return value < 0 ? -errno : (int)value; }

/// A descriptor that becomes readable when the process ends (pidfd_open(2), Linux 5.3).
static inline int fleet_pidfd_open(pid_t pid) { return fleet_result(syscall(434, pid, 0)); }

/// Closes every descriptor from `first` on (close_range(2), or one by one before Linux 5.9).
static inline void fleet_close_from(int first) {
    if (syscall(436, (unsigned)first, ~0u, 0u) == 0) return;
    long limit = sysconf(_SC_OPEN_MAX);
    for (long descriptor = first; descriptor < (limit > 0 ? limit : 65536); descriptor++) close((int)descriptor);
}

/// A pipe whose ends are close-on-exec: read end first.
static inline int fleet_pipe(int *ends) { return fleet_result(syscall(SYS_pipe2, ends, 02000000)); }

/// Whether the kernel counts its clock as synchronised (adjtimex(2)); a sandbox that forbids the question gets a yes.
static inline int fleet_clock_is_synchronised(void) {
    struct timex state = {0};
    return adjtimex(&state) != TIME_ERROR;
}

/// At most so many heaps for all threads together (mallopt(3)); only before the second thread.
static inline void fleet_limit_arenas(int count) { mallopt(M_ARENA_MAX, count); }

/// Limits for good; CPU time ends with SIGXCPU, and a second later with SIGKILL (setrlimit(2)).
static inline int fleet_set_limit(int resource, uint64_t value) {
    struct rlimit limit = {value, resource == RLIMIT_CPU ? value + 1 : value};
    return fleet_result(setrlimit((__rlimit_resource_t)resource, &limit));
}

enum fleet_limit {
    FLEET_LIMIT_CPU = RLIMIT_CPU,
    FLEET_LIMIT_FILE_SIZE = RLIMIT_FSIZE,
    FLEET_LIMIT_CORE = RLIMIT_CORE,
    FLEET_LIMIT_DESCRIPTORS = RLIMIT_NOFILE,
    FLEET_LIMIT_MEMORY = RLIMIT_AS,
};
