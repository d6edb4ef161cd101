import { expect } from "chai";
import { loadProgram } from "../../../sandbox/engine/program.ts";
import { runQuery } from "../../../sandbox/sumo-logic/query.ts";
import { logsPage } from "../../logs-page.ts";
import { type BackEnds, startBackEnds } from "./back-end.ts";
import {
  get,
  getTwice,
  giveUp,
  hangUp,
  readSlowly,
  sendBodySlowly,
  sendHeaderSlowly,
} from "./clients.ts";
import { hasApache, hasNginx, startApache, startNginx } from "./web-servers.ts";

const { logCheckQuery } =
  loadProgram<typeof import("../../../infra/alert-query.ts")>("infra/alert-query.ts");

type Client = (port: number) => Promise<void>;
/**
 * What a client does, the status in its line, and the seconds that count. `null`: none, because
 * the request did not reach the service.
 */
type Case = readonly [what: string, path: string, Client, status: string, seconds: number | null];

/** The delay that a busy machine can add; less than the slow clients need. */
const slackSeconds = 1.9;
/** Seconds that a slow client spends on phases that do not count. */
const clientSeconds = 4;
/** Large enough to block the sender if the client does not read. */
const manyBytes = 30_000_000;

/** The status and the seconds that the queries read, by path. */
function recordedIn(lines: readonly string[]) {
  const messages = lines.map((raw) => ({ raw, sourceCategory: "web/access", timeMs: 0 }));
  const rows = runQuery(logCheckQuery("web/access"), messages);
  return new Map(
    rows.map(({ path, worst_s: seconds }) => {
      const ofPath = lines.map((line) => JSON.parse(line)).filter((it) => it.path === path);
      return [path, { seconds, statuses: [...new Set(ofPath.map(({ status }) => status))] }];
    }),
  );
}

/** Runs all clients concurrently, because each of them mostly waits, then compares line by line. */
function checkCases(
  cases: readonly Case[],
  start: () => Promise<{ port: number; stop(): Promise<string[]> }>,
) {
  let lines: string[];
  before(async () => {
    const server = await start();
    try {
      await Promise.all(cases.map(([, , client]) => client(server.port)));
    } finally {
      lines = await server.stop();
    }
  });

  it("writes only JSON, with the three fields", () => {
    for (const line of lines) {
      expect(JSON.parse(line)).to.include.keys("path", "response_time_s", "instance_id");
    }
  });

  for (const [what, path, , status, seconds] of cases) {
    it(`counts ${seconds ?? "no"} s for ${what}`, () => {
      const recorded = recordedIn(lines).get(path);

      expect(recorded?.statuses).to.deep.equal([status]);
      if (seconds === null) expect(recorded?.seconds).to.equal(null);
      else expect(recorded?.seconds).to.be.within(seconds - 0.05, seconds + slackSeconds);
    });
  }
}

function upstream(name: string, ports: readonly number[]): string {
  return `upstream ${name} { ${ports.map((it) => `server 127.0.0.1:${it};`).join(" ")} }`;
}

/** A location that forwards requests to a port, an address or an upstream. */
function location(path: string, to: number | string, more = ""): string {
  const server = typeof to === "number" ? `127.0.0.1:${to}` : to;
  return `location ${path} { proxy_pass http://${server}; ${more} }`;
}

/** Gives up on a back end that hangs after two seconds. */
const impatient = "proxy_read_timeout 2s;";

/** Each path is one location: `get("/two")` requests it, with instructions for the back end. */
const asking =
  (path: string, query = "") =>
  (port: number) =>
    get(port, `${path}?${query}`);

