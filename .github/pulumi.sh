#!/usr/bin/env bash
# `OUTPUT=FOLDER STACK=NAME bash .github/pulumi.sh COMMAND ARGUMENTS…`: runs `pulumi COMMAND` for the stack and exits
# with its exit code. Writes its output (COMMAND.txt, COMMAND-errors.txt) and the engine's events that the comment
# needs (events.json) into the folder. The events are read by `node`, or by the newer Node.js that REPORT_NODE names.
set -euo pipefail

# A single command, so that bash has read all of it before the program runs and could rewrite this file.
{
  keep=$(dirname "${BASH_SOURCE[0]}")/../pipeline/report/keep-events.ts
  mkdir -p "$OUTPUT"
  # Keeps the order of both streams.
  exec 2>&1

  # From here on, the program, AWS and Sumo Logic control the output. None of it is a command to GitHub's runner
  # until the end of the step, because nobody knows the word that would resume commands.
  echo "::stop-commands::$(</proc/sys/kernel/random/uuid)"

  # Through these a step controls the runner (variables, outputs and PATH of later steps) and gets the job's tokens.
  # With the token that requests ID tokens, a program could also write the run's artifacts and the caches.
  unset GITHUB_ENV GITHUB_OUTPUT GITHUB_PATH GITHUB_STATE GITHUB_STEP_SUMMARY "${!ACTIONS_@}"

  # The event log is a debugging flag of the CLI.
  export PULUMI_DEBUG_COMMANDS=true
  log=$(mktemp -d)/events.json
  code=0
  {
    pulumi "$@" --stack "$STACK" --non-interactive --color never --suppress-progress \
      --event-log "$log" 2>&1 >&3 3>&- | tee "$OUTPUT/$1-errors.txt"
  } 3>&1 >&2 | tee "$OUTPUT/$1.txt" || code=$?

  # The complete log contains secrets, and anyone who can read the repository can download an artifact.
  if [ -f "$log" ] && ! "${REPORT_NODE:-node}" "$keep" "$log" "$OUTPUT/events.json" && [ "$code" -eq 0 ]; then
    code=1
  fi
  exit "$code"
}
