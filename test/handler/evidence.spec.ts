import { expect } from "chai";
import type { EvidenceClients } from "../../handler/evidence-clients.ts";
import { loadProgram } from "../../sandbox/engine/program.ts";
import { awsError, failing, instanceId, nowMs } from "./support.ts";

const { captureEvidence } =
  loadProgram<typeof import("../../handler/evidence.ts")>("handler/evidence.ts");

const consoleText = "Out of memory: Killed process 1523";
const base64 = (text: string) => Buffer.from(text).toString("base64");
const never = () => new Promise<never>(() => {});

/** Captures with clients that do what the test says, and returns the result and what was sent. */
async function capture(
  behavior: Partial<EvidenceClients> = {},
  { limitMs = 9_000, wait = never } = {},
) {
  const sent: unknown[] = [];
  const limits: number[] = [];
  const clients = {
    load: async () => {},
    getConsoleOutput: async () => ({ $metadata: {}, Output: base64(consoleText) }),
    getConsoleScreenshot: async () => ({ $metadata: {}, ImageData: base64("picture") }),
    putObject: async (input: unknown, limit: number) => {
      sent.push(input);
      limits.push(limit);
    },
    ...behavior,
  } as EvidenceClients;
  const result = await captureEvidence(
    "alert-1",
    { bucketName: "evidence", clients },
    { instanceId, now: () => nowMs, wait },
    limitMs,
  );
  return { result, sent, limits };
}

describe("captureEvidence", () => {
  it("stores the console output and a screenshot below the incident's prefix", async () => {
    const { result, sent } = await capture();

    expect(result).to.deep.equal({ captured: ["console output", "screenshot"], failures: [] });
    expect(sent).to.have.deep.members([
      {
        Bucket: "evidence",
        Key: "incident/alert-1/console.txt",
        Body: Buffer.from(consoleText),
        ContentType: "text/plain; charset=utf-8",
      },
      {
        Bucket: "evidence",
        Key: "incident/alert-1/screenshot.jpg",
        Body: Buffer.from("picture"),
        ContentType: "image/jpeg",
      },
    ]);
  });

  it("asks for the latest output, and for the other one from instances that have no latest", async () => {
    const asked: unknown[] = [];

    const { result } = await capture({
      async getConsoleOutput(input) {
        asked.push(input);
        if (input.Latest) throw awsError("UnsupportedOperation", 400);
        return { $metadata: {}, Output: base64(consoleText) };
      },
    });

    expect(asked).to.deep.equal([
      { InstanceId: "i-0123456789abcdef0", Latest: true },
      { InstanceId: "i-0123456789abcdef0" },
    ]);
    expect(result.captured).to.deep.equal(["console output", "screenshot"]);
  });

  for (const [what, behavior, result] of [
    [
      "a refused console",
      { getConsoleOutput: failing(awsError("UnauthorizedOperation", 403)) },
      {
        captured: ["screenshot"],
        failures: ["console output: UnauthorizedOperation: UnauthorizedOperation happened"],
      },
    ],
    [
      "an empty console",
      { getConsoleOutput: async () => ({ $metadata: {} }) },
      {
        captured: ["screenshot"],
        failures: ["console output: Error: EC2 has no console output of the instance"],
      },
    ],
    [
      "no screenshot",
      { getConsoleScreenshot: async () => ({ $metadata: {}, ImageData: "" }) },
      {
        captured: ["console output"],
        failures: ["screenshot: Error: EC2 has no screenshot of the instance"],
      },
    ],
    [
      "a bucket that is gone",
      { putObject: failing(awsError("NoSuchBucket", 404)) },
      {
        captured: [],
        failures: [
          "console output: NoSuchBucket: NoSuchBucket happened",
          "screenshot: NoSuchBucket: NoSuchBucket happened",
        ],
      },
    ],
  ] as const) {
    it(`reports ${what}, and stores the rest`, async () => {
      expect((await capture(behavior as Partial<EvidenceClients>)).result).to.deep.equal(result);
    });
  }

  it("ends after three seconds although no call ends", async () => {
    const waits: number[] = [];
    const wait = async (milliseconds: number) => void waits.push(milliseconds);

    const { result } = await capture(
      { getConsoleOutput: never, getConsoleScreenshot: never },
      { wait: wait as () => Promise<never> },
    );

    expect(waits).to.deep.equal([3000, 3000]);
    expect(result).to.deep.equal({
      captured: [],
      failures: [
        "console output: Error: not finished within 3000 ms",
        "screenshot: Error: not finished within 3000 ms",
      ],
    });
  });

  it("ends within what is left of the function's timeout", async () => {
    const { limits } = await capture({}, { limitMs: 700 });

    expect(limits).to.deep.equal([700, 700]);
  });

  it("captures nothing if no time is left", async () => {
    const { result, sent } = await capture({}, { limitMs: 0 });

    expect(sent).to.deep.equal([]);
    expect(result).to.deep.equal({
      captured: [],
      failures: ["no time was left before the reboot"],
    });
  });
});
