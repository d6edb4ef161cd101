import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Checkout } from "../../sandbox/engine/checkout.ts";
import {
  createUserCheckout,
  startTestEnvironment,
  type TestEnvironment,
} from "../../sandbox/test-environment.ts";

const root = join(import.meta.dirname, "..", "..");

/** The lines of the first block of shell in a section. */
function commandsOf(section: string, page = "README.md"): string[] {
  const text = readFileSync(join(root, page), "utf8");
  const block = new RegExp(`^## ${section}\\n.*?^\`\`\`sh\\n(.*?)^\`\`\``, "ms").exec(text)?.[1];
  return (block ?? "").trim().split("\n");
}

describe("the commands of README.md, in order", () => {
  let environment: TestEnvironment;
  let checkout: Checkout;
  before(async () => {
    environment = await startTestEnvironment();
    checkout = createUserCheckout(environment, {
      folder: join(environment.folder, "clone"),
      isBare: true,
    });
  });
  after(() => environment.stop());

  /** Runs a line as a user types it, with every question confirmed. */
  async function typed(line: string): Promise<string> {
    const { code, output, error } = await checkout.run(line, { PULUMI_SKIP_CONFIRMATIONS: "true" });
    expect(code, `${line}\n${output}${error}`).to.equal(0);
    return output;
  }

  it("deploy the program", async () => {
    const commands = commandsOf("Deploy it");
    const outputs: string[] = [];

    for (const line of commands) outputs.push(await typed(line));

    expect(commands).to.have.length(5);
    expect(outputs.at(-1)).to.include("44 created");
    expect(outputs.at(-1)).to.include("you@example.com");
  });

  it("deploy a second stack next to it, with the settings that docs/behavior.md names", async () => {
    const [init = "", ...settings] = commandsOf("More than one instance", "docs/behavior.md");
    const [, , ...required] = commandsOf("Deploy it");
    const up = required.pop() ?? "";

    for (const line of [init, ...settings, ...required]) await typed(line);

    expect(await typed(up)).to.include("44 created");
    expect(await typed("pulumi stack output functionName")).to.equal("second-reboot-automation\n");
    expect(await typed("pulumi destroy")).to.include("44 deleted");
  });

  it("undo it", async () => {
    const [destroy = "", remove = ""] = commandsOf("Undo");
    await typed("pulumi stack select dev");

    expect(await typed(destroy)).to.include("44 deleted");
    expect(await typed(remove)).to.include("removed");
  });
});
