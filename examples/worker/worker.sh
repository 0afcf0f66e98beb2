#!/bin/sh
# A service that listens on nothing: it works, and touches its heartbeat after each piece of work.
version='@VERSION@' fault='@FAULT@'
echo "worker $version starts"
while :; do
    sleep 1   # the work
    date >"$RUNTIME_DIRECTORY/heartbeat"
    if [ "$fault" = stuck ]; then sleep infinity; fi
done
