// Threads, wakeups and file system calls of Linux that Swift's Glibc module does not show.
#pragma once

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <sys/eventfd.h>
#include <linux/fs.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// eventfd(2), close-on-exec and non-blocking.
static inline int fleet_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

// Names the calling thread, at most 15 bytes (prctl(2), PR_SET_NAME).
static inline void fleet_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

// renameat2(2) with RENAME_NOREPLACE: an existing target is EEXIST.
static inline int fleet_rename_noreplace(int from_directory, const char *from, int to_directory, const char *to) {
    return (int)syscall(SYS_renameat2, from_directory, from, to_directory, to, RENAME_NOREPLACE);
}

// renameat2(2) with RENAME_EXCHANGE: each takes the other's name at once.
static inline int fleet_rename_exchange(int directory, const char *one, const char *other) {
    return (int)syscall(SYS_renameat2, directory, one, directory, other, RENAME_EXCHANGE);
}

// syncfs(2) of the file system that holds the descriptor.
static inline int fleet_syncfs(int descriptor) { return (int)syscall(SYS_syncfs, descriptor); }
