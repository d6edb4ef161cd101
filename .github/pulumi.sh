#!/usr/bin/env bash
# `OUTPUT=FOLDER STACK=NAME bash .github/pulumi.sh COMMAND ARGUMENTS…`: runs `pulumi COMMAND` for the stack, and ends
# with its exit code. Leaves in the folder what it printed (COMMAND.txt, COMMAND-errors.txt) and what the comment needs
# of the engine's events (events.json).
set -euo pipefail

# One command, so that bash has read all of it before the program runs, which could rewrite this file.
{
  mkdir -p "$OUTPUT"
  # In order.
  exec 2>&1

  # The program, AWS and Sumo Logic choose what is printed from here on. None of it is a command to GitHub's runner,
  # to the end of the step: nobody knows the word that would end this.
  echo "::stop-commands::$(</proc/sys/kernel/random/uuid)"

  # What a step asks of the runner: variables, outputs and PATH of later steps, and tokens of the job. With the token
  # for ID tokens a program could also write the run's artifacts and the caches.
  unset GITHUB_ENV GITHUB_OUTPUT GITHUB_PATH GITHUB_STATE GITHUB_STEP_SUMMARY "${!ACTIONS_@}"

  # The flag for events is one of the CLI's own debugging.
  export PULUMI_DEBUG_COMMANDS=true
  log=$(mktemp -d)/events.json
  code=0
  {
    pulumi "$@" --stack "$STACK" --non-interactive --color never --suppress-progress \
      --event-log "$log" 2>&1 >&3 3>&- | tee "$OUTPUT/$1-errors.txt"
  } 3>&1 >&2 | tee "$OUTPUT/$1.txt" || code=$?

  # The whole log has secrets, and anyone who may read the repository can download an artifact.
  if [ -f "$log" ] && ! node pipeline/report/keep-events.ts "$log" "$OUTPUT/events.json" && [ "$code" -eq 0 ]; then
    code=1
  fi
  exit "$code"
}
