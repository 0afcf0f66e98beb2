/* A small HTTP service to deploy: says its version and its host. Good and deliberately bad releases are made from
 * this one file; see the script `build` beside it.
 *
 *   GET /          hello 1.1 from web-1
 *   GET /healthz   ok 1.1          (a release that is meant to be broken answers 500 to both)
 *   GET /metrics   how many requests for / were answered how, for Prometheus
 *
 * PORT (8080) and GREETING (hello) come from the environment. It accepts a socket from systemd (LISTEN_FDS), and tells
 * systemd when it is ready (Type=notify). SIGTERM: the request at hand is answered, then it exits. Connections that
 * wait in a socket that systemd holds are left to the next process, so a restart refuses none.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#ifndef VERSION
#error "compile with -DVERSION=\"1.0\" (see the script build)"
#endif

/* What is wrong with this release; chosen at build time, so that each fault is an artifact of its own. */
enum fault { NONE, UNHEALTHY, LATE, CRASH, CRASH_LATE, NEVER_READY, HANG, ERRORS, FEW_ERRORS, MORE_ERRORS, COMPLAINS, LEAK, BUSY };
enum { LEAKED_BYTES = 64 << 20 };
#ifndef FAULT
#define FAULT NONE
#endif

enum { FIRST_PASSED_SOCKET = 3, LATE_SECONDS = 5, CLIENT_TIMEOUT_SECONDS = 2 };

static volatile sig_atomic_t stopping;

static void stop(int signal) {
    (void)signal;
    stopping = 1;
}

static void die(const char *what) {
    fprintf(stderr, "hello: %s: %s\n", what, strerror(errno));
    exit(1);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static const char *setting(const char *name, const char *otherwise) {
    const char *value = getenv(name);
    return value && *value ? value : otherwise;
}

/* The socket that systemd passed, or one of our own. */
static int listener(void) {
    const char *passed = getenv("LISTEN_FDS");
    if (passed && atoi(passed) == 1) return FIRST_PASSED_SOCKET;

    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(setting("PORT", "8080")))};
    if (fd < 0) die("socket");
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0) die("bind");
    if (listen(fd, 128) < 0) die("listen");
    return fd;
}

/* sd_notify(3) in a few lines; without systemd it does nothing. */
static void notify(const char *state) {
    const char *path = getenv("NOTIFY_SOCKET");
    if (!path || !*path) return;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    socklen_t length = offsetof(struct sockaddr_un, sun_path) + strlen(address.sun_path);
    if (address.sun_path[0] == '@') address.sun_path[0] = 0;
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (sendto(fd, state, strlen(state), 0, (struct sockaddr *)&address, length) < 0) die("notify");
    close(fd);
}

/* Requests for / that were answered well, and not. */
static unsigned long served, failed;

/* What no check sees: every second request fails, or every twentieth, or every seventh. */
static int is_error(void) {
    unsigned long every = FAULT == ERRORS ? 2 : FAULT == FEW_ERRORS ? 20 : FAULT == MORE_ERRORS ? 7 : 0;
    return every && (served + failed) % every == every - 1;
}

static int healthy(double started) {
    if (FAULT == UNHEALTHY) return 0;
    if (FAULT == LATE) return now() - started < LATE_SECONDS;
    return 1;
}

/* Reads up to the end of the request's head; returns 0 when the client went away or took too long. */
static int read_request(int client, char *request, size_t size) {
    size_t length = 0;
    while (length < size - 1) {
        ssize_t count = read(client, request + length, size - 1 - length);
        if (count < 0 && errno == EINTR) continue;   /* SIGTERM: this one is still answered */
        if (count <= 0) return 0;
        length += count;
        request[length] = 0;
        if (strstr(request, "\r\n\r\n")) return 1;
    }
    return 0;
}

static void answer(int client, double started) {
    char request[4096], host[65] = "", body[512], response[1024];
    if (!read_request(client, request, sizeof request)) return;
    gethostname(host, sizeof host - 1);

    const char *status = "200 OK";
    if (!healthy(started)) {
        status = "500 Internal Server Error";
        snprintf(body, sizeof body, "broken " VERSION "\n");
    } else if (!strncmp(request, "GET / ", 6) && is_error()) {
        status = "500 Internal Server Error";
        failed++;
        snprintf(body, sizeof body, "can't find " VERSION "'s data\n");
    } else if (!strncmp(request, "GET / ", 6)) {
        served++;
        snprintf(body, sizeof body, "%.200s " VERSION " from %s\n", setting("GREETING", "hello"), host);
    } else if (!strncmp(request, "GET /healthz ", 13)) {
        snprintf(body, sizeof body, "ok " VERSION "\n");
    } else if (!strncmp(request, "GET /metrics ", 13)) {
        snprintf(body, sizeof body,
                 "# TYPE hello_requests_total counter\n"
                 "hello_requests_total{code=\"200\"} %lu\nhello_requests_total{code=\"500\"} %lu\n", served, failed);
    } else {
        status = "404 Not Found";
        snprintf(body, sizeof body, "there is /, /healthz and /metrics\n");
    }
    int length = snprintf(response, sizeof response,
                          "HTTP/1.1 %s\r\nServer: hello/" VERSION "\r\nContent-Type: text/plain\r\n"
                          "Content-Length: %zu\r\nConnection: close\r\n\r\n%s",
                          status, strlen(body), body);
    if (write(client, response, length) != length) perror("hello: write");
}

int main(void) {
    struct sigaction on_stop = {.sa_handler = stop};   /* without SA_RESTART: poll and accept return at once */
    sigaction(SIGTERM, &on_stop, NULL);
    sigaction(SIGINT, &on_stop, NULL);
    signal(SIGPIPE, SIG_IGN);

    double started = now();
    if (FAULT == CRASH) {
        fprintf(stderr, "hello: can't open database: no such host db-9\n");
        return 1;
    }
    int fd = listener();
    if (FAULT != NEVER_READY) notify("READY=1");
    fprintf(stderr, "hello " VERSION " is ready\n");
    /* "<3>" is priority err to systemd (sd-daemon(3)). */
    if (FAULT == COMPLAINS) fprintf(stderr, "<3>hello: can't reach cache-7\n");
    if (FAULT == LEAK) {
        volatile char *leaked = malloc(LEAKED_BYTES);
        for (size_t at = 0; leaked && at < LEAKED_BYTES; at += 512) leaked[at] = 1;
    }

    while (!stopping) {
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        int ready = poll(&wait, 1, FAULT == BUSY ? 0 : 200);
        if (FAULT == CRASH_LATE && now() - started > LATE_SECONDS) abort();
        if (ready <= 0 || stopping || FAULT == HANG) continue;
        int client = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
        if (client < 0) continue;
        struct timeval limit = {.tv_sec = CLIENT_TIMEOUT_SECONDS};
        setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        answer(client, started);
        shutdown(client, SHUT_WR);
        close(client);
    }
    fprintf(stderr, "hello " VERSION " stops\n");
    return 0;
}
