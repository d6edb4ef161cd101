import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { loadProgram } from "../../../sandbox/engine/program.ts";
import { moduleText } from "../../comparison/boto3/module.ts";
import { type Names, readNames, type ServiceNames } from "../../comparison/boto3/names.ts";

const load = <T>(file: string) => loadProgram<T>(`policy/${file}`);
const operations = load<typeof import("../../code/python/operations.ts")>(
  "code/python/operations.ts",
);
const { prefixOf } = load<typeof import("../../code/prefixes.ts")>("code/prefixes.ts");
const { operationOfWaiter } = load<typeof import("../../code/waiters.ts")>("code/waiters.ts");
const { unsignedOperations } = load<typeof import("../../data/action-exceptions.ts")>(
  "data/action-exceptions.ts",
);
const { clientMethods, quietMethods } =
  load<typeof import("../../data/boto3-methods.ts")>("data/boto3-methods.ts");

describe("what the pack knows of boto3's names, compared with boto3", () => {
  let names: Names;
  let services: readonly (readonly [string, ServiceNames])[];

  before(async () => {
    names = await readNames();
    services = Object.entries(names.services);
  });

  it("is as in policy/data/boto3.ts (npm run boto3)", () => {
    const file = join(import.meta.dirname, "..", "..", "data", "boto3.ts");
    expect(readFileSync(file, "utf8")).to.equal(moduleText(names));
  });

  it("has the client of each service", () => {
    for (const [service, client] of [
      ["ce", "cost-explorer"],
      ["ec2", "ec2"],
      ["elbv2", "elastic-load-balancing-v2"],
      ["events", "eventbridge"],
      ["logs", "cloudwatch-logs"],
    ] as const) {
      expect(operations.clientOf(service)).to.equal(client);
    }
    expect(services).to.have.length(445);
  });

  it("has an IAM prefix for each service except those that the reference lacks", async () => {
    const missing: string[] = [];

    for (const [service] of services) {
      const prefix = await prefixOf(operations.clientOf(service));
      if (prefix === undefined) missing.push(service);
    }

    expect(missing).to.deep.equal([
      "abuse-signal",
      "agent-discovery",
      "apiportal",
      "applicationcostprofiler",
      // Its operations are unsigned.
      "connectparticipant",
      "continuum",
      "endusermessaging",
      "iotthingsgraph",
      "opensearchmemory",
      "partnercentral-marketing",
    ]);
  });

  it("has the operation behind each method", () => {
    const different: string[] = [];
    let count = 0;

    for (const [service, it] of services) {
      for (const [method, operation] of Object.entries(it.operations)) {
        const found = operations.operationOfMethod({ service, method });
        if (found !== operation) different.push(`${service} ${method}: ${found}`);
        count += 1;
      }
    }

    expect(different).to.deep.equal([]);
    expect(count).to.equal(20_027);
  });

  it("has each other member of the clients", () => {
    for (const [service, { otherMembers }] of services) {
      const known = [...quietMethods, ...Object.keys(clientMethods[service] ?? {})];
      expect([...known].sort(), service).to.deep.equal([...otherMembers].sort());
    }
  });

  it("has each waiter and its operation", async () => {
    for (const [service, { waiters }] of services) {
      for (const [waiter, { name, operation }] of Object.entries(waiters)) {
        const client = operations.clientOf(service);
        expect(operationOfWaiter(client, name), `${service} ${name}`).to.equal(operation);
        const found = await operations.permissionsOfWaiter({ service, waiter });
        const same = await operations.permissionsOfMethod({ service, method: operation });
        expect(found, `${service} ${waiter}`).to.deep.equal(same);
      }
    }
  });

  it("has each operation that is unsigned or authorized by a token", () => {
    for (const [service, { unsigned }] of services) {
      const known = unsignedOperations[operations.clientOf(service)] ?? [];
      expect(known, service).to.include.members([...unsigned]);
    }
  });
});
