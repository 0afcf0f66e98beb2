// One child process with exactly the descriptors it is given.
#pragma once
#include "shim.h"
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>

/// Starts `path` with `sources[i]` as its descriptor i; -1 means /dev/null.
///
/// The sources must lie above `count` and be close-on-exec. The child gets a process group of its own, default signal
/// actions and an empty signal mask. Returns the process id or a negated errno.
static inline int fleet_spawn(
    const char *path, char *const arguments[], char *const environment[], const int *sources, int count) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    for (int target = 0; target < count; target++) {
        if (sources[target] >= 0) posix_spawn_file_actions_adddup2(&actions, sources[target], target);
        else posix_spawn_file_actions_addopen(&actions, target, "/dev/null", O_RDWR, 0);
    }
    // Whatever else this process has open, close-on-exec or not, is none of the child's business.
    posix_spawn_file_actions_addclosefrom_np(&actions, count);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    pid_t pid = -1;
    int status = posix_spawn(&pid, path, &actions, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return status == 0 ? (int)pid : -status;
}

/// Blocks SIGPIPE for this thread, so that writing to a child that has ended answers EPIPE.
static inline void fleet_block_sigpipe(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

/// Waits for the child: its exit status, or 1000 + the signal that ended it, or -1 while it runs and `block` is 0.
static inline int fleet_wait(pid_t pid, int block) {
    int status = 0;
    pid_t waited;
    do waited = waitpid(pid, &status, block ? 0 : WNOHANG);
    while (waited < 0 && errno == EINTR);
    if (waited == 0) return -1;
    if (waited < 0) return 1000;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}
