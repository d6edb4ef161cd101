#!/usr/bin/env bash
# Previews the stack with the policy pack of the caller, through the script that isolates a program from GitHub's runner.
set -euo pipefail

unset CDPATH
cd -- "$INPUT_WORK_DIR"
pack=$INPUT_POLICY_PACK
# The engine starts a relative path from the folder of `main` in Pulumi.yaml.
case $pack in
  /*) ;;
  *) pack=$PWD/$pack ;;
esac
words=(--policy-pack "$pack")
if [ -n "$INPUT_POLICY_PACK_CONFIG" ]; then words+=(--policy-pack-config "$INPUT_POLICY_PACK_CONFIG"); fi
while read -r word; do
  if [ -n "$word" ]; then words+=("$word"); fi
done <<<"$INPUT_ARGS"

# GitHub gives a fork no secrets unless a setting of a private repository says so, but the runner itself can have credentials.
# https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html
# https://www.pulumi.com/docs/iac/cli/environment-variables/
if [ "$IS_FORK" = true ]; then
  unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_PROFILE AWS_ROLE_ARN AWS_WEB_IDENTITY_TOKEN_FILE \
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_CONTAINER_CREDENTIALS_FULL_URI AWS_CONTAINER_AUTHORIZATION_TOKEN \
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE PULUMI_ACCESS_TOKEN PULUMI_CONFIG_PASSPHRASE_FILE GITHUB_TOKEN GH_TOKEN
  export AWS_EC2_METADATA_DISABLED=true
  # As GitHub leaves a secret that a fork does not get.
  export PULUMI_CONFIG_PASSPHRASE=""
fi

exec bash "$GITHUB_ACTION_PATH/../../.github/pulumi.sh" preview "${words[@]}"
