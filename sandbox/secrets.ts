import { randomBytes } from "node:crypto";
import type { AccessKey } from "./aws/signature.ts";

/** An access id and key of Sumo Logic's API. */
export interface SumoLogicAccess {
  readonly accessId: string;
  readonly accessKey: string;
}

/** A new access key of the account's root user, in AWS's format. */
export function newAccessKey(): AccessKey {
  return {
    accessKeyId: `AKIA${randomHex(8).toUpperCase()}`,
    secretAccessKey: randomHex(20),
  };
}

/** New access to the local Sumo Logic, in Sumo Logic's format. */
export function newSumoLogicAccess(): SumoLogicAccess {
  return { accessId: `su${randomHex(6)}`, accessKey: randomHex(32) };
}

/** `bytes` random bytes, as hexadecimal digits. */
export function randomHex(bytes: number): string {
  return randomBytes(bytes).toString("hex");
}
