import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { readCode } from "../../../../operate/history/report/deployed-code.ts";
import {
  type ReportPorts,
  writeAllReports,
  writeReport,
} from "../../../../operate/history/report/read.ts";
import { at, incident, manual, stack } from "./support.ts";

const savedQuery = '_sourceCategory=x "i-0123456789abcdef0"\n| timeslice 10m\n| count';

/** A client of the AWS SDK whose calls end with this response or error. */
function client<T extends object>(type: { prototype: T }, respond: (input: object) => object): T {
  return Object.assign(Object.create(type.prototype), {
    config: {},
    send: async ({ input }: { input: object }) => respond(input),
  });
}

/** The ports of a stack, and what was asked of them. */
function createPorts(changes: Partial<ReportPorts> = {}) {
  const asked: object[] = [];
  const line = (time: string, message: object) => ({
    message: JSON.stringify({
      timestamp: new Date(at(time)).toISOString(),
      level: "INFO",
      message,
    }),
  });
  const logs = client(CloudWatchLogsClient, (input) => {
    // The paginator adds fields without a value.
    asked.push(JSON.parse(JSON.stringify(input)));
    return {
      events: [
        { message: "START RequestId: x" },
        { message: '{"timestamp":"2026-01-01T12:05:10.000Z","type":"platform.start"}' },
        { message: '{"timestamp":"2026-01-01T12:05:10.000Z","message":null}' },
        { message: '{"cut":' },
        line("12:05:12", { outcome: "rebooted", incidentId: incident.id, reason: "from the log" }),
      ],
    };
  });
  const ports: ReportPorts = {
    stack: { ...stack, savedSearchId: "00000000000000AB" },
    readCode: async () => ({ sha256: "c2hhMjU2", modifiedMs: at("08:00:00") }),
    logs,
    sumoLogic: {
      async get(path) {
        asked.push({ path });
        return { queryString: savedQuery };
      },
      async search(query, fromMs, toMs) {
        asked.push({ query, fromMs, toMs });
        return [{ _timeslice: String(at("12:00:00")), slow_count: "6", worst_s: "4.2" }];
      },
    },
    now: () => at("13:00:00"),
    sleep: async () => {},
    ...changes,
  };
  return { asked, ports };
}

const failing = () => {
  throw Object.assign(new Error("<denied>"), { name: "AccessDeniedException" });
};

describe("writeReport", () => {
  it("reads the log since the alert arrived, and Sumo Logic's data around the incident", async () => {
    const { asked, ports } = createPorts();

    const page = await writeReport({ ...incident, arrivedAtMs: at("12:04:50") }, ports);

    expect(asked).to.have.deep.members([
      { logGroupName: "/aws/lambda/function", startTime: at("12:04:50") },
      { path: "v1/logSearches/00000000000000AB" },
      {
        query: '_sourceCategory=x "i-0123456789abcdef0"\n| timeslice 1m\n| count',
        fromMs: at("11:34:00"),
        toMs: at("12:26:00"),
      },
    ]);
    expect(page).to.include("<p>from the log</p>");
    expect(page).to.include("SHA-256 c2hhMjU2, last changed at 2026-01-01 08:00:00 UTC");
    expect(page).to.include("<td>12:00</td><td>6</td><td>4.2</td><td>6</td>");
  });

  for (const [what, changes, note] of [
    [
      "there is no access key",
      { sumoLogic: undefined },
      "There is no chart: Sumo Logic has the data. Set SUMOLOGIC_ACCESSID and SUMOLOGIC_ACCESSKEY to an access key, and run the command again.",
    ],
    [
      "Sumo Logic does not respond",
      { sumoLogic: { get: failing, search: failing } },
      "There is no chart: AccessDeniedException: &lt;denied&gt;",
    ],
    [
      "the log cannot be read",
      { logs: client(CloudWatchLogsClient, failing) },
      "The function&#39;s log (/aws/lambda/function) could not be read, so reasons and suppressed requests are missing: AccessDeniedException: &lt;denied&gt;",
    ],
    [
      "the function cannot be read",
      { readCode: async () => failing() },
      "<dd>unknown: AccessDeniedException: &lt;denied&gt;</dd>",
    ],
    [
      "the stack is older than its output alertRule",
      {
        stack: { ...stack, rule: undefined, savedSearchId: "0" },
      },
      "There is no chart: the stack has no output alertRule: run `pulumi up` with this version.",
    ],
  ] as const) {
    it(`has a note if ${what}, and everything else`, async () => {
      const page = await writeReport(incident, createPorts(changes).ports);

      expect(page).to.include(note);
      expect(page).to.include("<h2>Timeline</h2>").and.include("</html>");
    });
  }
});

describe("readCode", () => {
  it("is the hash and the time that Lambda has", async () => {
    const asked: object[] = [];
    const lambda = client(LambdaClient, (input) => {
      asked.push(input);
      return { CodeSha256: "c2hhMjU2", LastModified: "2026-01-01T08:00:00.000+0000" };
    });

    expect(await readCode(lambda, "function")).to.deep.equal({
      sha256: "c2hhMjU2",
      modifiedMs: at("08:00:00"),
    });
    expect(asked).to.deep.equal([{ FunctionName: "function" }]);
  });
});

describe("writeAllReports", () => {
  it("reads the log once, since the earliest claim", async () => {
    const { asked, ports } = createPorts();

    await writeAllReports([incident, manual], ports);

    expect(asked.filter((it) => "logGroupName" in it)).to.deep.equal([
      { logGroupName: "/aws/lambda/function", startTime: at("09:00:00") },
    ]);
  });

  it("asks neither the log nor Sumo Logic without an incident", async () => {
    const { asked, ports } = createPorts();

    await writeAllReports([], ports);

    expect(asked).to.deep.equal([]);
  });

  it("has a chart of the ten latest of 500 incidents, and says how to get the others", async () => {
    const { asked, ports } = createPorts();

    const page = await writeAllReports(Array(500).fill(incident), ports);

    expect(asked.filter((it) => "query" in it)).to.have.length(10);
    expect(page.match(/<figure>/g)).to.have.length(10);
    expect(
      page.match(
        /only the latest 10 have one\. `npm run -s history -- --html INCIDENT` draws it\./g,
      ),
    ).to.have.length(490);
  });
});
