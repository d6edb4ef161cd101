import { expect } from "chai";
import { folder, rootFolder, startApi } from "../../sumo-logic/bodies.ts";

const root = "0000000000000002";
const path = `v1/mutingSchedules?parentId=${root}`;
const schedule = {
  type: "MutingSchedulesLibraryMutingSchedule",
  name: "Nights",
  monitor: { all: true },
  schedule: {
    timezone: "Europe/Berlin",
    startDate: "2026-01-01",
    startTime: "22:00",
    duration: 480,
  },
};

describe("muting schedules", () => {
  it("are children of the root folder, and are read by id", () => {
    const { call } = startApi();
    const { status, body: created } = call("POST", path, schedule);

    expect(status).to.equal(200);
    expect(created).to.include({ name: "Nights", contentType: "MutingSchedule" });
    expect(call("GET", "v1/mutingSchedules/root").body).to.deep.include({
      id: root,
      contentType: "Folder",
      children: [created],
    });
    expect(call("GET", `v1/mutingSchedules?ids=${created.id},gone`).body).to.deep.equal({
      [created.id]: created,
    });
    expect(call("DELETE", `v1/mutingSchedules/${created.id}`).status).to.equal(204);
    expect(call("GET", "v1/mutingSchedules/root").body.children).to.deep.equal([]);
  });

  it("cover a monitor or folder that exists", () => {
    const { call } = startApi();
    const { body } = call("POST", `v1/monitors?parentId=${rootFolder}&`, folder);

    const { status } = call("POST", path, { ...schedule, monitor: { ids: [body.id] } });

    expect(status).to.equal(200);
  });

  const timed = (change: object) => ({ schedule: { ...schedule.schedule, ...change } });
  for (const [what, change, error] of [
    [
      "an unknown monitor",
      { monitor: { ids: ["F1"] } },
      'monitor.ids: got "F1"; expected a monitor or folder',
    ],
    [
      "all and one",
      { monitor: { all: true, ids: ["F1"] } },
      'monitor.ids: got ["F1"]; expected ids, or none if all is true',
    ],
    ["none", { monitor: {} }, "monitor.ids: got []; expected ids, or none if all is true"],
    ["no name", { name: "" }, 'name: got ""; expected text'],
    [
      "an unknown zone",
      timed({ timezone: "Berlin" }),
      'schedule.timezone: got "Berlin"; expected an IANA time zone',
    ],
    [
      "a date in another format",
      timed({ startDate: "1.1.2026" }),
      'schedule.startDate: got "1.1.2026"; expected yyyy-mm-dd',
    ],
    [
      "a time in another format",
      timed({ startTime: "10pm" }),
      'schedule.startTime: got "10pm"; expected hh:mm',
    ],
    ["no length", timed({ duration: 0 }), "schedule.duration: got 0; expected minutes"],
    [
      "a wrong rule",
      timed({ rrule: "daily" }),
      'schedule.rrule: got "daily"; expected a recurrence rule, for example FREQ=DAILY',
    ],
  ] as const) {
    it(`may not have ${what}`, () => {
      const { call } = startApi();

      const { status, message } = call("POST", path, { ...schedule, ...change });

      expect([status, message]).to.deep.equal([400, error]);
    });
  }
});

describe("the place of a monitor", () => {
  it("has the folders above it, from the root", () => {
    const { call } = startApi();
    const below = (parentId: string) => `v1/monitors?parentId=${parentId}&`;
    const { body: outer } = call("POST", below(rootFolder), { ...folder, parentId: rootFolder });
    const { body: inner } = call("POST", below(outer.id), {
      ...folder,
      name: "inner",
      parentId: outer.id,
    });

    expect(call("GET", `v1/monitors/${inner.id}/path`).body).to.deep.equal({
      pathItems: [
        { id: rootFolder, name: "Monitor" },
        { id: outer.id, name: "reboot-automation" },
        { id: inner.id, name: "inner" },
      ],
      path: "/Monitor/reboot-automation/inner",
    });
    expect(call("GET", "v1/monitors/F1/path").status).to.equal(404);
  });
});

describe("the owner of what is created", () => {
  it("is a user that exists until it is deleted", () => {
    const { api, call } = startApi();
    const { body } = call("POST", `v1/monitors?parentId=${rootFolder}&`, {
      ...folder,
      createdBy: "",
    });
    const user = `v1/users/${body.createdBy}`;

    expect(call("GET", user).body.email).to.equal("sandbox@example.com");
    expect(call("GET", `v1/serviceAccounts/${body.createdBy}`).status).to.equal(404);
    expect(call("DELETE", user).status).to.equal(204);
    expect(call("GET", user).status).to.equal(404);
    api.users.restoreOwner();
    expect(call("GET", user).status).to.equal(200);
  });
});
