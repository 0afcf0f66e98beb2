# shellcheck shell=bash
# What the parts of the bench share; sourced, never run.
set -euo pipefail

bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$bench/.."
checkout=$PWD
scratch=$checkout/.build/bench      # everything that the bench makes, kept from run to run where it is slow to make
# shellcheck disable=SC2034 # for the parts
rounds=${ROUNDS:-3}
mkdir -p "$scratch"

fail() { echo "bench: $*" >&2; exit 1; }
section() { printf '\n== %s\n' "$*"; }

# Where the stripped binaries are that `make release` builds.
binaries() {
    local directory
    directory=$(swift build -c release --static-swift-stdlib -Xlinker -s --show-bin-path)
    [[ -x $directory/fleet && -x $directory/AgentsBench ]] || fail "there is no release build; run: make release"
    echo "$directory"
}

calculate() { awk "BEGIN { printf \"%.${2:-2}f\", $1 }"; }

median() { printf '%s\n' "$@" | sort -g | awk '{ line[NR] = $1 } END { print line[int((NR + 1) / 2)] }'; }
lowest() { printf '%s\n' "$@" | sort -g | head -1; }

# A figure with what it should be: name, value, target, `most` or `least`, unit.
figure() {
    local verdict=met
    awk -v value="$2" -v target="$3" -v way="$4" \
        'BEGIN { exit !(way == "most" ? value + 0 <= target + 0 : value + 0 >= target + 0) }' || verdict=MISSED
    printf '  %-48s %8s %-6s target: at %s %s, %s\n' "$1" "$2" "${5:-}" "$4" "$3" "$verdict"
}

# A figure without a target: name, value, unit, remark.
plain() { printf '  %-48s %8s %-6s %s\n' "$1" "$2" "${3:-}" "${4:-}"; }

# Milliseconds of the fastest of 20 runs: what the program itself costs, not what the machine was doing besides.
fastest() {
    local best=999999999 began took i
    for ((i = 0; i < 20; i++)); do
        began=${EPOCHREALTIME/./}
        "$@" >/dev/null 2>&1
        took=$((${EPOCHREALTIME/./} - began))
        ((took < best)) && best=$took
    done
    calculate "$best / 1000" 1
}

# Runs a command and sets `wall` and `cpu` to the seconds that it took; its output is discarded.
# shellcheck disable=SC2034 # for the parts
timed() {
    local user system
    /usr/bin/time -o "$scratch/time" -f '%e %U %S' "$@" >/dev/null
    read -r wall user system <"$scratch/time"
    cpu=$(calculate "$user + $system")
}
