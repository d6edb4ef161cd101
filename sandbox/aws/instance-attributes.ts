import { DescribeInstancesCommand, EC2Client } from "@aws-sdk/client-ec2";
import type { Response } from "../http.ts";
import { type AwsTarget, unlessGone } from "./provider/aws-target.ts";

/** Changes of instances' attributes, which the emulator does not support. */
export interface InstanceAttributes {
  /** Carries out a request of EC2 if it is such a change, and returns the response; else nothing. */
  change(input: URLSearchParams): Promise<Response | undefined>;
  /** The type of an instance as it has been changed; nothing if there is no such instance. */
  typeOf(id: string): Promise<string | undefined>;
  /** A response of the emulator, with the instance types as they have been changed. */
  withChanges(response: Response): Response;
}

/**
 * ModifyInstanceAttribute with an instance type, which needs a stopped instance, and with termination
 * protection switched off, which it is anyway. Everything else is left to the emulator, which refuses it.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceAttribute.html
 */
export function instanceAttributes(emulator: AwsTarget): InstanceAttributes {
  const ec2 = new EC2Client(emulator);
  const types = new Map<string, string>();

  async function find(id: string) {
    const found = await unlessGone(ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] })));
    return found?.Reservations?.[0]?.Instances?.[0];
  }

  return {
    async change(input) {
      if (input.get("Action") !== "ModifyInstanceAttribute") return undefined;
      const id = input.get("InstanceId") ?? "";
      const type = input.get("InstanceType.Value");
      const isUnprotected = input.get("DisableApiTermination.Value") === "false";
      if (type === null && !isUnprotected) return undefined;
      const state = (await find(id))?.State?.Name;
      if (state === undefined) {
        return failed("InvalidInstanceID.NotFound", `The instance ID '${id}' does not exist`);
      }
      if (type !== null) {
        if (state !== "stopped") {
          const message = `The instance '${id}' is not in the 'stopped' state.`;
          return failed("IncorrectInstanceState", message);
        }
        types.set(id, type);
      }
      return xml(
        200,
        "<ModifyInstanceAttributeResponse><return>true</return>",
        "</ModifyInstanceAttributeResponse>",
      );
    },
    typeOf: async (id) => types.get(id) ?? (await find(id))?.InstanceType,
    withChanges(response) {
      if (types.size === 0) return response;
      const body = response.body
        .toString()
        .replace(
          /(<instanceId>)([\w-]+)(<\/instanceId>(?:(?!<instanceId>).)*?<instanceType>(?:<value>)?)([\w.-]+)/gs,
          (_, before, id, between, type) => `${before}${id}${between}${types.get(id) ?? type}`,
        );
      return { ...response, body: Buffer.from(body) };
    },
  };
}

function failed(code: string, message: string): Response {
  const error = `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return xml(400, `<Response><Errors>${error}</Errors>`, "</Response>");
}

function xml(status: number, ...parts: readonly string[]): Response {
  return { status, headers: { "content-type": "text/xml" }, body: Buffer.from(parts.join("")) };
}
