import { expect } from "chai";
import {
  type Call,
  collector,
  connection,
  folder,
  monitor,
  rootFolder,
  search,
  source,
  startApi,
} from "../../sumo-logic/bodies.ts";
import type { Item } from "../../sumo-logic/collection.ts";

interface Kind {
  /** Where things of this kind are; makes what must be there before. */
  readonly path: (call: Call) => string;
  readonly createQuery?: string;
  readonly deleteQuery?: string;
  readonly body: object;
  readonly changedBody: object;
  /** What the API must return of it after creation, and after the change. */
  readonly shown: object;
  readonly changed: object;
  /** The name of the envelope, if there is one. */
  readonly open: (body: Item) => Item;
  readonly id: RegExp;
}

const hexId = /^[0-9A-F]{16}$/;
const bare = (body: Item) => body;
const createQuery = `?parentId=${rootFolder}&`;
const shownConnection = {
  ...connection,
  type: "WebhookConnection",
  headers: [{ name: "Authorization", value: "********" }],
};

const kinds: Record<string, Kind> = {
  connection: {
    path: () => "v1/connections",
    deleteQuery: "?type=WebhookConnection",
    body: connection,
    changedBody: { ...connection, id: "other", name: "changed" },
    shown: shownConnection,
    changed: { ...shownConnection, name: "changed" },
    open: bare,
    id: hexId,
  },
  "folder of monitors": {
    path: () => "v1/monitors",
    createQuery,
    body: folder,
    changedBody: { ...folder, type: "MonitorsLibraryFolderUpdate", name: "changed" },
    shown: { ...folder, type: "MonitorsLibraryFolderResponse" },
    changed: { ...folder, type: "MonitorsLibraryFolderResponse", name: "changed" },
    open: bare,
    id: hexId,
  },
  monitor: {
    path: () => "v1/monitors",
    createQuery,
    body: monitor,
    changedBody: { ...monitor, type: "MonitorsLibraryMonitorUpdate", name: "changed" },
    shown: { ...monitor, type: "MonitorsLibraryMonitorResponse" },
    changed: { ...monitor, type: "MonitorsLibraryMonitorResponse", name: "changed" },
    open: bare,
    id: hexId,
  },
  "saved search": {
    path: () => "v1/logSearches",
    body: search,
    changedBody: { ...search, name: "changed" },
    shown: search,
    changed: { ...search, name: "changed" },
    open: bare,
    id: hexId,
  },
  collector: {
    path: () => "v1/collectors",
    body: { collector },
    changedBody: { collector: { ...collector, id: 1, name: "changed" } },
    shown: collector,
    changed: { ...collector, name: "changed" },
    open: (body) => body.collector,
    id: /^\d{9}$/,
  },
  source: {
    path: (call) => {
      const { body } = call("POST", "v1/collectors", { collector });
      return `v1/collectors/${body.collector.id}/sources`;
    },
    body: { source },
    changedBody: { source: { ...source, id: 1, name: "changed" } },
    shown: source,
    changed: { ...source, name: "changed" },
    open: (body) => body.source,
    id: /^\d{9}$/,
  },
};

