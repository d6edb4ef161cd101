import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect } from "chai";
import { downloadPulumi } from "../../scripts/pulumi-download.mjs";
import { temporaryFolders } from "./checkout.ts";

const archive = "pulumi-v1.2.3-linux-x64.tar.gz";

describe("downloadPulumi", () => {
  const newFolder = temporaryFolders();
  const servers: Server[] = [];
  after(() => {
    for (const server of servers) server.close();
  });

  /** An archive in Pulumi's layout, whose `pulumi` is a shell script. */
  function newArchive(): Buffer {
    const folder = newFolder();
    mkdirSync(join(folder, "pulumi"));
    writeFileSync(join(folder, "pulumi", "pulumi"), "#!/bin/sh\necho v1.2.3\n");
    chmodSync(join(folder, "pulumi", "pulumi"), 0o755);
    execFileSync("tar", ["-czf", join(folder, archive), "-C", folder, "pulumi"]);
    return readFileSync(join(folder, archive));
  }

  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  function newInstallation(checksums: string, origin: string) {
    const home = newFolder();
    const said: string[] = [];
    const file = join(home, "checksums.txt");
    const folder = join(home, "versions", "1.2.3");
    writeFileSync(file, checksums);
    const options = { version: "1.2.3", folder, checksums: file, origin, platform: "linux-x64" };
    return {
      file,
      folder,
      said,
      install: () => downloadPulumi((it: string) => said.push(it), options),
    };
  }

  const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

  it("installs a download with the SHA-256 in the file, and leaves nothing else", async () => {
    const bytes = newArchive();
    const urls: (string | undefined)[] = [];
    const origin = await serve(({ url }, response) => {
      urls.push(url);
      response.end(bytes);
    });
    const { folder, install } = newInstallation(`${sha256(bytes)}  ${archive}\n`, origin);

    expect(await install()).to.equal(true);
    expect(urls).to.deep.equal([`/${archive}`]);
    expect(readdirSync(folder)).to.deep.equal(["bin"]);
    expect(execFileSync(join(folder, "bin", "pulumi"), { encoding: "utf8" })).to.equal("v1.2.3\n");
  });

  it("refuses a download with another SHA-256, naming both and where to set it, and leaves nothing", async () => {
    const bytes = newArchive();
    const expected = "0".repeat(64);
    const origin = await serve((_, response) => response.end(bytes));
    const { file, folder, install } = newInstallation(`${expected}  ${archive}\n`, origin);

    const error: Error = await install().then(
      () => expect.fail("installed"),
      (it) => it,
    );

    expect(error.message).to.equal(
      `${origin}/${archive} is not the expected file, so it was deleted: its SHA-256 is ${sha256(bytes)}, ` +
        `expected ${expected}. Somebody may have changed the download. If its publisher confirms the new hash, ` +
        `set it in ${file}.`,
    );
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it("keeps the installed CLI if it refuses the new download", async () => {
    const origin = await serve((_, response) => response.end("another file"));
    const { folder, install } = newInstallation(`${"0".repeat(64)}  ${archive}\n`, origin);
    mkdirSync(join(folder, "bin"), { recursive: true });

    await install().catch(() => undefined);

    expect(readdirSync(folder)).to.deep.equal(["bin"]);
  });

  for (const [what, checksums] of [
    ["another version", `${"0".repeat(64)}  pulumi-v1.2.4-linux-x64.tar.gz`],
    ["another platform", `${"0".repeat(64)}  pulumi-v1.2.3-linux-arm64.tar.gz`],
    ["a file whose name ends the same", `${"0".repeat(64)}  old-${archive}`],
    ["nothing", ""],
  ] as const) {
    it(`downloads nothing if the file only has the hash of ${what}`, async () => {
      let calls = 0;
      const origin = await serve((_, response) => {
        calls++;
        response.end();
      });
      const { folder, install, said } = newInstallation(checksums, origin);

      expect(await install()).to.equal(false);
      expect(calls).to.equal(0);
      expect(existsSync(folder)).to.equal(false);
      expect(said.at(-1)).to.include(`checksums.txt has no ${archive}`);
    });
  }

  for (const [what, listener] of [
    ["responds 404", (_, response) => response.writeHead(404).end("not here")],
    [
      "closes the connection early",
      (_, response) => {
        response.writeHead(200, { "content-length": "1000" });
        response.write("half", () => response.destroy());
      },
    ],
  ] as const satisfies [string, RequestListener][]) {
    it(`returns false and leaves nothing if the server ${what}`, async () => {
      const origin = await serve(listener);
      const { folder, install, said } = newInstallation(`${"0".repeat(64)}  ${archive}\n`, origin);

      expect(await install()).to.equal(false);
      expect(readdirSync(folder)).to.deep.equal([]);
      expect(said.at(-1)).to.include(`the download failed (${origin}/${archive}`);
    });
  }
});