describe("docs/logs.md", () => {
  let backEnds: BackEnds;
  before(async () => {
    backEnds = await startBackEnds();
  });
  after(() => backEnds.stop());

  describe("nginx's format, written by a real nginx", () => {
    if (!hasNginx) {
      console.log("nginx is NOT tested, since it is missing: set SANDBOX_NGINX to its path");
      return;
    }
    const cases: Case[] = [
      ["a response", "/plain", asking("/plain", "delay=0"), "200", 0],
      ["a slow response", "/slow", asking("/slow", "delay=1.5"), "200", 1.5],
      ["a back end that hangs", "/hanging", asking("/hanging"), "504", 2],
      ["a back end that refuses", "/refusing", asking("/refusing"), "502", 0],
      ["two back ends, the first hanging", "/two", asking("/two", "delay=0.5"), "200", 2.5],
      ["three back ends, two hanging", "/three", asking("/three", "delay=0.5"), "200", 4.5],
      ["two back ends that both hang", "/both", asking("/both"), "504", 4],
      ["a hanging back end behind one that refuses", "/behind", asking("/behind"), "504", 2],
      ["a hanging one that is the eighth", "/eighth", asking("/eighth"), "504", 2],
      ["error_page to a named location", "/named", asking("/named", "delay=0.5"), "200", 2.5],
      ["X-Accel-Redirect", "/accel", asking("/accel", "delay=1&accel=/inner"), "200", 2],
      ["a client that gives up", "/given-up", (port) => giveUp(port, "/given-up", 1.2), "499", 1.2],
      ["a response of nginx itself", "/local", asking("/local"), "204", null],
      [
        "a client that reads slowly",
        "/read-slowly",
        (port) => readSlowly(port, `/read-slowly?bytes=${manyBytes}`, clientSeconds),
        "200",
        0,
      ],
      [
        "a client that sends its header slowly",
        "/header",
        (port) => sendHeaderSlowly(port, "/header", clientSeconds),
        "200",
        0,
      ],
      [
        "a client that sends its body slowly",
        "/body",
        (port) => sendBodySlowly(port, "/body", clientSeconds),
        "200",
        0,
      ],
      [
        "a connection kept alive",
        "/kept",
        (port) => getTwice(port, "/kept", clientSeconds),
        "200",
        0,
      ],
      [
        "a client that reads slowly, with proxy_buffering off",
        "/unbuffered",
        (port) => readSlowly(port, `/unbuffered?bytes=${manyBytes}`, clientSeconds),
        "200",
        clientSeconds,
      ],
    ];

    checkCases(cases, () => {
      const { working, hanging, refusing } = backEnds;
      return startNginx({
        http: [
          upstream("two", [hanging[0], working]),
          upstream("three", [...hanging, working]),
          upstream("both", hanging),
          upstream("behind", [refusing, hanging[0]]),
          // Seven attempts at the same server.
          upstream("eighth", [...Array<number>(7).fill(refusing), hanging[0]]),
        ].join("\n"),
        server: [
          location("/", working),
          location("/hanging", hanging[0], impatient),
          location("/refusing", refusing),
          ...["two", "three", "both", "behind", "eighth"].map((it) =>
            location(`/${it}`, it, impatient),
          ),
          location("/named", hanging[0], `${impatient} error_page 504 = @other;`),
          location("@other", working),
          location("/inner", `127.0.0.1:${working}/inner?delay=1`, "internal;"),
          location("/given-up", hanging[0]),
          "location /local { return 204; }",
          location("/unbuffered", working, "proxy_buffering off;"),
        ].join("\n"),
      });
    });
  });

  describe("additions to nginx's format", () => {
    if (!hasNginx) return;
    const authRequest = (by: string) =>
      `auth_request ${by}; auth_request_set $auth_time $upstream_response_time;`;

    for (const addition of [
      "auth_request_set $auth_time $upstream_response_time;",
      '"response_time_s":"$auth_time, $upstream_response_time"',
      '"header_time_s":"$upstream_header_time"',
    ]) {
      it(`is on the page: ${addition}`, () => {
        expect(logsPage).to.include(`\`${addition}\``);
      });
    }

    checkCases(
      [
        ["a slow auth_request", "/private", asking("/private", "delay=0.5"), "200", 1.5],
        ["an auth_request that hangs", "/locked", asking("/locked"), "500", 2],
        ["a path without auth_request", "/plain", asking("/plain", "delay=0.5"), "200", 0.5],
      ],
      () => {
        const { working, hanging } = backEnds;
        return startNginx({
          field: '"response_time_s":"$auth_time, $upstream_response_time"',
          server: [
            location("/private", working, authRequest("/permission")),
            location("/locked", working, authRequest("/no-permission")),
            location("/plain", working),
            location("= /permission", `127.0.0.1:${working}/permission?delay=1`, "internal;"),
            location("= /no-permission", hanging[0], `internal; ${impatient}`),
          ].join("\n"),
        });
      },
    );

    it("shows in header_time_s that the client read slowly", async () => {
      const server = await startNginx({
        field:
          '"response_time_s":"$upstream_response_time","header_time_s":"$upstream_header_time"',
        server: location("/", backEnds.working, "proxy_buffering off;"),
      });

      await readSlowly(server.port, `/?bytes=${manyBytes}`, clientSeconds);

      const [line = ""] = await server.stop();
      expect(Number(JSON.parse(line).response_time_s)).to.be.at.least(clientSeconds - 0.05);
      expect(Number(JSON.parse(line).header_time_s)).to.be.below(slackSeconds);
    });
  });

  describe("Apache's format, written by a real Apache", () => {
    if (!hasApache) {
      console.log("Apache is NOT tested, since it is missing: set SANDBOX_APACHE to its path");
      return;
    }
    const cases: Case[] = [
      ["a response", "/plain", asking("/plain", "delay=0"), "200", 0],
      ["a slow response", "/slow", asking("/slow", "delay=1.5"), "200", 1.5],
      [
        "a slow response to HEAD",
        "/head",
        (port) => get(port, "/head?delay=1.5", "HEAD"),
        "200",
        1.5,
      ],
      ["a back end that hangs", "/hanging", asking("/hanging"), "502", 2],
      ["a hanging one with an ErrorDocument", "/excused", asking("/excused"), "502", 2],
      ["a back end that refuses", "/refusing", asking("/refusing"), "503", 0],
      ["a balancer, one refusing", "/balanced", asking("/balanced", "delay=1"), "200", 1],
      ["a slow 503 of the back end", "/busy", asking("/busy", "delay=2.5&status=503"), "503", 2.5],
      ["a client that gives up", "/given-up", (port) => giveUp(port, "/given-up", 1), "502", 2],
      ["a response of Apache itself", "/local", asking("/local"), "404", 0],
      [
        "a client that reads slowly",
        "/read-slowly",
        (port) => readSlowly(port, `/read-slowly?bytes=${manyBytes}`, clientSeconds),
        "200",
        0,
      ],
      [
        "a connection kept alive",
        "/kept",
        (port) => getTwice(port, "/kept", clientSeconds),
        "200",
        0,
      ],
      [
        "a client that sends its header too slowly",
        "/header",
        (port) => sendHeaderSlowly(port, "/header", 6),
        "408",
        null,
      ],
      [
        "a client that sends its body too slowly",
        "/late",
        (port) => sendBodySlowly(port, "/late", 6),
        "408",
        null,
      ],
      [
        "a client that hangs up in the middle of its request",
        "/incomplete",
        (port) => hangUp(port, "/incomplete", 2),
        "400",
        null,
      ],
      [
        "a client that sends its body slowly, which Apache cannot distinguish",
        "/body",
        (port) => sendBodySlowly(port, "/body", 2),
        "200",
        2,
      ],
    ];

    checkCases(cases, () => {
      const { working, hanging, refusing } = backEnds;
      return startApache(`
        RequestReadTimeout header=4 body=4
        Redirect 404 /local
        <Location /excused>
          ErrorDocument 502 "sorry"
        </Location>
        <Proxy balancer://pool>
          BalancerMember http://127.0.0.1:${refusing}
          BalancerMember http://127.0.0.1:${working}
        </Proxy>
        ProxyPass /local !
        # The paths of one back end share this timeout.
        ProxyPass /hanging http://127.0.0.1:${hanging[0]} timeout=2
        ProxyPass /excused http://127.0.0.1:${hanging[0]}
        ProxyPass /given-up http://127.0.0.1:${hanging[0]}
        ProxyPass /refusing http://127.0.0.1:${refusing}
        ProxyPass /balanced balancer://pool
        ProxyPass / http://127.0.0.1:${working}/`);
    });
  });
});
