import type { IncomingHttpHeaders } from "node:http";
import { gunzipSync, inflateSync, zstdDecompressSync } from "node:zlib";
import { ApiError, type Item } from "./collection.ts";
import type { LogMessage } from "./query.ts";

/**
 * The messages of one request to an HTTP source: one a line, at most once decompressed. A header
 * X-Sumo-Category goes before the source's own category. A message's time is the first timestamp in
 * it, or that of its receipt.
 * https://help.sumologic.com/docs/send-data/hosted-collectors/http-source/logs-metrics/upload-logs/
 */
export function readMessages(
  source: Item,
  headers: IncomingHttpHeaders,
  body: Buffer,
  receivedMs: number,
): LogMessage[] {
  const sourceCategory = String(headers["x-sumo-category"] ?? source.category ?? "");
  return decompress(body, headers["content-encoding"])
    .toString("utf8")
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .map((raw) => ({ raw, sourceCategory, timeMs: timestampOf(raw) ?? receivedMs }));
}

function decompress(body: Buffer, encoding: string | undefined): Buffer {
  const decoders: Record<string, (content: Buffer) => Buffer> = {
    identity: (content) => content,
    gzip: gunzipSync,
    deflate: inflateSync,
    zstd: zstdDecompressSync,
  };
  const decode = decoders[encoding ?? "identity"];
  if (!decode) throw new ApiError(415, "encoding", `unknown content encoding ${encoding}`);
  try {
    return decode(body);
  } catch (error) {
    throw new ApiError(400, "encoding", `not ${encoding}: ${(error as Error).message}`);
  }
}

/** Sumo Logic knows many forms of time; the access log has this one. */
function timestampOf(raw: string): number | undefined {
  const iso = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)/.exec(raw)?.[0];
  const timeMs = iso === undefined ? Number.NaN : Date.parse(iso);
  return Number.isNaN(timeMs) ? undefined : timeMs;
}
