import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { zipSync } from "fflate";
import {
  startTestEnvironment,
  type TestEnvironment,
  writeConfig,
} from "../../../sandbox/test-environment.ts";

const publishing =
  'const { SNSClient, PublishCommand } = require("@aws-sdk/client-sns");exports.handler=()=>1;';

/** The pack's process has no more; what it reads without limits takes several times that. */
const heapMb = 1_536;

/** Times only catch hangs: without limits, most of these previews take hours. */
const inTime = 600_000;

describe("programs that try to hang the policy pack, in the real engine", function () {
  this.timeout(inTime);
  let environment: TestEnvironment;
  before(async () => {
    environment = await startTestEnvironment();
  });
  after(() => {
    delete process.env.EXPENSIVE_CODE;
    return environment.stop();
  });

  /** All that a preview finds, advice with it. */
  async function violationsOf(program: string): Promise<string[]> {
    const engine = await environment.createEngine({
      program: `policy/test/fixtures/programs/${program}.ts`,
      folder: join(environment.folder, `${program}-${Math.random()}`),
      policyPackConfig: writeConfig(environment, {
        "unused-role": { enforcementLevel: "disabled" },
      }),
      environment: { NODE_OPTIONS: `--max-old-space-size=${heapMb}` },
    });
    const { violations } = await engine.preview().catch((error) => error);
    return [...violations].sort();
  }

  /** The same of functions with this code: files by path, or an archive. */
  async function violationsOfCode(
    code: Readonly<Record<string, Readonly<Record<string, string>> | Uint8Array>>,
    links: Readonly<Record<string, string>> = {},
  ): Promise<string[]> {
    const folder = join(environment.folder, `code-${Math.random()}`);
    for (const [name, files] of Object.entries(code)) {
      mkdirSync(join(folder, name.endsWith(".zip") ? "" : name), { recursive: true });
      if (files instanceof Uint8Array) writeFileSync(join(folder, name), files);
      else {
        for (const [path, text] of Object.entries(files)) {
          writeFileSync(join(folder, name, path), text);
        }
      }
    }
    for (const [path, target] of Object.entries(links)) symlinkSync(target, join(folder, path));
    process.env.EXPENSIVE_CODE = folder;
    return (await violationsOf("expensive-code")).filter((it) => it.includes(": code: "));
  }

  const unread = (name: string, why: string) =>
    `${name}: code: it is not fully compared with the role: its code ${why}. Review the role manually; only the calls that were read are checked.`;
  const none = (name: string, why: string) =>
    `${name}: code: it is not compared with the role: its code ${why}. Review the role manually.`;

  it("ends the preview of code within the limits, and names each limit that is reached", async () => {
    const zip = zipSync({ "index.js": new Uint8Array(30 * 1024 * 1024) }, { level: 9 });
    const many = Object.fromEntries(
      Array.from({ length: 140 }, (_, index) => [`${index}.js`, new Uint8Array(1024 * 1024)]),
    );

    const found = await violationsOfCode(
      {
        "a-links": { "index.js": publishing },
        "b-names": { "index.js": `${publishing}var a;${"a=a;".repeat(20)}new a(1);` },
        "c-zip.zip": zip,
        "d-zips.zip": zipSync(many, { level: 9 }),
        "e-deep": { "index.js": `${publishing}${"(".repeat(100_000)}1${")".repeat(100_000)}` },
        "f-large": { "index.js": publishing + "a;".repeat(1_400_000) },
        "g-larger": { "index.js": publishing + "b;".repeat(1_600_000) },
      },
      { "a-links/one": ".", "a-links/other": ".", "a-links/secret.js": "/etc/hostname" },
    );

    expect(found).to.deep.equal([
      unread("a-links", "secret.js is a symbolic link or a special file and is not read"),
      none("c-zip", "index.js is larger than 20 MB and is not read"),
      unread("d-zips", "is not read beyond 128 MB of code in one function"),
      unread("e-deep", "has a file that cannot be parsed (index.js)"),
      unread("g-larger", "is not read beyond 3000000 syntax nodes in one function"),
    ]);
  });

  it("stops reading once the run has used its steps", async () => {
    const lines = Array.from(
      { length: 1_100 },
      (_, index) => `import "@aws-sdk/client-x${index}"; new X${index}Command();`,
    );

    expect(await violationsOfCode({ uses: { "index.mjs": lines.join("") } })).to.deep.equal([
      unread("uses", "is not read beyond 100000000 steps through the code of all functions"),
    ]);
  });

  it("fails policies beyond the limits, and names them", async () => {
    const found = await violationsOf("expensive-policies");

    const read = (name: string, problem: string) =>
      `${name}: unreadable policy: ${problem}. Write an IAM policy document.`;
    expect(found).to.include.members([
      read("deep", "it is nested deeper than 32 objects and lists"),
      read(
        "long",
        "it has more than 262144 characters, and AWS accepts no document of that length",
      ),
      read("pairs", "statement 1 has more than 10000 pairs of an action and a resource"),
    ]);
    expect(found.join("\n")).to.include(
      "so nothing is verified: the actions of a statement match more than 120000 (statementActions in the pack's read-limits.ts)",
    );
  });
});
