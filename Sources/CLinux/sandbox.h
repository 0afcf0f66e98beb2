// What a process gives up before it reads bytes that others made. Each step answers 0 or a negated errno.
#pragma once
#include "shim.h"
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>

static inline int fleet_no_new_privileges(void) { return fleet_result(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)); }
static inline int fleet_not_dumpable(void) { return fleet_result(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)); }
static inline int fleet_die_with_parent(void) { return fleet_result(prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)); }

/// Makes the directory this process's root, for good: only with CAP_SYS_CHROOT.
static inline int fleet_enter_root(int directory) {
    if (fchdir(directory) != 0) return -errno;
    return fleet_result(chroot("."));
}

/// Empties all capability sets; a user without any has nothing to drop and succeeds.
static inline int fleet_drop_capabilities(void) {
    for (int capability = 0; capability < 64; capability++) prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    struct { uint32_t version; int pid; } header = {0x20080522, 0};
    struct { uint32_t effective, permitted, inheritable; } data[2] = {{0, 0, 0}, {0, 0, 0}};
    return fleet_result(syscall(SYS_capset, &header, data));
}

/// Whether this process may make another: the child's id, or a negated errno. The child ends at once.
static inline int fleet_try_fork(void) {
    pid_t pid = fork();
    if (pid == 0) _exit(0);
    if (pid > 0) waitpid(pid, NULL, 0);
    return fleet_result(pid);
}

/// A system call tried for its answer: its result, or a negated errno.
static inline int fleet_try_call(long number, long first, long second, long third) {
    return fleet_result(syscall(number, first, second, third, 0, 0, 0));
}

/// Whether this process may take capabilities back that it has dropped: 0, or a negated errno.
static inline int fleet_try_capabilities(void) {
    struct { uint32_t version; int pid; } header = {0x20080522, 0};
    struct { uint32_t effective, permitted, inheritable; } data[2] = {{~0u, ~0u, 0}, {0, 0, 0}};
    return fleet_result(syscall(SYS_capset, &header, data));
}

enum fleet_tree_access { FLEET_TREE_NONE = 0, FLEET_TREE_READ = 1, FLEET_TREE_CREATE = 2 };

// The numbers of linux/landlock.h up to ABI 6; Debian's headers know only the first.
enum {
    FLEET_LANDLOCK_WRITE_FILE = 1 << 1,
    FLEET_LANDLOCK_READ_FILE = 1 << 2,
    FLEET_LANDLOCK_READ_DIRECTORY = 1 << 3,
    FLEET_LANDLOCK_MAKE_DIRECTORY = 1 << 7,
    FLEET_LANDLOCK_MAKE_FILE = 1 << 8,
    FLEET_LANDLOCK_MAKE_LINK = 1 << 12,
    FLEET_LANDLOCK_REFER = 1 << 13,
};

/// The version of Landlock's interface, or a negated errno where the kernel, or a filter, has none (landlock(7)).
static inline int fleet_landlock_version(void) { return fleet_result(syscall(444, NULL, 0, 1)); }

/// Leaves only `directory`, and there only what `access` says; without a directory no path can be opened at all.
///
/// Binds the calling thread, so it must run before any other exists (landlock(7)).
static inline int fleet_landlock(int directory, enum fleet_tree_access access) {
    const long create_ruleset = 444, add_rule = 445, restrict_self = 446;
    int version = fleet_landlock_version();
    if (version < 0) return version;
    uint64_t handled = version >= 5 ? 0xffff : version >= 3 ? 0x7fff : version == 2 ? 0x3fff : 0x1fff;
    struct { uint64_t files, network, scopes; } rules = {handled, 3, 3};
    int ruleset = (int)syscall(create_ruleset, &rules, version >= 6 ? 24 : version >= 4 ? 16 : 8, 0);
    if (ruleset < 0) return -errno;
    uint64_t allowed = FLEET_LANDLOCK_READ_FILE | FLEET_LANDLOCK_READ_DIRECTORY;
    if (access == FLEET_TREE_CREATE)
        allowed |= FLEET_LANDLOCK_WRITE_FILE | FLEET_LANDLOCK_MAKE_DIRECTORY | FLEET_LANDLOCK_MAKE_FILE
            | FLEET_LANDLOCK_MAKE_LINK | FLEET_LANDLOCK_REFER;
    int status = 0;
    if (access != FLEET_TREE_NONE) {
        struct { uint64_t allowed; int32_t parent; } __attribute__((packed)) rule = {allowed & handled, directory};
        status = fleet_result(syscall(add_rule, ruleset, 1, &rule, 0));
    }
    if (status == 0) status = fleet_result(syscall(restrict_self, ruleset, 0));
    close(ruleset);
    return status;
}

