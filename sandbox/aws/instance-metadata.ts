import type { Response } from "../http.ts";

/** The options of an instance's metadata service that the program sets. */
interface MetadataOptions {
  readonly httpTokens: string;
  readonly httpEndpoint: string;
}

/** What EC2 has where RunInstances gives nothing. */
const defaults: MetadataOptions = { httpTokens: "optional", httpEndpoint: "enabled" };

/**
 * The options of instances' metadata services, which the emulator neither keeps nor changes. It learns
 * from requests and responses, adds what it knows to the responses of DescribeInstances, and handles
 * ModifyInstanceMetadataOptions itself:
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceMetadataOptions.html
 */
export function createMetadataOptions() {
  const known = new Map<string, MetadataOptions>();
  const given = (input: URLSearchParams, prefix: string, else_: MetadataOptions) => ({
    httpTokens: input.get(`${prefix}HttpTokens`) ?? else_.httpTokens,
    httpEndpoint: input.get(`${prefix}HttpEndpoint`) ?? else_.httpEndpoint,
  });
  return {
    /** The response to a request that the emulator does not support; nothing for any other. */
    answer(input: URLSearchParams): Response | undefined {
      if (input.get("Action") !== "ModifyInstanceMetadataOptions") return undefined;
      const id = input.get("InstanceId") ?? "";
      const options = given(input, "", known.get(id) ?? defaults);
      known.set(id, options);
      const body =
        '<ModifyInstanceMetadataOptionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">' +
        `<instanceId>${id}</instanceId><instanceMetadataOptions>${fieldsOf(options)}` +
        "</instanceMetadataOptions></ModifyInstanceMetadataOptionsResponse>";
      return { status: 200, headers: { "content-type": "text/xml" }, body: Buffer.from(body) };
    },
    /** The emulator's response, with what it leaves out. */
    complete(input: URLSearchParams, answer: Response): Response {
      const action = input.get("Action");
      if (answer.status !== 200) return answer;
      const text = answer.body.toString();
      if (action === "RunInstances") {
        for (const [, id] of text.matchAll(instanceId)) {
          known.set(id ?? "", given(input, "MetadataOptions.", defaults));
        }
      }
      if (action !== "RunInstances" && action !== "DescribeInstances") return answer;
      const body = text.replaceAll(
        instanceId,
        (found, id) =>
          `${found}<metadataOptions>${fieldsOf(known.get(id) ?? defaults)}</metadataOptions>`,
      );
      return { ...answer, body: Buffer.from(body) };
    },
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
