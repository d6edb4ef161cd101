import { readdirSync } from "node:fs";
import { expect } from "chai";
import type { Call, Input } from "../../../code/calls.ts";
import { expected, type PythonCall } from "./handlers.ts";
import { callsOfPython, handlers, syntax } from "./support.ts";
import { syntaxes } from "./syntax.ts";

/** A call in the format of the expectations. */
function shown({ name, where, needs, mayUse, copied, ...input }: Call): PythonCall {
  const lists = { needs: needs.map((it) => it.join(" or ")), mayUse: [...mayUse].sort() };
  return {
    name,
    where,
    ...filled({ ...lists, ...inputOf(input) }),
    ...(copied && { copied: filled(inputOf(copied)) }),
  };
}

function inputOf({ variables, arns, names }: Input) {
  return { variables, arns, names };
}

function filled(lists: Record<string, readonly string[]>) {
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));
}

/** In the order of files, lines and names. */
function inOrder(calls: readonly Call[]): PythonCall[] {
  const placeOf = ({ where, name }: PythonCall) =>
    where.replace(/\d+$/, (line) => line.padStart(6, "0")) + name;
  return calls.map(shown).sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
}

describe("callsOf for Python", () => {
  for (const { name, title, handler, calls, unresolved, caveats = [] } of expected) {
    it(`reads ${title} (${name})`, async () => {
      const found = await callsOfPython(handlers, name, handler);

      expect(inOrder(found.calls)).to.deep.equal(calls);
      expect([...found.unresolved].sort()).to.deep.equal([...unresolved].sort());
      expect(found.caveats).to.deep.equal(caveats);
    });
  }

  it("has an expectation for every handler", () => {
    const names = new Set(expected.map(({ name }) => name));

    expect(readdirSync(handlers).sort()).to.deep.equal([...names].sort());
  });

  for (const { name, title, version, lines, unread } of syntaxes) {
    const what = `${title}, of Python ${version} (${name})`;
    if (unread === undefined) {
      it(`reads calls before, in and after ${what}`, async () => {
        const { calls, unresolved } = await callsOfPython(syntax, name);

        expect(Object.fromEntries(calls.map((it) => [it.name, it.where]))).to.deep.equal({
          'publish of boto3.client("sns")': `${name}:${lines[0]}`,
          'send_message of boto3.client("sqs")': `${name}:${lines[1]}`,
          'reboot_instances of boto3.client("ec2")': `${name}:${lines[2]}`,
        });
        expect(calls.flatMap(({ needs }) => needs)).to.have.length(3);
        expect(unresolved).to.deep.equal([]);
      });
    } else {
      it(`reports ${what}`, async () => {
        const { unresolved } = await callsOfPython(syntax, name);

        expect(unresolved).to.deep.equal([
          `its code has a file that is not fully read (${name}:${unread})`,
        ]);
      });
    }
  }

  it("has an expectation for every syntax", () => {
    expect(readdirSync(syntax).sort()).to.deep.equal(syntaxes.map(({ name }) => name).sort());
  });
});
