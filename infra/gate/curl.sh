#!/bin/sh
# Asks Wardroom whether a deployment may begin: exit code 0 when it may, 22 when not (curl --fail), with the reason printed.
#   WARDROOM_URL=https://wardroom.example WARDROOM_KEY=… infra/gate/curl.sh ep-fraud 45 RFC-104
set -eu
endpoint=$1 minutes=${2:-0} change=${3:-}
exec curl --silent --show-error --fail-with-body --max-time 15 --header "x-wardroom-key: $WARDROOM_KEY" \
  "$WARDROOM_URL/gate/$endpoint?minutes=$minutes${change:+&change=$change}"
