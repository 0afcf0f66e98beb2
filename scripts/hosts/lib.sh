# shellcheck shell=bash
# Settings and functions that the scripts beside this file share; sourced, never run.
#
# A fleet is held together by one process, the holder. It lives in a mount and a network namespace of its own, and
# everything that would otherwise leak into the machine (the hosts' disks, named network namespaces, loop mounts)
# exists only in there: when the holder is gone, the kernel has cleaned up.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
checkout=$(cd "$here/../.." && pwd)

# Two checkouts must not share hosts: the name comes from the checkout's path and inode.
default_name=$(printf '%s %s' "$checkout" "$(stat -c %d:%i "$checkout")" | sha256sum | cut -c1-8)
name=${FLEET_HOSTS:-$default_name}
net=${FLEET_NET:-10.88}               # first half of every address; private to the fleet, so fleets may share it
boot_timeout=${FLEET_BOOT_TIMEOUT:-120}

shared=/run/fleet-hosts               # inotify limit to restore, lock
state=$shared/$name                   # pids, console logs, ssh keys; the disks are mounted in the holder only
disks=$checkout/.build/hosts/disks-$name

[[ $name =~ ^[a-zA-Z0-9-]{1,32}$ ]] || { echo "FLEET_HOSTS: 1 to 32 letters, digits or -, not '$name'" >&2; exit 64; }

# Where the kernel shows cgroup2, and systemd's own v1 hierarchy on machines that still have one.
cgroup2=$(findmnt -rn -t cgroup2 -o TARGET | head -1 || true)
cgroup1=$(findmnt -rn -t cgroup -O name=systemd -o TARGET | head -1 || true)

say() { echo "hosts: $*" >&2; }
fail() { say "$@"; exit 1; }
# Exit code 77 means "can't be done on this machine"; tests print the line as the reason why they are skipped.
skip() { echo "skipped: $*"; exit 77; }

address() { echo "$net.$(($1 / 200)).$(($1 % 200 + 10))"; }   # of host number $1

# The two directories (or one) in which host $1, or the whole fleet, has its control group.
cgroups() {
    local hierarchy
    for hierarchy in $cgroup2 $cgroup1; do echo "$hierarchy/fleet-hosts-$name${1:+/$1}"; done
}

holder() {   # the holder's pid; fails when the fleet is down
    local pid
    [[ -r $cgroup2/fleet-hosts-$name/holder/cgroup.procs ]] || return 1
    read -r pid <"$cgroup2/fleet-hosts-$name/holder/cgroup.procs" && echo "$pid"
}

inside() { nsenter --target "$(holder)" --mount --net -- "$@"; }   # run in the holder's namespaces

require_up() { holder >/dev/null || fail "fleet '$name' is down; bring it up with: make hosts-up"; }
require_host() {
    [[ ${1:-} =~ ^[0-9]+$ && -d $state/h$1 ]] || fail "no host '${1:-}'; there are: $(cd "$state" && echo h[0-9]*)"
}

# The pid, seen from here, of the systemd that is PID 1 of host $1.
leader() {
    local procs=$cgroup2/fleet-hosts-$name/h$1/payload/init.scope/cgroup.procs pid
    [[ -r $procs ]] || return 1
    while read -r pid; do
        [[ $(awk '/^NSpid:/ { print $NF }' "/proc/$pid/status" 2>/dev/null) == 1 ]] && { echo "$pid"; return 0; }
    done <"$procs"
    return 1
}

run_in_host() {   # number, command…
    local pid
    pid=$(leader "$1") || { say "host $1 is not running"; return 111; }
    shift
    nsenter --target "$pid" --mount --uts --ipc --net --pid --cgroup --root --wd -- \
        env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
        TERM="${TERM:-dumb}" "$@"
}

populated() { grep -qs '^populated 1' "$cgroup2/fleet-hosts-$name${1:+/$1}/cgroup.events"; }

# Waits until no process is left in control group $1 (the whole fleet without it); fails after $2 seconds.
wait_empty() {
    local end=$((SECONDS + $2))
    while populated "$1"; do
        ((SECONDS < end)) || return 1
        sleep 0.02
    done
}

# SIGKILL for every process at once. Killing only systemd-nspawn would leave the host running.
kill_group() {
    local switch=$cgroup2/fleet-hosts-$name${1:+/$1}/cgroup.kill
    if [[ -e $switch ]]; then echo 1 >"$switch"; fi
    wait_empty "${1:-}" 20 || fail "processes of '$name' ${1:-} survive SIGKILL"
}

remove_cgroups() {
    local group attempt
    for group in $(cgroups "${1:-}"); do
        for attempt in 1 2 3 4 5 6 7 8 9 10; do   # the kernel may need a moment after the last exit
            [[ -d $group ]] || break
            find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || sleep "0.0$attempt"
        done
    done
}

# Network cable of host $1: up or down.
cable() { inside ip link set "v$1" "$2"; }

# Starts host $1; returns at once, see wait_running.
start_host() {
    local group
    leader "$1" >/dev/null && fail "host $1 is running"
    for group in $(cgroups "h$1"); do mkdir -p "$group"; done
    rm -f "$state/h$1/nspawn.pid"
    cable "$1" up
    if [[ -e $disks/h$1.img ]]; then inside mount -o loop "$disks/h$1.img" "$state/disks/h$1/disk"; fi
    # setsid: a Ctrl-C for a test must not reach the hosts.
    inside setsid --fork unshare --mount --propagation slave "$here/supervise" "$1" \
        </dev/null >>"$state/h$1/console.log" 2>&1
    local end=$((SECONDS + 10))
    until [[ -e $state/h$1/nspawn.pid ]]; do
        ((SECONDS < end)) || fail "host $1 did not start; see $state/h$1/console.log"
        sleep 0.01
    done
}

# Returns when systemd in host $1 has finished booting, and prints the host's line.
wait_running() {
    local answer end=$((SECONDS + boot_timeout))
    until answer=$(run_in_host "$1" systemctl is-system-running --wait 2>/dev/null) || [[ $answer == degraded ]]; do
        if ((SECONDS >= end)) || ! populated "h$1"; then
            tail -n 5 "$state/h$1/console.log" >&2
            fail "host $1 did not boot (${answer:-no answer}, at most $boot_timeout s); see $state/h$1/console.log"
        fi
        sleep 0.1
    done
    echo "h$1 $(address "$1")"
}

# Power cut: every process of host $1 gone at once, and its disk forgets what was not durable (FS_IOC_SHUTDOWN with
# NOLOGFLUSH). The cable goes first: a host without power says no goodbye, and refuses no connection.
cut_power() {
    cable "$1" down
    kill_group "h$1"
    remove_cgroups "h$1"
    if [[ -e $disks/h$1.img ]]; then
        # shellcheck disable=SC2016 # it is Perl
        inside perl -e 'my $flag = pack("I", 2); open(my $disk, "<", $ARGV[0]) or die $!;
            ioctl($disk, 0x8004587D, $flag) or die $!' "$state/disks/h$1/disk"
        inside umount "$state/disks/h$1/disk"
    fi
}

stop_host() {   # a clean shutdown, as systemctl poweroff
    kill -TERM "$(<"$state/h$1/nspawn.pid")"
    wait_empty "h$1" 30 || fail "host $1 did not shut down in 30 s"
    cable "$1" down
    remove_cgroups "h$1"
    if [[ -e $disks/h$1.img ]]; then inside umount "$state/disks/h$1/disk"; fi
}
