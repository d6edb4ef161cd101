import { expect } from "chai";
import { monitorLinks } from "../../../operate/drill/monitors.ts";
import { mutesAfter } from "../../../operate/drill/muting.ts";
import { SumoLogicError } from "../../../operate/drill/sumo-logic.ts";
import { errorOf, ports } from "./support.ts";

/** A link on an API that responds to paths; everything else is missing. */
function check(name: string, responses: Record<string, unknown>): Promise<string> {
  const link = monitorLinks.find((it) => it.name.includes(name));
  if (!link) throw new Error(`no link ${name}`);
  const get = async (path: string) => {
    if (path in responses) return responses[path];
    throw new SumoLogicError(404, `GET ${path}: 404`);
  };
  return link.check(ports({ sumoLogic: { get } }));
}

const [latencyId, silenceId] = ["00000000000000A1", "00000000000000A2"];
const monitors = (latency: object = {}, silence: object = {}) => ({
  [`v1/monitors/${latencyId}`]: {
    name: "slow",
    isDisabled: false,
    status: ["Normal"],
    createdBy: "0000000000000017",
    ...latency,
  },
  [`v1/monitors/${silenceId}`]: {
    name: "silent",
    isDisabled: false,
    status: ["MissingData"],
    createdBy: "0000000000000017",
    ...silence,
  },
});

describe("the link of monitors that Sumo Logic disables", () => {
  it("shows what both monitors do, with Sumo Logic's warnings", async () => {
    const warnings = { query: "The query scans much data" };

    expect(await check("has not disabled", monitors({ warnings }))).to.equal(
      '"slow" is Normal; The query scans much data, "silent" is MissingData',
    );
  });

  it("is broken when a monitor is enabled and does not run", async () => {
    expect(
      await errorOf(check("has not disabled", monitors({}, { status: ["Disabled"] }))),
    ).to.equal(
      '"silent" is enabled, but Sumo Logic does not run it. The search `_index=sumologic_system_events MonitorSystemDisabled 00000000000000A2` shows why; fix that, then disable the monitor and enable it again',
    );
  });

  it("leaves what a person disabled to the other links", async () => {
    const disabled = monitors({ isDisabled: true, status: ["Disabled"] });

    expect(await check("has not disabled", disabled)).to.include('"slow" is Disabled');
  });
});

describe("the link of the monitors' owner", () => {
  const user = { email: "a@example.com", isActive: true };

  it("names the user", async () => {
    const responses = { ...monitors(), "v1/users/0000000000000017": user };

    expect(await check("existing user", responses)).to.equal("a@example.com");
  });

  it("passes for a deactivated user, whose monitors go on, and says so", async () => {
    const responses = {
      ...monitors(),
      "v1/users/0000000000000017": { ...user, isActive: false },
    };

    expect(await check("existing user", responses)).to.equal("a@example.com (deactivated)");
  });

  it("passes for a service account, which is no user", async () => {
    const responses = { ...monitors(), "v1/serviceAccounts/0000000000000017": { name: "pulumi" } };

    expect(await check("existing user", responses)).to.equal("service account pulumi");
  });

  it("is broken when the owner was deleted, and says how to get another one", async () => {
    const responses = {
      ...monitors({}, { createdBy: "0000000000000019" }),
      "v1/users/0000000000000017": user,
    };

    expect(await errorOf(check("existing user", responses))).to.equal(
      "\"silent\" belongs to 0000000000000019, which is neither a user nor a service account any more: the monitor can stop. Set the access key of a service account, then run `pulumi up --target-replace '**::silence'`",
    );
  });
});

