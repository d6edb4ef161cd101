import { expect } from "chai";
import type { Link } from "../../../operate/drill/link.ts";
import { links } from "../../../operate/drill/links.ts";
import { monitorLinks } from "../../../operate/drill/monitors.ts";
import { instanceToReboot } from "../../../operate/drill/request.ts";
import { SumoLogicError } from "../../../operate/drill/sumo-logic.ts";
import { targetGroupLink } from "../../../operate/drill/target-group.ts";
import { awsClient, errorOf, group, ports } from "./support.ts";

function check(name: string, given: Record<string, unknown>): Promise<string> {
  const link: Link | undefined = links.find((it) => it.name.includes(name));
  if (!link) throw new Error(`no link ${name}`);
  return link.check(ports({ stack: group, ...given }));
}

const lineOf = (instance_id: string) => ({ instance_id, path: "/api/data", lines: "7" });

describe("the drill of a group", () => {
  const linesOf = (...ids: string[]) => ({
    sumoLogic: { get: async () => ({ queryString: "q" }), search: async () => ids.map(lineOf) },
  });

  it("shows the lines of each instance", async () => {
    const given = linesOf("i-0000000c", "i-0000000a", "i-0000000b");

    expect(await check("server's lines", given)).to.equal(
      "i-0000000a: 7 of /api/data; i-0000000b: 7 of /api/data; i-0000000c: 7 of /api/data",
    );
  });

  it("names each instance without lines", async () => {
    expect(await errorOf(check("server's lines", linesOf("i-0000000b")))).to.equal(
      "i-0000000a: no line of i-0000000a in 10 minutes; see docs/logs.md for what the lines must have; " +
        "i-0000000c: no line of i-0000000c in 10 minutes; see docs/logs.md for what the lines must have",
    );
  });

  it("posts its line for one of the instances", async () => {
    const bodies: string[] = [];
    await check("HTTP source", {
      post: async (_url: string, { body }: { body: string }) => {
        bodies.push(body);
        return { status: 200, body: "" };
      },
      sumoLogic: {
        get: async () => ({ queryString: "q" }),
        search: async () => [{ worst_s: "1767268800" }],
      },
    });

    expect(bodies.map((it) => JSON.parse(it).instance_id)).to.deep.equal(["i-0000000a"]);
  });

  it("runs a dry run for each instance, and goes on after one that is refused", async () => {
    const payloads: unknown[] = [];
    const lambda = awsClient({
      InvokeCommand: ({ Payload }) => {
        const payload = JSON.parse(String(Payload));
        payloads.push(payload);
        const response =
          payload.instanceId === "i-0000000b"
            ? { outcome: "failed" }
            : { outcome: "dry-run", instanceId: payload.instanceId, reason: "permitted" };
        return { Payload: { transformToString: () => JSON.stringify(response) } };
      },
    });

    expect(await errorOf(check("dry run", { lambda }))).to.equal(
      'i-0000000b: {"outcome":"failed"}',
    );
    expect(payloads).to.deep.equal([
      { instanceId: "i-0000000a", dryRun: true, reason: "drill" },
      { instanceId: "i-0000000b", dryRun: true, reason: "drill" },
      { instanceId: "i-0000000c", dryRun: true, reason: "drill" },
    ]);
  });

  const silence = (id: string) => ({
    name: `silent ${id.slice(-1)}`,
    isDisabled: false,
    createdBy: id === "00000000000000AC" ? "0000000000000019" : "0000000000000017",
    status: ["Normal"],
    notifications: [{ notification: { recipients: ["a@example.com"] } }],
  });

  it("checks the silence monitor of each instance", async () => {
    const sumoLogic = { get: async (path: string) => silence(path) };

    expect(await check("missing lines", { sumoLogic })).to.equal(
      'i-0000000a: "silent A" to a@example.com; i-0000000b: "silent B" to a@example.com; i-0000000c: "silent C" to a@example.com',
    );
  });

  it("names the instances whose silence monitor is missing or was never created", async () => {
    const { "i-0000000a": first = "", "i-0000000b": second = "" } = group.silenceMonitorIds;
    const stack = {
      ...group,
      silenceMonitorIds: { "i-0000000a": first, "i-0000000b": second },
    };
    const get = async (path: string) => {
      if (path.endsWith(second)) throw new SumoLogicError(404, `GET ${path}: 404`);
      return silence(path);
    };

    expect(await errorOf(check("missing lines", { stack, sumoLogic: { get } }))).to.equal(
      "i-0000000b: GET v1/monitors/00000000000000AB: 404; i-0000000c: it has no monitor: run `pulumi up`",
    );
  });

  it("leaves what Sumo Logic does not allow to the drill", async () => {
    const get = async () => {
      throw new SumoLogicError(403, "GET v1/monitors: 403");
    };

    expect(await errorOf(check("missing lines", { sumoLogic: { get } }))).to.equal(
      "GET v1/monitors: 403",
    );
  });

  it("names the resource of the silence monitor whose owner was deleted", async () => {
    const get = async (path: string) => {
      if (path.startsWith("v1/monitors/")) return silence(path.slice("v1/monitors/".length));
      if (path === "v1/users/0000000000000017") return { email: "a@example.com" };
      throw new SumoLogicError(404, "404");
    };
    const link = monitorLinks.find((it) => it.name.includes("existing user"));

    expect(
      await errorOf(Promise.resolve(link?.check(ports({ stack: group, sumoLogic: { get } })))),
    ).to.include("`pulumi up --target-replace '**::silence-i-0000000c'`");
  });
});

