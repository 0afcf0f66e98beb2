// Shims for the parts of libsystemd that Swift cannot call: variadic functions, one per D-Bus signature.
#pragma once

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-id128.h>
#include <systemd/sd-journal.h>

#define FLEET_SYSTEMD "org.freedesktop.systemd1"
#define FLEET_SYSTEMD_PATH "/org/freedesktop/systemd1"
#define FLEET_SYSTEMD_MANAGER "org.freedesktop.systemd1.Manager"

// A connection to PID 1 itself, which works before the message bus does.
static inline int fleet_bus_open_manager(sd_bus **bus, const char *address) {
    int r = sd_bus_new(bus);
    if (r >= 0) r = sd_bus_set_address(*bus, address);
    if (r >= 0) r = sd_bus_start(*bus);
    if (r < 0) *bus = sd_bus_unref(*bus);
    return r;
}

// StartUnit, StopUnit, RestartUnit, ReloadUnit: (unit, mode) -> job. The caller frees *job.
static inline int fleet_unit_job(sd_bus *bus, const char *method, const char *unit, const char *mode,
                                 sd_bus_error *error, char **job) {
    sd_bus_message *reply = NULL;
    const char *path;
    int r = sd_bus_call_method(bus, FLEET_SYSTEMD, FLEET_SYSTEMD_PATH, FLEET_SYSTEMD_MANAGER, method, error, &reply,
                               "ss", unit, mode);
    if (r >= 0) r = sd_bus_message_read(reply, "o", &path);
    if (r >= 0) r = (*job = strdup(path)) ? 0 : -ENOMEM;
    sd_bus_message_unref(reply);
    return r;
}

// Reload, Subscribe: () -> ()
static inline int fleet_manager_call(sd_bus *bus, const char *method, sd_bus_error *error) {
    return sd_bus_call_method(bus, FLEET_SYSTEMD, FLEET_SYSTEMD_PATH, FLEET_SYSTEMD_MANAGER, method, error, NULL, "");
}

// ResetFailedUnit: (unit) -> ()
static inline int fleet_manager_call_unit(sd_bus *bus, const char *method, const char *unit, sd_bus_error *error) {
    return sd_bus_call_method(bus, FLEET_SYSTEMD, FLEET_SYSTEMD_PATH, FLEET_SYSTEMD_MANAGER, method, error, NULL, "s",
                              unit);
}

// LoadUnit: (unit) -> object path. The caller frees *path.
static inline int fleet_load_unit(sd_bus *bus, const char *unit, sd_bus_error *error, char **path) {
    sd_bus_message *reply = NULL;
    const char *found;
    int r = sd_bus_call_method(bus, FLEET_SYSTEMD, FLEET_SYSTEMD_PATH, FLEET_SYSTEMD_MANAGER, "LoadUnit", error, &reply,
                               "s", unit);
    if (r >= 0) r = sd_bus_message_read(reply, "o", &found);
    if (r >= 0) r = (*path = strdup(found)) ? 0 : -ENOMEM;
    sd_bus_message_unref(reply);
    return r;
}

// EnableUnitFiles(persistent, force) and DisableUnitFiles(persistent) of one unit.
static inline int fleet_enable_unit(sd_bus *bus, const char *unit, sd_bus_error *error) {
    return sd_bus_call_method(bus, FLEET_SYSTEMD, FLEET_SYSTEMD_PATH, FLEET_SYSTEMD_MANAGER, "EnableUnitFiles", error,
                              NULL, "asbb", 1, unit, 0, 1);
}
static inline int fleet_disable_unit(sd_bus *bus, const char *unit, sd_bus_error *error) {
    return sd_bus_call_method(bus, FLEET_SYSTEMD, FLEET_SYSTEMD_PATH, FLEET_SYSTEMD_MANAGER, "DisableUnitFiles", error,
                              NULL, "asb", 1, unit, 0);
}

static inline int fleet_property_u32(sd_bus *bus, const char *path, const char *interface, const char *name,
                                     sd_bus_error *error, uint32_t *value) {
    return sd_bus_get_property_trivial(bus, FLEET_SYSTEMD, path, interface, name, error, 'u', value);
}

