#!/bin/bash
# A step of `rsspot registrations run`, with jq (https://jqlang.org).
set -euo pipefail

step=$(cat)
name=$(jq -r '.record.payload.display_name // .record.server' <<<"$step")
if ! address=$(jq -er '.record.address | select(. != "")' <<<"$step"); then
  echo "$name has no address yet" >&2
  exit 75
fi

# Here your orchestrator is told about the VM: .idempotency_key says which registration this is, and
# .token.text lets the VM join. Do not pass the token as an argument: others could read it there.

jq -n --arg machine "$name" --arg at "$address" '{machine: $machine, joined_at: $at}'