describe("the link of muting schedules", () => {
  const path = (id: string) => ({
    pathItems: [{ id: "0000000000000001" }, { id: "00000000000000F1" }, { id }],
  });
  const paths = {
    [`v1/monitors/${latencyId}/path`]: path(latencyId),
    [`v1/monitors/${silenceId}/path`]: path(silenceId),
  };
  // The clock of the tests is 2026-01-01T12:00:00Z.
  const once = {
    timezone: "Europe/Berlin",
    startDate: "2026-01-01",
    startTime: "12:00",
    duration: 61,
  };

  it("finds schedules in folders of any depth, and passes when none covers the monitors", async () => {
    const schedule = (id: string) => ({
      id,
      contentType: "MutingSchedule",
      name: id,
      monitor: { ids: ["00000000000000B1"] },
      schedule: once,
    });
    const responses = {
      ...monitors(),
      ...paths,
      "v1/mutingSchedules/root": { children: [{ id: "s1" }, { id: "f1" }] },
      "v1/mutingSchedules?ids=s1,f1": {
        s1: schedule("s1"),
        f1: { id: "f1", contentType: "Folder", children: [{ id: "s2" }, { id: "s3" }] },
      },
      "v1/mutingSchedules?ids=s2,s3": { s2: schedule("s2"), s3: schedule("s3") },
    };

    expect(await check("muting", responses)).to.equal("3 schedules");
  });

  it("passes without any schedule", async () => {
    const responses = { ...monitors(), ...paths, "v1/mutingSchedules/root": { children: [] } };

    expect(await check("muting", responses)).to.equal("0 schedules");
  });

  it("is broken when one covers a monitor, and says what to do instead", async () => {
    const responses = {
      ...monitors(),
      ...paths,
      "v1/mutingSchedules/root": { children: [{ id: "s1" }] },
      "v1/mutingSchedules?ids=s1": {
        s1: {
          contentType: "MutingSchedule",
          name: "Nights",
          monitor: { ids: [latencyId] },
          schedule: { ...once, rrule: "FREQ=DAILY" },
        },
      },
    };

    expect(await errorOf(check("muting", responses))).to.equal(
      '"Nights" mutes "slow": an alert that begins meanwhile never reaches the function. Delete the schedule or exclude the monitor; to prevent reboots, use `npm run mode -- off`',
    );
  });

  const nowMs = Date.parse("2026-01-01T12:00:00Z");
  const place = ["0000000000000001", "00000000000000F1", latencyId];
  const scope = { ids: [latencyId] };
  for (const [what, monitor, schedule, expected] of [
    ["until 12:01 UTC", scope, once, true],
    ["until 12:00 UTC", scope, { ...once, duration: 60 }, false],
    ["of all monitors", { all: true }, once, true],
    ["of the monitor's folder", { ids: ["00000000000000F1"] }, once, true],
    ["of another monitor", { ids: ["00000000000000B1"] }, once, false],
    ["without a scope", undefined, once, false],
    ["tomorrow", scope, { ...once, startDate: "2026-01-02" }, true],
    ["yesterday", scope, { ...once, startDate: "2025-12-31" }, false],
    [
      "in New York, where it is 07:00",
      scope,
      { ...once, timezone: "America/New_York", startTime: "06:00" },
      true,
    ],
    [
      "in Kolkata, where it is 17:30",
      scope,
      { ...once, timezone: "Asia/Kolkata", startTime: "16:29" },
      false,
    ],
    ["each day", scope, { ...once, startDate: "2020-01-01", rrule: "FREQ=DAILY" }, true],
    [
      "each day until 2025",
      scope,
      { ...once, startDate: "2020-01-01", rrule: "FREQ=DAILY;UNTIL=20251230T000000Z" },
      false,
    ],
    [
      "each day until today",
      scope,
      { ...once, startDate: "2020-01-01", rrule: "FREQ=DAILY;UNTIL=20260101T000000Z" },
      true,
    ],
  ] as const) {
    it(`${expected ? "counts" : "does not count"} a schedule ${what}`, () => {
      expect(mutesAfter({ name: "x", monitor, schedule }, place, nowMs)).to.equal(expected);
    });
  }
});
