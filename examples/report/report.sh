#!/bin/sh
# A job that a timer starts: it counts what is there, and writes it down whole or not at all.
set -eu
version='@VERSION@'
new=$(mktemp "$STATE_DIRECTORY/report.XXXXXX")
{ echo "report $version of $(date)"; df -h /; } >"$new"
mv "$new" "$STATE_DIRECTORY/report.txt"
echo "report $version is done"
