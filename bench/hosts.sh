# shellcheck shell=bash
# Real hosts with agents, and an operator's workspace, for the parts that measure on them; sourced, never run.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

FLEET_HOSTS=bench-$(stat -c %i "$checkout")   # beside the hosts that people or tests have up in the same checkout
export FLEET_HOSTS
hosts=$checkout/scripts/hosts
work=$scratch/workspace
tools=$scratch/tools

beside() { "$hosts/exec" ctl "$@"; }   # on the operator's side of the hosts' network
fleet() { beside env -C "$work" PATH="$tools/bin:$PATH" fleet "$@"; }
each_host() { local i; for ((i = 1; i <= count; i++)); do "$hosts/exec" "$i" "$@"; done; }

# Runs a noisy command; its output is shown only when it fails.
quietly() { "$@" >"$scratch/log" 2>&1 || { tail -n 30 "$scratch/log" >&2; fail "failed: $*"; }; }

# The operator's commands, as the packages bring them.
unpack_tools() {
    local package
    rm -rf "$tools"
    mkdir -p "$tools"
    for package in "$checkout"/.build/deb/fleet_*.deb "$checkout"/.build/deb/fleet-unpack_*.deb; do
        [[ -e $package ]] || fail "there are no packages; run: make deb"
        dpkg-deb --extract "$package" "$tools/root"
    done
    install -D -t "$tools/bin" "$tools/root/usr/bin/fleet" "$tools/root/usr/libexec/fleet/fleet-unpack"
}

# Boots $1 hosts and makes them members, agents running; further arguments are those of scripts/hosts/up.
boot_fleet() {
    count=$1
    unpack_tools
    "$hosts/down"
    trap '"$hosts/down"' EXIT
    "$hosts/up" "$@" >"$scratch/hosts" 2>"$scratch/log" || { code=$?; cat "$scratch/hosts" "$scratch/log" >&2; exit "$code"; }
    rm -rf "$work"
    mkdir -p "$work"
    write_fleet_file
    quietly fleet init
    local name address
    while read -r name address; do
        quietly fleet host add "root@$address" --name "$name" --packages "$checkout/.build/deb" </dev/null
    done <"$scratch/hosts"
}

# Two at a time, and one stage: what the peers do.
write_fleet_file() {
    cat >"$work/fleet.yml" <<END
fleet: bench
services:
  hello:
    environments:
      bench:
        hosts:
$(sed 's/^\(h[0-9]*\) \(.*\)/          - {name: \1, address: \2}/' "$scratch/hosts")
        capacity: {floor: $((count > 2 ? count - 2 : 0)), window: 2}
        stages: [{rest: true}]
END
}

# Seconds of a part of a rollout, from its JSON lines: `prepare` is until the first host switches, `switch` from there to the last
# host that is done.
phase() {
    python3 - "$1" "$2" <<'END'
import datetime, json, sys
phase, path = sys.argv[1:]
records = [json.loads(line) for line in open(path)]
moments = {record["event"]: [] for record in records}
for record in records:
    if "at" in record:
        moments[record["event"]].append(datetime.datetime.fromisoformat(record["at"].replace("Z", "+00:00")))
first = min(moments["host_started"])
span = max(moments["host_finished"]) - first if phase == "switch" else first - min(moments["phase"])
print(f"{span.total_seconds():.3f}")
END
}
