import * as pulumi from "@pulumi/pulumi";
import type { Grant } from "../../infra/grants.ts";
import type { Settings } from "../settings.ts";
import type { State } from "../state.ts";

/** What reading the stack's state takes, its secrets included. */
export function readStateGrants(state: State, settings: Settings): Grant[] {
  const { inBucket } = objectsOf(state, settings);
  return [
    { sid: "ListState", actions: ["s3:ListBucket"], resources: [state.bucketArn] },
    {
      sid: "ReadState",
      actions: ["s3:GetObject"],
      resources: [inBucket("meta.yaml"), inBucket(`*/${settings.project}/*`)],
    },
    { sid: "ReadSecrets", actions: ["kms:Decrypt"], resources: [state.keyArn] },
  ];
}

/** What writing the stack's state takes. */
export function writeStateGrants(state: State, settings: Settings): Grant[] {
  const { inBucket, locks } = objectsOf(state, settings);
  return [
    { sid: "UnlockState", actions: ["s3:DeleteObject"], resources: [locks] },
    {
      sid: "WriteState",
      actions: ["s3:PutObject"],
      resources: [inBucket(`*/${settings.project}/*`)],
    },
  ];
}

/** How Pulumi's own backend names its objects. */
function objectsOf({ bucketArn }: State, { project, stack }: Settings) {
  const inBucket = (key: string) => pulumi.interpolate`${bucketArn}/.pulumi/${key}`;
  return { inBucket, locks: inBucket(`locks/*/${project}/${stack}/*`) };
}
