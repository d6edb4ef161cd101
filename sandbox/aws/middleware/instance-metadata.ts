import type { Response } from "../../http.ts";
import type { Middleware } from "./middleware.ts";

/** The options of an instance's metadata service that the program sets. */
interface MetadataOptions {
  readonly httpTokens: string;
  readonly httpEndpoint: string;
}

/** What EC2 has where RunInstances gives nothing. */
const defaults: MetadataOptions = { httpTokens: "optional", httpEndpoint: "enabled" };

/**
 * Keeps the options of instances' metadata services, which the emulator neither stores nor changes: it
 * learns them from requests and responses, adds them to the responses of DescribeInstances, and handles
 * ModifyInstanceMetadataOptions itself:
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceMetadataOptions.html
 */
export function metadataOptions(): Middleware {
  const known = new Map<string, MetadataOptions>();
  const given = (input: URLSearchParams, prefix: string, else_: MetadataOptions) => ({
    httpTokens: input.get(`${prefix}HttpTokens`) ?? else_.httpTokens,
    httpEndpoint: input.get(`${prefix}HttpEndpoint`) ?? else_.httpEndpoint,
  });

  /** The response to a request that the emulator does not support; nothing for any other. */
  function change(input: URLSearchParams): Response | undefined {
    if (input.get("Action") !== "ModifyInstanceMetadataOptions") return undefined;
    const id = input.get("InstanceId") ?? "";
    const options = given(input, "", known.get(id) ?? defaults);
    known.set(id, options);
    const body =
      '<ModifyInstanceMetadataOptionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">' +
      `<instanceId>${id}</instanceId><instanceMetadataOptions>${fieldsOf(options)}` +
      "</instanceMetadataOptions></ModifyInstanceMetadataOptionsResponse>";
    return { status: 200, headers: { "content-type": "text/xml" }, body: Buffer.from(body) };
  }

  /** The emulator's response, with the options that it leaves out. */
  function complete(input: URLSearchParams, response: Response): Response {
    const action = input.get("Action");
    if (response.status !== 200) return response;
    const text = response.body.toString();
    if (action === "RunInstances") {
      for (const [, id] of text.matchAll(instanceId)) {
        known.set(id ?? "", given(input, "MetadataOptions.", defaults));
      }
    }
    if (action !== "RunInstances" && action !== "DescribeInstances") return response;
    const body = text.replaceAll(
      instanceId,
      (found, id) =>
        `${found}<metadataOptions>${fieldsOf(known.get(id) ?? defaults)}</metadataOptions>`,
    );
    return { ...response, body: Buffer.from(body) };
  }

  return async (call, next) => {
    if (call.request.service !== "ec2") return next(call);
    const input = new URLSearchParams(call.request.body);
    return change(input) ?? complete(input, await next(call));
  };
}

/** Of an instance itself: an attachment names its instance elsewhere. */
const instanceId = /<instanceId>(i-[0-9a-f]+)<\/instanceId>(?=\s*<imageId>)/g;

function fieldsOf({ httpTokens, httpEndpoint }: MetadataOptions): string {
  return (
    "<state>applied</state>" +
    `<httpTokens>${httpTokens}</httpTokens><httpEndpoint>${httpEndpoint}</httpEndpoint>`
  );
}
