import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { type AwsTarget, unlessGone } from "../provider/aws-target.ts";
import { ServiceError } from "./json-service.ts";

/** Refuses a role that does not exist, or that the service may not assume. */
export type CheckRole = (roleArn: string, service: string, code: string) => Promise<void>;

export function createRoleCheck(emulator: AwsTarget): CheckRole {
  const iam = new IAMClient(emulator);
  return async (roleArn, service, code) => {
    const RoleName = roleArn.split("/").at(-1) ?? "";
    const found = await unlessGone(iam.send(new GetRoleCommand({ RoleName })));
    const trust = decodeURIComponent(found?.Role?.AssumeRolePolicyDocument ?? "{}");
    const { Statement = [] } = JSON.parse(trust);
    const services = [Statement].flat().flatMap((it) => it.Principal?.Service ?? []);
    if (services.includes(service)) return;
    throw new ServiceError(code, `The role ${roleArn} cannot be assumed by ${service}`);
  };
}