static inline int fleet_property_bool(sd_bus *bus, const char *path, const char *interface, const char *name,
                                     sd_bus_error *error, int *value) {
    return sd_bus_get_property_trivial(bus, FLEET_SYSTEMD, path, interface, name, error, 'b', value);
}
static inline int fleet_property_i32(sd_bus *bus, const char *path, const char *interface, const char *name,
                                     sd_bus_error *error, int32_t *value) {
    return sd_bus_get_property_trivial(bus, FLEET_SYSTEMD, path, interface, name, error, 'i', value);
}
static inline int fleet_property_u64(sd_bus *bus, const char *path, const char *interface, const char *name,
                                     sd_bus_error *error, uint64_t *value) {
    return sd_bus_get_property_trivial(bus, FLEET_SYSTEMD, path, interface, name, error, 't', value);
}
// The caller frees *value.
static inline int fleet_property_string(sd_bus *bus, const char *path, const char *interface, const char *name,
                                        sd_bus_error *error, char **value) {
    return sd_bus_get_property_string(bus, FLEET_SYSTEMD, path, interface, name, error, value);
}
// A NULL-terminated list that the caller frees, strings and all.
static inline int fleet_property_strings(sd_bus *bus, const char *path, const char *interface, const char *name,
                                         sd_bus_error *error, char ***value) {
    return sd_bus_get_property_strv(bus, FLEET_SYSTEMD, path, interface, name, error, value);
}
// InvocationID, 16 bytes or none; text gets 32 hex digits and NUL, or is empty.
static inline int fleet_property_id128(sd_bus *bus, const char *path, const char *interface, const char *name,
                                       sd_bus_error *error, char text[33]) {
    sd_bus_message *reply = NULL;
    const void *bytes;
    size_t size;
    text[0] = 0;
    int r = sd_bus_get_property(bus, FLEET_SYSTEMD, path, interface, name, error, &reply, "ay");
    if (r >= 0) r = sd_bus_message_read_array(reply, 'y', &bytes, &size);
    if (r >= 0 && size == 16) {
        sd_id128_t id;
        memcpy(&id, bytes, 16);
        sd_id128_to_string(id, text);
    }
    sd_bus_message_unref(reply);
    return r;
}

// JobRemoved: (id, job, unit, result). The strings live as long as the message.
static inline int fleet_match_job_removed(sd_bus *bus, sd_bus_message_handler_t callback, void *context) {
    return sd_bus_match_signal(bus, NULL, FLEET_SYSTEMD, FLEET_SYSTEMD_PATH, FLEET_SYSTEMD_MANAGER, "JobRemoved",
                               callback, context);
}
static inline int fleet_read_job_removed(sd_bus_message *message, const char **job, const char **unit,
                                         const char **result) {
    uint32_t id;
    return sd_bus_message_read(message, "uoss", &id, job, unit, result);
}

// What a transient service is made of. Lists end with NULL; a NULL or empty text is left out.
struct fleet_transient {
    const char *description;
    const char *user;
    const char *group;
    const char *working_directory;
    const char *environment_file;
    const char *const *environment;
    // Pairs of a name and its credential, as in LoadCredential=.
    const char *const *credentials;
    const char *const *arguments;
    uint64_t run_time_usec;
};

static inline int fleet_append_string(sd_bus_message *m, const char *name, const char *value) {
    return value && *value ? sd_bus_message_append(m, "(sv)", name, "s", value) : 0;
}

// The (sv) entries of a oneshot service that runs arguments[0].
static inline int fleet_append_service(sd_bus_message *m, const struct fleet_transient *t) {
    int r = sd_bus_message_append(m, "(sv)", "Type", "s", "oneshot");
    if (r >= 0) r = fleet_append_string(m, "Description", t->description);
    if (r >= 0) r = fleet_append_string(m, "User", t->user);
    if (r >= 0) r = fleet_append_string(m, "Group", t->group);
    if (r >= 0) r = fleet_append_string(m, "WorkingDirectory", t->working_directory);
    if (r >= 0 && t->run_time_usec) r = sd_bus_message_append(m, "(sv)", "TimeoutStartUSec", "t", t->run_time_usec);
    if (r >= 0 && t->environment_file && *t->environment_file)
        r = sd_bus_message_append(m, "(sv)", "EnvironmentFiles", "a(sb)", 1, t->environment_file, 1);
    if (r >= 0 && t->environment && t->environment[0]) {
        r = sd_bus_message_open_container(m, 'r', "sv");
        if (r >= 0) r = sd_bus_message_append(m, "s", "Environment");
        if (r >= 0) r = sd_bus_message_open_container(m, 'v', "as");
        if (r >= 0) r = sd_bus_message_append_strv(m, (char **)t->environment);
        if (r >= 0) r = sd_bus_message_close_container(m);
        if (r >= 0) r = sd_bus_message_close_container(m);
    }
    if (r >= 0 && t->credentials && t->credentials[0]) {
        r = sd_bus_message_open_container(m, 'r', "sv");
        if (r >= 0) r = sd_bus_message_append(m, "s", "LoadCredential");
        if (r >= 0) r = sd_bus_message_open_container(m, 'v', "a(ss)");
        if (r >= 0) r = sd_bus_message_open_container(m, 'a', "(ss)");
        for (const char *const *c = t->credentials; r >= 0 && c[0] && c[1]; c += 2)
            r = sd_bus_message_append(m, "(ss)", c[0], c[1]);
        for (int i = 0; i < 3 && r >= 0; i++) r = sd_bus_message_close_container(m);
    }
    if (r >= 0) r = sd_bus_message_open_container(m, 'r', "sv");
    if (r >= 0) r = sd_bus_message_append(m, "s", "ExecStart");
    if (r >= 0) r = sd_bus_message_open_container(m, 'v', "a(sasb)");
    if (r >= 0) r = sd_bus_message_open_container(m, 'a', "(sasb)");
    if (r >= 0) r = sd_bus_message_open_container(m, 'r', "sasb");
    if (r >= 0) r = sd_bus_message_append(m, "s", t->arguments[0]);
    if (r >= 0) r = sd_bus_message_append_strv(m, (char **)t->arguments);
    if (r >= 0) r = sd_bus_message_append(m, "b", 0);
    for (int i = 0; i < 4 && r >= 0; i++) r = sd_bus_message_close_container(m);
    return r;
}

