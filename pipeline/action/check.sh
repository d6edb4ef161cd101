#!/usr/bin/env bash
# Refuses what the action cannot do safely, before the program runs, and writes to GITHUB_OUTPUT what the later steps need:
# `node` (a Node.js that runs TypeScript), `folder` (for what the preview leaves), `name` (of what is previewed),
# `is-fork`, `pull-request` (the number, or empty if there is nothing to comment on) and `sarif`.
set -euo pipefail

# Each value is on one line, and contains nothing that begins a command of GitHub's runner.
shown() {
  printf '%s' "${1//[^A-Za-z0-9 ._\/@+=,-]/?}"
}

fail() {
  echo "::error title=least-privilege-iam::$1"
  exit 1
}

# With any other event, the job can have the repository's secrets and a token that writes, while people outside of the
# repository decide when it runs or which code it checks out: pull_request_target, workflow_run, issue_comment and more.
# https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows
case "$EVENT" in
  pull_request | push | merge_group | workflow_dispatch | schedule) ;;
  *) fail "A preview runs the program, so it must not run for the event $(shown "$EVENT"): other people's code could get this repository's secrets. Expected pull_request, push, merge_group, workflow_dispatch or schedule." ;;
esac

[ "${RUNNER_OS:-}" = Linux ] || fail "The action needs a Linux runner; this one has $(shown "${RUNNER_OS:-}")."

for name in STACK WORK_DIR; do
  variable="INPUT_$name"
  case "${!variable}" in
    "" | *[[:cntrl:]]*) fail "The input $(tr _A-Z -a-z <<<"$name") must be one line that is not empty: got $(shown "${!variable}")." ;;
  esac
done
for name in COMMENT SARIF; do
  variable="INPUT_$name"
  case "${!variable}" in
    true | false) ;;
    *) fail "The input ${name,,} must be true or false: got $(shown "${!variable}")." ;;
  esac
done

command -v pulumi >/dev/null || fail "There is no pulumi on PATH. Install the Pulumi CLI before this action: https://www.pulumi.com/docs/install/"

unset CDPATH
cd -- "$INPUT_WORK_DIR" 2>/dev/null || fail "There is no folder $(shown "$INPUT_WORK_DIR"). Check out the repository before this action, or set work-dir."
[ -e "$INPUT_POLICY_PACK" ] || fail "There is no policy pack $(shown "$INPUT_POLICY_PACK") in $(shown "$INPUT_WORK_DIR"). Install it before this action, for example with npm ci, or set policy-pack."

# The program's own Node.js may be older. GitHub's runners have several in the tool cache.
node=""
shopt -s nullglob
for candidate in "$(command -v node || true)" "${RUNNER_TOOL_CACHE:-/none}"/node/*/*/bin/node; do
  if [ -x "$candidate" ] && "$candidate" -e "process.exit(process.features.typescript ? 0 : 1)" 2>/dev/null; then
    node=$candidate
    break
  fi
done
[ -n "$node" ] || fail "The report needs Node.js 22.18 or newer, and neither PATH nor the runner's tool cache has it. Add actions/setup-node before this action."

is_fork=false
if [ "$EVENT" = pull_request ] && [ "$HEAD_REPOSITORY" != "$REPOSITORY" ]; then is_fork=true; fi
pull_request=""
if [ "$EVENT" = pull_request ] && [ "$is_fork" = false ] && [ "$INPUT_COMMENT" = true ]; then pull_request=$PULL_REQUEST; fi
sarif=$INPUT_SARIF
if [ "$is_fork" = true ]; then sarif=false; fi
name=$INPUT_STACK
# Two programs of a repository can have stacks of the same name.
if [ "$INPUT_WORK_DIR" != . ]; then name="$INPUT_STACK in $INPUT_WORK_DIR"; fi

{
  echo "node=$node"
  echo "folder=$(mktemp -d "$RUNNER_TEMP/preview.XXXXXX")"
  echo "name=$name"
  echo "is-fork=$is_fork"
  echo "pull-request=$pull_request"
  echo "sarif=$sarif"
} >>"$GITHUB_OUTPUT"