enum fleet_calls {
    FLEET_CALLS_STREAM = 0,   // descriptors that are open already
    FLEET_CALLS_FILES = 1,    // and paths beneath an open directory
    FLEET_CALLS_THREADS = 2,  // and threads of this process
};

#if defined(__x86_64__)
#define FLEET_AUDIT_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define FLEET_AUDIT_ARCH AUDIT_ARCH_AARCH64
#endif

struct fleet_filter {
    struct sock_filter code[256];
    unsigned short length;
};

static inline void fleet_filter_add(struct fleet_filter *filter, uint16_t code, uint8_t yes, uint8_t no, uint32_t k) {
    filter->code[filter->length++] = (struct sock_filter){code, yes, no, k};
}

static inline void fleet_filter_answer(struct fleet_filter *filter, long call, uint32_t answer) {
    fleet_filter_add(filter, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, (uint32_t)call);
    fleet_filter_add(filter, BPF_RET | BPF_K, 0, 0, answer);
}

/// Allows a call only where its argument, masked, has the value; `call` must be loaded, and is again afterwards.
static inline void fleet_filter_allow_argument(
    struct fleet_filter *filter, long call, int argument, uint32_t mask, uint32_t value) {
    const uint32_t low = (uint32_t)(offsetof(struct seccomp_data, args) + 8 * (size_t)argument);
    fleet_filter_add(filter, BPF_JMP | BPF_JEQ | BPF_K, 0, 5, (uint32_t)call);
    fleet_filter_add(filter, BPF_LD | BPF_W | BPF_ABS, 0, 0, low);
    fleet_filter_add(filter, BPF_ALU | BPF_AND | BPF_K, 0, 0, mask);
    fleet_filter_add(filter, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, value);
    fleet_filter_add(filter, BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW);
    fleet_filter_add(filter, BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr));
}

/// Leaves only the listed system calls; any other answers EPERM, a foreign architecture ends the process.
static inline int fleet_seccomp(int calls) {
#ifndef FLEET_AUDIT_ARCH
    return -ENOSYS;
#else
    static const long stream[] = {
        SYS_read, SYS_write, SYS_readv, SYS_writev, SYS_pread64, SYS_pwrite64, SYS_close, SYS_fstat, SYS_newfstatat,
        SYS_lseek, SYS_munmap, SYS_mremap, SYS_madvise, SYS_brk, SYS_futex, SYS_rt_sigaction, SYS_rt_sigprocmask,
        SYS_rt_sigreturn, SYS_sigaltstack, SYS_exit, SYS_exit_group, SYS_getrandom, SYS_clock_gettime,
        SYS_clock_nanosleep, SYS_gettimeofday, SYS_sched_yield, SYS_sched_getaffinity, SYS_getpid, SYS_gettid,
        SYS_set_robust_list, SYS_rseq, SYS_fcntl, SYS_sysinfo, SYS_fadvise64,
    };
    static const long files[] = {
        SYS_openat, SYS_mkdirat, SYS_symlinkat, SYS_linkat, SYS_utimensat, SYS_getdents64, SYS_readlinkat,
        SYS_ftruncate,
    };
    struct fleet_filter filter;
    filter.length = 0;
    fleet_filter_add(&filter, BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, arch));
    fleet_filter_add(&filter, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, FLEET_AUDIT_ARCH);
    fleet_filter_add(&filter, BPF_RET | BPF_K, 0, 0, SECCOMP_RET_KILL_PROCESS);
    fleet_filter_add(&filter, BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr));
    for (size_t i = 0; i < sizeof stream / sizeof *stream; i++)
        fleet_filter_answer(&filter, stream[i], SECCOMP_RET_ALLOW);
    for (size_t i = 0; (calls & FLEET_CALLS_FILES) && i < sizeof files / sizeof *files; i++)
        fleet_filter_answer(&filter, files[i], SECCOMP_RET_ALLOW);
    // Memory never becomes executable, and only this process may be signalled (abort).
    fleet_filter_allow_argument(&filter, SYS_mmap, 2, 4, 0);
    fleet_filter_allow_argument(&filter, SYS_mprotect, 2, 4, 0);
    fleet_filter_allow_argument(&filter, SYS_tgkill, 0, ~0u, (uint32_t)getpid());
    if (calls & FLEET_CALLS_THREADS) {
        // clone3 keeps its flags in memory, where a filter can't look: ENOSYS makes glibc use clone.
        fleet_filter_answer(&filter, 435, SECCOMP_RET_ERRNO | ENOSYS);
        fleet_filter_allow_argument(&filter, SYS_clone, 0, 0x00010000, 0x00010000);
    }
    fleet_filter_add(&filter, BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | EPERM);
    struct sock_fprog program = {filter.length, filter.code};
    return fleet_result(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program));
#endif
}