static inline int fleet_transient_call(sd_bus *bus, sd_bus_message *m, sd_bus_error *error, char **job) {
    sd_bus_message *reply = NULL;
    const char *path;
    int r = sd_bus_call(bus, m, 0, error, &reply);
    if (r >= 0) r = sd_bus_message_read(reply, "o", &path);
    if (r >= 0) r = (*job = strdup(path)) ? 0 : -ENOMEM;
    sd_bus_message_unref(reply);
    return r;
}

static inline int fleet_transient_begin(sd_bus *bus, const char *unit, sd_bus_message **m) {
    int r = sd_bus_message_new_method_call(bus, m, FLEET_SYSTEMD, FLEET_SYSTEMD_PATH, FLEET_SYSTEMD_MANAGER,
                                           "StartTransientUnit");
    if (r >= 0) r = sd_bus_message_append(*m, "ss", unit, "replace");
    if (r >= 0) r = sd_bus_message_open_container(*m, 'a', "(sv)");
    return r;
}

// StartTransientUnit of a oneshot service. The caller frees *job.
static inline int fleet_start_transient_service(sd_bus *bus, const char *unit, const struct fleet_transient *t,
                                                sd_bus_error *error, char **job) {
    sd_bus_message *m = NULL;
    int r = fleet_transient_begin(bus, unit, &m);
    if (r >= 0) r = fleet_append_service(m, t);
    if (r >= 0) r = sd_bus_message_close_container(m);
    if (r >= 0) r = sd_bus_message_append(m, "a(sa(sv))", 0);
    if (r >= 0) r = fleet_transient_call(bus, m, error, job);
    sd_bus_message_unref(m);
    return r;
}

// StartTransientUnit of a timer that runs the service once, delay_usec from now. The caller frees *job.
static inline int fleet_start_transient_timer(sd_bus *bus, const char *timer, uint64_t delay_usec,
                                              uint64_t accuracy_usec, const char *service,
                                              const struct fleet_transient *t, sd_bus_error *error, char **job) {
    sd_bus_message *m = NULL;
    int r = fleet_transient_begin(bus, timer, &m);
    if (r >= 0) r = fleet_append_string(m, "Description", t->description);
    if (r >= 0) r = sd_bus_message_append(m, "(sv)", "TimersMonotonic", "a(st)", 1, "OnActiveSec", delay_usec);
    if (r >= 0) r = sd_bus_message_append(m, "(sv)", "AccuracyUSec", "t", accuracy_usec);
    if (r >= 0) r = sd_bus_message_append(m, "(sv)", "RemainAfterElapse", "b", 0);
    if (r >= 0) r = sd_bus_message_close_container(m);
    if (r >= 0) r = sd_bus_message_open_container(m, 'a', "(sa(sv))");
    if (r >= 0) r = sd_bus_message_open_container(m, 'r', "sa(sv)");
    if (r >= 0) r = sd_bus_message_append(m, "s", service);
    if (r >= 0) r = sd_bus_message_open_container(m, 'a', "(sv)");
    if (r >= 0) r = fleet_append_service(m, t);
    for (int i = 0; i < 3 && r >= 0; i++) r = sd_bus_message_close_container(m);
    if (r >= 0) r = fleet_transient_call(bus, m, error, job);
    sd_bus_message_unref(m);
    return r;
}
