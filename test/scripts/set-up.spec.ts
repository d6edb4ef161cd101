import { execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { expect } from "chai";
import { pulumiVersion } from "../../scripts/pulumi.mjs";
import { fillCheckout, inCheckout, temporaryFolders } from "./checkout.ts";

describe("the set-up", () => {
  const newFolder = temporaryFolders();

  function newCheckout(): string {
    const folder = newFolder();
    fillCheckout(folder);
    return folder;
  }

  function copyOf(checkout: string): string {
    const copy = join(newFolder(), "copy");
    cpSync(checkout, copy, { recursive: true, verbatimSymlinks: true });
    return copy;
  }

  describe("in a copied checkout", () => {
    it("uses the copy's language host beside the Pulumi CLI, not the original's", async () => {
      const bin = join(newFolder(), "bin");
      mkdirSync(bin);
      writeFileSync(join(bin, "pulumi"), `#!/bin/sh\necho v${pulumiVersion}\n`);
      chmodSync(join(bin, "pulumi"), 0o755);
      const environment = { PATH: `${bin}${delimiter}${process.env.PATH}`, HOME: newFolder() };
      const line = "console.log(await script.ensurePulumi(() => {}));";
      const original = newCheckout();
      await inCheckout(original, "pulumi.mjs", line, environment);

      const copy = copyOf(original);
      const host = join(copy, ".tools", "pulumi", "bin", "pulumi-language-nodejs");
      const language = join(copy, "sandbox", "engine", "language-host", "pulumi-language-nodejs");

      expect(realpathSync(host)).to.equal(language);
      expect((await inCheckout(copy, "pulumi.mjs", line, environment)).output).to.equal(
        `${join(copy, ".tools", "pulumi", "bin", "pulumi")}\n`,
      );
      expect(realpathSync(host)).to.equal(language);
    });

    it("installs each tool again, once: it may have the path of the original in it", async () => {
      const line = (checkout: string) => `
        const marker = ${JSON.stringify(join(checkout, ".tools", "tool", ".installed"))};
        await script.onceFor(marker, "the same content", () => console.log("installed"));`;
      const original = newCheckout();
      const installTwice = async (checkout: string) => [
        (await inCheckout(checkout, "once.mjs", line(checkout))).output,
        (await inCheckout(checkout, "once.mjs", line(checkout))).output,
      ];

      expect(await installTwice(original)).to.deep.equal(["installed\n", ""]);
      expect(await installTwice(copyOf(original))).to.deep.equal(["installed\n", ""]);
    });
  });

  describe("of packages from npm", () => {
    /** Serves a package from a registry on this machine. Returns the hash that npm computed. */
    async function newRegistry() {
      const folder = newFolder();
      const manifest = {
        name: "tool",
        version: "1.0.0",
        scripts: { postinstall: "echo ran >ran" },
      };
      writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
      const packed = execFileSync("npm", ["pack", "--json"], { cwd: folder, encoding: "utf8" });
      const [{ filename, integrity }] = JSON.parse(packed);
      const bytes = readFileSync(join(folder, filename));
      const server = createServer(({ url, headers }, response) => {
        if (url?.endsWith(".tgz")) return response.end(bytes);
        const dist = { tarball: `http://${headers.host}/tool.tgz`, integrity };
        const versions = { "1.0.0": { ...manifest, hasInstallScript: true, dist } };
        const body = { name: "tool", "dist-tags": { latest: "1.0.0" }, versions };
        response.setHeader("content-type", "application/json");
        return response.end(JSON.stringify(body));
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      return { integrity: integrity as string, url, close: () => server.close() };
    }

    function lock(checkout: string, entry: object) {
      const source = join(checkout, "tool");
      const dependencies = { tool: "1.0.0" };
      const packages = {
        "": { dependencies },
        "node_modules/tool": { version: "1.0.0", ...entry },
      };
      mkdirSync(source);
      writeFileSync(join(source, "package.json"), JSON.stringify({ private: true, dependencies }));
      writeFileSync(
        join(source, "package-lock.json"),
        JSON.stringify({ lockfileVersion: 3, packages }),
      );
    }

    const install = (checkout: string, registry: string) =>
      inCheckout(
        checkout,
        "npm.mjs",
        `await script.ensureLocked(() => {}, "The tool", "tool", ${JSON.stringify(join(checkout, "tool"))})
          .then(() => console.log("installed"), (error) => console.error(error.message));`,
        {
          npm_config_registry: registry,
          npm_config_cache: newFolder(),
          npm_config_fetch_retries: "0",
        },
      );

    it("installs what has the lockfile's hash, and runs no install script", async () => {
      const { integrity, url, close } = await newRegistry();
      const checkout = newCheckout();
      lock(checkout, { integrity, hasInstallScript: true });

      const { output, error } = await install(checkout, url);
      close();

      const tool = join(checkout, ".tools", "tool", "node_modules", "tool");
      expect(error).to.equal("");
      expect(output).to.equal("installed\n");
      expect(existsSync(join(tool, "package.json"))).to.equal(true);
      expect(existsSync(join(tool, "ran"))).to.equal(false);
    });

    it("refuses a package with another hash, naming both and the lockfile, and installs nothing", async () => {
      const { integrity, url, close } = await newRegistry();
      const checkout = newCheckout();
      const expected = `sha512-${"A".repeat(86)}==`;
      lock(checkout, { integrity: expected });

      const { output, error } = await install(checkout, url);
      close();

      expect(output).to.equal("");
      expect(error).to.include("The tool from npm (tool/package-lock.json) failed");
      expect(error).to.include(`wanted ${expected} but got ${integrity}`);
      expect(existsSync(join(checkout, ".tools", "tool", "node_modules", "tool"))).to.equal(false);
      expect(existsSync(join(checkout, ".tools", "tool", ".installed"))).to.equal(false);
    });

    it("refuses a lockfile without a hash before it calls the registry", async () => {
      const checkout = newCheckout();
      lock(checkout, {});

      const { output, error } = await install(checkout, "http://127.0.0.1:1/");

      expect(output).to.equal("");
      expect(error.trim()).to.equal(
        "tool/package-lock.json does not pin 1 of its packages, so npm would install whatever the registry has " +
          "(node_modules/tool: no sha512 integrity). Restore the file from git; " +
          'CONTRIBUTING.md, "Dependencies", says how to change it.',
      );
    });
  });
});
