import { arn, type Reader, requestTags } from "../call.ts";
import { one, passing, withTags } from "./tables.ts";

/** Method and the end of the path → operation on the pipe that the path names. */
const operations: Readonly<Record<string, string>> = {
  POST: "CreatePipe",
  GET: "DescribePipe",
  PUT: "UpdatePipe",
  DELETE: "DeletePipe",
  "POST start": "StartPipe",
  "POST stop": "StopPipe",
};

const ofTags: Readonly<Record<string, string>> = {
  GET: "ListTagsForResource",
  POST: "TagResource",
  DELETE: "UntagResource",
};

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgepipes.html */
export const pipes: Reader = async ({ method, path, body }, place) => {
  const { pathname, searchParams } = new URL(path, "http://pipes");
  const input = JSON.parse(body || "{}");
  const [, tagged] = /^\/tags\/(.+)$/.exec(pathname) ?? [];
  const operationOfTags = ofTags[method];
  if (tagged && operationOfTags) {
    const keys = requestTags(input.tags ?? {}, searchParams.getAll("tagKeys"));
    return one(`pipes:${operationOfTags}`, decodeURIComponent(tagged), keys);
  }
  const [, name, ending] = /^\/v1\/pipes\/([^/]+)(?:\/(start|stop))?$/.exec(pathname) ?? [];
  const operation = operations[ending ? `${method} ${ending}` : method];
  if (!name || !operation) return undefined;
  const pipe = arn("pipes", place, `pipe/${decodeURIComponent(name)}`);
  return [
    ...withTags(`pipes:${operation}`, "pipes:TagResource", pipe, input.Tags ?? {}),
    ...(input.RoleArn ? passing(input.RoleArn, "pipes.amazonaws.com", pipe) : []),
  ];
};
