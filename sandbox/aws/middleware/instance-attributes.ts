import { DescribeInstancesCommand, EC2Client } from "@aws-sdk/client-ec2";
import type { Response } from "../../http.ts";
import { type AwsTarget, unlessGone } from "../provider/aws-target.ts";
import type { Middleware } from "./middleware.ts";

/** Changes of instances' attributes that the emulator does not support. */
export interface InstanceAttributes {
  /** The type of an instance as it has been changed; nothing if there is no such instance. */
  instanceTypeOf(id: string): Promise<string | undefined>;
  /** Makes the changes, and shows them in the emulator's responses. */
  readonly middleware: Middleware;
}

/**
 * ModifyInstanceAttribute with an instance type, which needs a stopped instance, and with termination
 * protection switched off, which it is anyway. The emulator refuses everything else.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceAttribute.html
 */
export function createInstanceAttributes(emulator: AwsTarget): InstanceAttributes {
  const ec2 = new EC2Client(emulator);
  const types = new Map<string, string>();

  async function find(id: string) {
    const found = await unlessGone(ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] })));
    return found?.Reservations?.[0]?.Instances?.[0];
  }

  /** The response to a change that the emulator does not support; nothing for any other request. */
  async function change(input: URLSearchParams): Promise<Response | undefined> {
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
  }

  function withChanges(response: Response): Response {
    if (types.size === 0) return response;
    const body = response.body
      .toString()
      .replace(
        /(<instanceId>)([\w-]+)(<\/instanceId>(?:(?!<instanceId>).)*?<instanceType>(?:<value>)?)([\w.-]+)/gs,
        (_, before, id, between, type) => `${before}${id}${between}${types.get(id) ?? type}`,
      );
    return { ...response, body: Buffer.from(body) };
  }

  return {
    instanceTypeOf: async (id) => types.get(id) ?? (await find(id))?.InstanceType,
    async middleware(call, next) {
      if (call.request.service !== "ec2") return next(call);
      const changed = await change(new URLSearchParams(call.request.body));
      return changed ?? withChanges(await next(call));
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
