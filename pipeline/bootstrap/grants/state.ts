import * as pulumi from "@pulumi/pulumi";
import type { Grant } from "../../../infra/grants.ts";
import type { Settings } from "../settings.ts";
import type { State } from "../state.ts";

/** What reading the stack's state takes, its secrets included. */
export function readStateGrants(state: State, settings: Settings): Grant[] {
  const { inBucket, ofStack } = objectsOf(state, settings);
  return [
    { sid: "ListState", actions: ["s3:ListBucket"], resources: [state.bucketArn] },
    {
      sid: "ReadState",
      actions: ["s3:GetObject"],
      resources: [inBucket("meta.yaml"), ...ofStack],
    },
    { sid: "ReadSecrets", actions: ["kms:Decrypt"], resources: [state.keyArn] },
  ];
}

/** What writing the stack's state takes. */
export function writeStateGrants(state: State, settings: Settings): Grant[] {
  const { locks, ofStack } = objectsOf(state, settings);
  return [
    { sid: "UnlockState", actions: ["s3:DeleteObject"], resources: [locks] },
    {
      sid: "WriteState",
      actions: ["s3:PutObject"],
      resources: ofStack,
    },
  ];
}

/**
 * How Pulumi's own backend names its objects:
 * https://github.com/pulumi/pulumi/blob/master/pkg/backend/diy/store.go
 */
function objectsOf({ bucketArn }: State, { project, stack }: Settings) {
  const inBucket = (key: string) => pulumi.interpolate`${bucketArn}/.pulumi/${key}`;
  const locks = inBucket(`locks/*/${project}/${stack}/*`);
  const ofStack = [
    // The state, its copies and the stack's tags. No name of a stack has a dot, see settings.ts.
    inBucket(`stacks/${project}/${stack}.*`),
    inBucket(`backups/${project}/${stack}/*`),
    inBucket(`history/${project}/${stack}/*`),
    locks,
  ];
  return { inBucket, locks, ofStack };
}
