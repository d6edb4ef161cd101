import type { UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { awsError, failing, nowMs, number } from "../support.ts";
import { instancesOf, makeGroup, minute } from "./support.ts";

const [a, b = "", c = ""] = instancesOf(6);

/** The updates of the group's item, without what all of them have. */
function groupUpdates(updates: readonly UpdateItemCommandInput[]) {
  return updates
    .filter(({ Key }) => Key?.id?.S === "group")
    .map(({ TableName, Key: _, ...update }) => {
      expect(TableName).to.equal("table");
      return update;
    });
}

const counted = { ":zero": number(0), ":one": number(1) };

describe("the group's item", () => {
  it("gets each alert, unless it has it or a later one of the instance", async () => {
    const group = makeGroup({ count: 6 });

    const { response } = await group.fire(a, 1);

    expect(groupUpdates(group.updates)).to.deep.equal([
      {
        ConditionExpression: "attribute_not_exists(#windowEnd) OR #windowEnd < :windowEnd",
        ExpressionAttributeNames: {
          "#alert": `alert#${a}`,
          "#firedAt": `firedAt#${a}`,
          "#windowEnd": `windowEnd#${a}`,
          "#resolvedAt": `resolvedAt#${a}`,
        },
        UpdateExpression:
          "SET #alert = :alert, #firedAt = :firedAt, #windowEnd = :windowEnd, " +
          "version = if_not_exists(version, :zero) + :one REMOVE #resolvedAt, event",
        ExpressionAttributeValues: {
          ":alert": { S: response.incidentId },
          ":firedAt": number(nowMs),
          ":windowEnd": number(nowMs - 2 * minute),
          ...counted,
        },
      },
    ]);
  });

  it("gets the resolution of an alert with an earlier window, once", async () => {
    const group = makeGroup({ count: 6 });
    await group.fire(a, 1);
    group.clock.nowMs += 5 * minute;
    group.updates.splice(0);

    await group.resolve(a, 1);

    expect(groupUpdates(group.updates)).to.deep.equal([
      {
        ConditionExpression: "#windowEnd < :windowEnd AND attribute_not_exists(#resolvedAt)",
        ExpressionAttributeNames: {
          "#windowEnd": `windowEnd#${a}`,
          "#resolvedAt": `resolvedAt#${a}`,
        },
        UpdateExpression:
          "SET #resolvedAt = :now, version = if_not_exists(version, :zero) + :one REMOVE event",
        ExpressionAttributeValues: {
          ":windowEnd": number(nowMs + 3 * minute),
          ":now": number(nowMs + 5 * minute),
          ...counted,
        },
      },
    ]);
  });

  it("gets the lease and the reboot in the transaction of the claim, unless it has changed", async () => {
    const group = makeGroup({ count: 6 });
    const { response } = await group.fire(a, 1);
    group.claims.splice(0);

    await group.decide();

    const claimedMs = nowMs + 10_000;
    const [instance, incident, lease] = group.claims[0]?.TransactItems ?? [];
    expect(group.claims).to.have.length(1);
    expect(instance?.Update?.Key).to.deep.equal({ id: { S: `instance#${a}` } });
    expect(incident?.Put?.ConditionExpression).to.equal(
      "attribute_exists(waitsSince) AND attribute_not_exists(resolvedAt) AND attribute_not_exists(closedAt)",
    );
    expect(lease?.Update).to.deep.equal({
      TableName: "table",
      Key: { id: { S: "group" } },
      ConditionExpression:
        "version = :version AND (attribute_not_exists(#mode) OR #mode = :on OR modeUntil <= :now)",
      ExpressionAttributeNames: {
        "#mode": "mode",
        "#lease": `lease#${a}`,
        "#leaseUntil": `leaseUntil#${a}`,
      },
      UpdateExpression:
        "SET #lease = :incident, #leaseUntil = :until, reboots = :reboots, " +
        "version = if_not_exists(version, :zero) + :one REMOVE event",
      ExpressionAttributeValues: {
        ":on": { S: "on" },
        ":now": number(claimedMs),
        ":incident": { S: response.incidentId },
        // Eight checks every three minutes, and five minutes more.
        ":until": number(claimedMs + 29 * minute),
        ":reboots": { L: [number(claimedMs)] },
        ":version": number(1),
        ...counted,
      },
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    });
  });

  it("is new with the claim of a manual invocation", async () => {
    const group = makeGroup({ count: 6 });

    await group.invoke({ instanceId: a });

    const lease = group.claims[0]?.TransactItems?.[2]?.Update;
    expect(lease?.ConditionExpression).to.equal(
      "attribute_not_exists(version) AND (attribute_not_exists(#mode) OR #mode = :on OR modeUntil <= :now)",
    );
    expect(lease?.ExpressionAttributeValues).not.to.have.any.keys(":version");
  });

  it("loses what it has of instances that left the group, with the next claim", async () => {
    const group = makeGroup({ count: 6 });
    await group.fire(a, 1);
    const [left, leased] = ["i-0000000000000dead", "i-0000000000000beef"];
    group.table.items.set("group", {
      ...group.group(),
      [`alert#${left}`]: { S: "alert-9" },
      [`lease#${left}`]: { S: "alert-9" },
      [`leaseUntil#${left}`]: number(nowMs - 1),
      [`lease#${leased}`]: { S: "alert-8" },
      [`leaseUntil#${leased}`]: number(nowMs + 20 * minute),
    });
    group.claims.splice(0);

    await group.invoke({ instanceId: b });
    const waits = group.claims.length;
    group.clock.nowMs += 21 * minute;
    await group.invoke({ instanceId: b });

    expect(waits).to.equal(0);
    const { ExpressionAttributeNames, UpdateExpression } =
      group.claims[0]?.TransactItems?.[2]?.Update ?? {};
    expect(Object.values(ExpressionAttributeNames ?? {})).to.deep.equal([
      "mode",
      `lease#${b}`,
      `leaseUntil#${b}`,
      ...["alert#", "firedAt#", "windowEnd#", "resolvedAt#", "lease#", "leaseUntil#"].map(
        (it) => `${it}${left}`,
      ),
      ...["alert#", "firedAt#", "windowEnd#", "resolvedAt#", "lease#", "leaseUntil#"].map(
        (it) => `${it}${leased}`,
      ),
    ]);
    expect(UpdateExpression).to.match(/ REMOVE #former0, .*#former11, event$/);
    expect(group.group()).not.to.have.any.keys(`alert#${left}`, `lease#${leased}`);
  });

  it("has a lease longer with each check that finds no end", async () => {
    const group = makeGroup({ count: 6 });
    const { response } = await group.fire(a, 1);
    await group.decide();
    group.updates.splice(0);
    group.clock.nowMs += 3 * minute;

    await group.decide();

    const checkedMs = nowMs + 20_000 + 3 * minute;
    expect(groupUpdates(group.updates)).to.deep.equal([
      {
        ConditionExpression: "#lease = :incident AND #leaseUntil > :now",
        ExpressionAttributeNames: { "#lease": `lease#${a}`, "#leaseUntil": `leaseUntil#${a}` },
        UpdateExpression:
          "SET #leaseUntil = :until, version = if_not_exists(version, :zero) + :one REMOVE event",
        ExpressionAttributeValues: {
          ":incident": { S: response.incidentId },
          ":now": number(checkedMs),
          ":until": number(checkedMs + 29 * minute),
          ...counted,
        },
      },
    ]);
  });

  it("loses the lease of an incident if its reboot failed", async () => {
    const rebootInstances = failing(awsError("IncorrectInstanceState", 400));
    const group = makeGroup({ count: 6, clients: { rebootInstances } });
    const { response } = await group.fire(a, 1);
    group.updates.splice(0);

    await group.decide();

    expect(groupUpdates(group.updates).at(-1)).to.deep.equal({
      ConditionExpression: "#lease = :incident",
      ExpressionAttributeNames: { "#lease": `lease#${a}`, "#leaseUntil": `leaseUntil#${a}` },
      UpdateExpression:
        "SET version = if_not_exists(version, :zero) + :one REMOVE #lease, #leaseUntil, event",
      ExpressionAttributeValues: { ":incident": { S: response.incidentId }, ...counted },
    });
    expect(group.group()).not.to.have.any.keys(`lease#${a}`);
  });

  it("returns the lease to an earlier reboot of the instance if a further one failed", async () => {
    let refusals = 0;
    const group = makeGroup({
      count: 6,
      clients: {
        rebootInstances: async () => {
          if (refusals-- > 0) throw awsError("IncorrectInstanceState", 400);
        },
      },
    });
    const { response } = await group.fire(a, 1);
    await group.decide();
    const leased = {
      [`lease#${a}`]: { S: response.incidentId },
      [`leaseUntil#${a}`]: number(group.clock.nowMs + 29 * minute),
    };
    group.takeMessages();
    group.clock.nowMs += 2 * minute;
    refusals = 1;

    await group.invoke({ instanceId: a, force: true }).catch(() => {});

    expect(group.group()).to.deep.include(leased);
    await group.fire(b, 2);
    await group.decide();
    expect(group.reboots.filter((it) => JSON.stringify(it).includes(b))).to.deep.equal([]);
    expect(group.outcomes().at(-1)).to.equal("waiting");
  });

  it("gets a shared cause in one transaction with its incident, and loses it if nothing changed", async () => {
    const group = makeGroup({ count: 6 });
    for (const [index, id] of [a, b, c].entries()) await group.fire(id, index);
    group.claims.splice(0);

    await group.decide();

    const id = `shared-${nowMs + 10_000}`;
    const [update, put] = group.claims[0]?.TransactItems ?? [];
    expect(group.claims).to.have.length(1);
    expect(update?.Update).to.deep.equal({
      TableName: "table",
      Key: { id: { S: "group" } },
      ConditionExpression: "version = :version",
      UpdateExpression:
        "SET sharedCause = :incident, version = if_not_exists(version, :zero) + :one REMOVE event",
      ExpressionAttributeValues: {
        ":incident": { S: id },
        ":version": number(3),
        ...counted,
      },
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    });
    expect(put?.Put?.Item).to.deep.include({
      id: { S: `incident#${id}` },
      source: { S: "shared cause" },
      instanceId: { S: a },
    });
    expect(put?.Put?.ConditionExpression).to.equal("attribute_not_exists(id)");

    // The first check notifies people; the next one can end it.
    await group.decide();
    group.clock.nowMs += 3 * minute;
    for (const [index, instanceId] of [a, b, c].entries()) await group.resolve(instanceId, index);
    group.clock.nowMs += 15 * minute;
    group.updates.splice(0);
    await group.decide();

    expect(groupUpdates(group.updates)).to.deep.equal([
      {
        ConditionExpression: "sharedCause = :incident AND version = :version",
        UpdateExpression:
          "SET version = if_not_exists(version, :zero) + :one REMOVE sharedCause, event",
        ExpressionAttributeValues: {
          ":incident": { S: id },
          ":version": number(7),
          ...counted,
        },
      },
    ]);
  });
});