describe("targetGroupLink", () => {
  const registered = (...ids: string[]) =>
    ports({
      stack: group,
      loadBalancers: awsClient({
        DescribeTargetHealthCommand: ({ TargetGroupArn }) => ({
          TargetHealthDescriptions:
            TargetGroupArn === group.targetGroupArn ? ids.map((Id) => ({ Target: { Id } })) : [],
        }),
      }),
    });

  it("passes when every instance is registered, whatever else is", async () => {
    const given = registered("i-0000000c", "i-0000000b", "i-0000000a", "i-0000000d");

    expect(await targetGroupLink.check(given)).to.equal("3 instances");
  });

  for (const [ids, missing] of [
    [["i-0000000a", "i-0000000c"], "i-0000000b is"],
    [["i-0000000b", "10.0.0.1"], "i-0000000a, i-0000000c are"],
  ] as const) {
    it(`says that ${missing} not registered`, async () => {
      expect(await errorOf(targetGroupLink.check(registered(...ids)))).to.equal(
        `${missing} not registered in arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/web/0123456789abcdef: register each instance by its id in a target group of the type instance`,
      );
    });
  }
});

describe("instanceToReboot", () => {
  const [one, several] = [["i-0000000a"], ["i-0000000a", "i-0000000b"]] as const;

  for (const [what, reboot, instance, ids, expected] of [
    ["nothing without --reboot", false, undefined, several, undefined],
    ["the only instance of the stack", true, undefined, one, "i-0000000a"],
    ["the only instance if it is named", true, "i-0000000a", one, "i-0000000a"],
    ["the named instance of a group", true, "i-0000000b", several, "i-0000000b"],
  ] as const) {
    it(`is ${what}`, () => {
      expect(instanceToReboot({ reboot, instance }, ids)).to.equal(expected);
    });
  }

  for (const [reboot, instance, problem] of [
    [
      true,
      undefined,
      "--reboot: names no instance; expected --instance with one of i-0000000a, i-0000000b",
    ],
    [
      true,
      "i-0000000c",
      '--instance: got "i-0000000c"; expected an instance of the stack: i-0000000a, i-0000000b',
    ],
    [
      false,
      "i-0000000a",
      "--instance: has no effect without --reboot; the drill checks every instance",
    ],
  ] as const) {
    it(`refuses a group with ${reboot ? "--reboot" : "no --reboot"} and ${instance}`, () => {
      expect(() => instanceToReboot({ reboot, instance }, several)).to.throw(problem);
    });
  }
});