describe("Api", () => {
  for (const [what, kind] of Object.entries(kinds)) {
    describe(`with a ${what}`, () => {
      function create() {
        const { api, call } = startApi();
        const path = kind.path(call);
        const created = call("POST", `${path}${kind.createQuery ?? ""}`, kind.body);
        const id = kind.open(created.body).id;
        return { api, call, path, created, id, own: `${path}/${id}` };
      }

      it("creates it, and returns it with its id", () => {
        const { created, id } = create();

        expect(created.status).to.equal(200);
        expect(kind.open(created.body)).to.deep.include({ ...kind.shown, id });
        expect(String(id)).to.match(kind.id);
      });

      it("reads what it returned at creation, with an ETag", () => {
        const { call, created, own } = create();

        const read = call("GET", own);

        expect(read.status).to.equal(200);
        expect(read.body).to.deep.equal(created.body);
        expect(read.headers).to.deep.equal({ etag: '"1"' });
      });

      it("gives each a different id", () => {
        const { call, path, id } = create();
        const another = JSON.parse(JSON.stringify(kind.body).replace('"name":"', '"name":"2nd '));

        const { status, body } = call("POST", `${path}${kind.createQuery ?? ""}`, another);

        expect(status).to.equal(200);
        expect(kind.open(body).id).not.to.equal(id);
      });

      it("changes it by PUT with the ETag that it was read with, keeping the id", () => {
        const { call, own, id } = create();

        const put = call("PUT", own, kind.changedBody, { "if-match": '"1"' });

        const read = call("GET", own);
        expect(put.status).to.equal(200);
        expect(put.body).to.deep.equal(read.body);
        expect(kind.open(read.body)).to.deep.include({ ...kind.changed, id });
        expect(read.headers).to.deep.equal({ etag: '"2"' });
      });

      it("forgets what a PUT leaves out, as the provider clears a field", () => {
        const { call, path } = create();
        const described = JSON.parse(
          JSON.stringify(kind.body).replace('"name":"', '"note":"mine","name":"2nd '),
        );
        const { body } = call("POST", `${path}${kind.createQuery ?? ""}`, described);
        const own = `${path}/${kind.open(body).id}`;
        expect(kind.open(call("GET", own).body)).to.have.property("note", "mine");

        call("PUT", own, kind.changedBody, { "if-match": '"1"' });

        expect(kind.open(call("GET", own).body)).not.to.have.property("note");
      });

      for (const [which, headers, got] of [
        ["no If-Match", {}, "undefined"],
        ["an empty If-Match", { "if-match": "" }, ""],
        ["another ETag", { "if-match": '"2"' }, '"2"'],
        ["any ETag", { "if-match": "*" }, "*"],
        ["an ETag without its quotes", { "if-match": "1" }, "1"],
      ] as const) {
        it(`responds with 412 to PUT with ${which}, and changes nothing`, () => {
          const { call, created, own } = create();

          const { status, code, message } = call("PUT", own, kind.changedBody, headers);

          expect([status, code]).to.deep.equal([412, "precondition_failed"]);
          expect(message).to.equal(`If-Match must be "1", of a GET before: got ${got}`);
          expect(call("GET", own).body).to.deep.equal(created.body);
        });
      }

      it("responds with 412 to PUT with the ETag of before the last change", () => {
        const { call, own } = create();
        call("PUT", own, kind.changedBody, { "if-match": '"1"' });

        const { status } = call("PUT", own, kind.changedBody, { "if-match": '"1"' });

        expect(status).to.equal(412);
      });

      it("responds with 400 to PUT that breaks a rule, and changes nothing", () => {
        const { call, created, own } = create();

        const { status } = call("PUT", own, {}, { "if-match": '"1"' });

        expect(status).to.equal(400);
        expect(call("GET", own).body).to.deep.equal(created.body);
        expect(call("GET", own).headers).to.deep.equal({ etag: '"1"' });
      });

      it("deletes it with 204 and no body", () => {
        const { api, call, own, path } = create();

        const { status, body } = call("DELETE", `${own}${kind.deleteQuery ?? ""}`);

        expect([status, body]).to.deep.equal([204, {}]);
        for (const method of ["GET", "PUT", "DELETE"]) {
          const { status: after, code, message } = call(method, own, kind.changedBody);
          expect([after, code]).to.deep.equal([404, "not_found"]);
          expect(message).to.equal(`there is no ${own}`);
        }
        expect(api.collectors.items.size).to.equal(path.endsWith("/sources") ? 1 : 0);
      });

      it("responds with 404 to an id that it does not have", () => {
        const { call, path } = create();

        const { status, message } = call("GET", `${path}/9`);

        expect(status).to.equal(404);
        expect(message).to.equal(`there is no ${path}/9`);
      });

      for (const method of ["PATCH", "POST"]) {
        it(`responds with 405 to ${method} of one that is there`, () => {
          const { call, own } = create();

          const { status, code, message } = call(method, own, kind.body);

          expect([status, code]).to.deep.equal([405, "method.unsupported"]);
          expect(message).to.equal(`${method} is not known here`);
        });
      }

      for (const method of ["GET", "PUT", "DELETE"]) {
        it(`responds with 501 to ${method} without an id`, () => {
          const { call, path } = create();

          const { status, code, message } = call(method, path);

          expect([status, code]).to.deep.equal([501, "sandbox"]);
          expect(message).to.equal(
            `the sandbox's Sumo Logic does not have this: ${method} ${path}`,
          );
        });
      }

      it("creates nothing that breaks a rule", () => {
        const { api, call } = startApi();
        const path = kind.path(call);

        const { status } = call("POST", `${path}${kind.createQuery ?? ""}`, {});

        const { connections, library, searches, sources, collectors } = api;
        const sizes = [connections, library, searches, sources].map(({ items }) => items.size);
        expect(status).to.equal(400);
        expect(sizes).to.deep.equal([0, 0, 0, 0]);
        expect(collectors.items.size).to.equal(path.endsWith("/sources") ? 1 : 0);
      });
    });
  }

  it("has a root folder of monitors", () => {
    const { status, body } = startApi().call("GET", "v1/monitors/root");

    expect(status).to.equal(200);
    expect(body).to.deep.equal({ id: "0000000000000001", contentType: "Folder" });
  });

  it("has a personal folder", () => {
    const { status, body } = startApi().call("GET", "v2/content/folders/personal");

    expect(status).to.equal(200);
    expect(body).to.deep.equal({ id: "00000000000000AA", name: "Personal" });
  });

  it("returns no permission statements for what is in the library", () => {
    const { status, body } = startApi().call("GET", "v1/monitors/0000000000000001/permissions");

    expect(status).to.equal(200);
    expect(body).to.deep.equal({ permissionStatements: [] });
  });

  for (const [method, path] of [
    ["GET", "v2/connections/0000000000000001"],
    ["GET", "v1/monitors/0000000000000001/move"],
    ["PUT", "v1/monitors/permissions/set"],
    ["DELETE", "v1/monitors/0000000000000001/permissions"],
    ["POST", "v2/content/folders/personal"],
    ["POST", "v1/dashboards"],
    ["POST", "v1/connections/"],
    ["POST", "v1/constructor"],
    ["GET", "v1/collectors/name/reboot-automation"],
    // A client that lost `/api` asks for the whole path.
    ["GET", "/v1/monitors/root"],
    ["POST", "/v1/connections"],
    ["GET", ""],
  ] as const) {
    it(`responds with 501 to ${method} ${path || "of nothing"}, naming it`, () => {
      const { api } = startApi();
      const request = { method, path, query: new URLSearchParams(), headers: {}, body: {} };

      expect(() => api.reply(request))
        .to.throw(`the sandbox's Sumo Logic does not have ${method} ${path}`)
        .with.include({ status: 501, code: "sandbox" });
    });
  }

  describe("with a monitor that moves", () => {
    it("puts it into the other folder, and changes nothing else", () => {
      const { call } = startApi();
      const { body: other } = call("POST", `v1/monitors${createQuery}`, folder);
      const { body: created } = call("POST", `v1/monitors${createQuery}`, monitor);

      const { status, body } = call("POST", `v1/monitors/${created.id}/move?parentId=${other.id}`);

      expect(status).to.equal(200);
      expect(body).to.deep.equal({ ...created, parentId: other.id });
      expect(call("GET", `v1/monitors/${created.id}`).body).to.deep.equal(body);
    });

    it("refuses a folder that does not exist", () => {
      const { call } = startApi();
      const { body: created } = call("POST", `v1/monitors${createQuery}`, monitor);

      const { status } = call("POST", `v1/monitors/${created.id}/move?parentId=00000000000000FF`);

      expect(status).to.equal(400);
    });

    it("responds with 404 to a monitor that does not exist", () => {
      const { call } = startApi();

      expect(call("POST", "v1/monitors/00000000000000FF/move?parentId=1").status).to.equal(404);
    });

    it("gives it another ETag, so that a change that was read before is refused", () => {
      const { call } = startApi();
      const { body } = call("POST", `v1/monitors${createQuery}`, monitor);
      const own = `v1/monitors/${body.id}`;
      call("POST", `${own}/move?parentId=${rootFolder}`);

      const changed = { ...monitor, type: "MonitorsLibraryMonitorUpdate" };

      expect(call("GET", own).headers).to.deep.equal({ etag: '"2"' });
      expect(call("PUT", own, changed, { "if-match": '"1"' }).status).to.equal(412);
    });

    for (const parentId of ["", "?parentId="]) {
      it(`refuses to move it nowhere, by "${parentId}"`, () => {
        const { call } = startApi();
        const { body } = call("POST", `v1/monitors${createQuery}`, monitor);

        const { status } = call("POST", `v1/monitors/${body.id}/move${parentId}`);

        expect(status).to.equal(400);
        expect(call("GET", `v1/monitors/${body.id}`).body).to.deep.equal(body);
      });
    }
  });
});
