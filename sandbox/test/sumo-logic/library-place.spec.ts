import { expect } from "chai";
import { folder, monitor, rootFolder, startApi } from "../../sumo-logic/bodies.ts";

const below = (parentId: string) => `v1/monitors?parentId=${parentId}&`;

function post(body: object) {
  return startApi().call("POST", below(rootFolder), body);
}

const names = "two or more characters, no slash, no space at either end";

describe("libraryKind, with a place in the library", () => {
  for (const [what, body, error] of [
    [
      "a folder with the type of responses",
      { ...folder, type: "MonitorsLibraryFolderResponse" },
      'type: got "MonitorsLibraryFolderResponse"; expected one of MonitorsLibraryFolder',
    ],
    [
      "a folder with the type of changes",
      { ...folder, type: "MonitorsLibraryFolderUpdate" },
      'type: got "MonitorsLibraryFolderUpdate"; expected one of MonitorsLibraryFolder',
    ],
    [
      "a folder with a monitor's type",
      { ...folder, type: "MonitorsLibraryMonitor" },
      'type: got "MonitorsLibraryMonitor"; expected one of MonitorsLibraryFolder',
    ],
    [
      "a folder without type",
      { ...folder, type: undefined },
      "type: got undefined; expected one of MonitorsLibraryFolder",
    ],
    [
      "a monitor with a folder's type",
      { ...monitor, type: "MonitorsLibraryFolder" },
      'type: got "MonitorsLibraryFolder"; expected one of MonitorsLibraryMonitor',
    ],
    [
      "another kind of content",
      { ...folder, contentType: "Dashboard" },
      'contentType: got "Dashboard"; expected one of Folder, Monitor',
    ],
    [
      "no kind of content",
      { ...folder, contentType: undefined },
      "contentType: got undefined; expected one of Folder, Monitor",
    ],
    ["a folder's wrong name", { ...folder, name: "a/b" }, `name: got "a/b"; expected ${names}`],
  ] as const) {
    it(`refuses ${what}, naming the field`, () => {
      const { status, message } = post(body);

      expect([status, message]).to.deep.equal([400, error]);
    });
  }

  for (const [what, type] of [
    ["creations", "MonitorsLibraryFolder"],
    ["responses", "MonitorsLibraryFolderResponse"],
    ["a monitor's changes", "MonitorsLibraryMonitorUpdate"],
  ] as const) {
    it(`refuses a change of a folder with the type of ${what}`, () => {
      const { call } = startApi();
      const { body } = call("POST", below(rootFolder), folder);

      const changed = { ...folder, type };
      const { message } = call("PUT", `v1/monitors/${body.id}`, changed, { "if-match": '"1"' });

      expect(message).to.equal(`type: got "${type}"; expected one of MonitorsLibraryFolderUpdate`);
    });
  }

  it("moves a monitor into a folder, and a folder into a folder", () => {
    const { call } = startApi();
    const { body } = call("POST", below(rootFolder), folder);

    const statuses = [monitor, folder].map((it) => call("POST", below(body.id), it).status);

    expect(statuses).to.deep.equal([200, 200]);
  });

  it("refuses a place in a folder that does not exist, naming those that do", () => {
    const { call } = startApi();
    const { body } = call("POST", below(rootFolder), folder);

    const { status, message } = call("POST", below("00000000000000F9"), monitor);

    expect([status, message]).to.deep.equal([
      400,
      `parentId: got "00000000000000F9"; expected one of 0000000000000001, ${body.id}`,
    ]);
  });

  it("refuses a place in a folder that is deleted", () => {
    const { call } = startApi();
    const { body } = call("POST", below(rootFolder), folder);
    call("DELETE", `v1/monitors/${body.id}`);

    expect(call("POST", below(body.id), monitor).status).to.equal(400);
  });

  it("refuses a place in a monitor", () => {
    const { call } = startApi();
    const { body } = call("POST", below(rootFolder), monitor);

    const { message } = call("POST", below(body.id), folder);

    expect(message).to.equal(`parentId: got "${body.id}"; expected one of 0000000000000001`);
  });

  it("refuses a place that only the body names", () => {
    const { status, message } = startApi().call("POST", "v1/monitors", {
      ...folder,
      parentId: rootFolder,
    });

    expect([status, message]).to.deep.equal([
      400,
      "parentId: got null; expected one of 0000000000000001",
    ]);
  });
});
