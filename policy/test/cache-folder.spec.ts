import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { loadProgram } from "../../sandbox/engine/program.ts";

const { cacheFolder } = loadProgram<typeof import("../cache-folder.ts")>("policy/cache-folder.ts");

describe("cacheFolder", () => {
  let home: string;
  beforeEach(() => {
    home = realpathSync(mkdtempSync(join(tmpdir(), "home-")));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const of = (environment: Record<string, string> = {}, user: object = {}) =>
    cacheFolder(environment, {
      home,
      uid: process.getuid?.(),
      platform: "linux",
      temporary: ["/no/such/folder"],
      ...user,
    });

  it("is in the user's home folder, and only the user may use it", () => {
    const folder = join(home, ".cache", "least-privilege-iam");

    expect(of()).to.equal(folder);
    expect(statSync(folder).mode & 0o777).to.equal(0o700);
    expect(of()).to.equal(folder);
  });

  it("is among the caches of macOS", () => {
    expect(of({}, { platform: "darwin" })).to.equal(
      join(home, "Library", "Caches", "least-privilege-iam"),
    );
  });

  for (const [what, prepare, environment, user] of [
    ["in a pipeline", () => {}, { CI: "true" }, {}],
    ["if it is disabled", () => {}, { POLICY_CACHE: "off" }, {}],
    ["on Windows", () => {}, {}, { platform: "win32", uid: undefined }],
    ["without a home folder", () => {}, {}, { home: "" }],
    ["of a home folder that does not exist", () => {}, {}, { home: "/no/such/home" }],
    ["of another user's home folder", () => {}, {}, { uid: 4_000_000 }],
    ["in a checkout", () => mkdirSync(join(home, ".git")), {}, {}],
    [
      "in a checkout below the home folder",
      () => mkdirSync(join(home, ".cache", ".git"), { recursive: true }),
      {},
      {},
    ],
    ["behind a link", () => symlinkSync(tmpdir(), join(home, ".cache")), {}, {}],
    [
      "that others may write",
      () => {
        mkdirSync(join(home, ".cache", "least-privilege-iam"), { recursive: true });
        chmodSync(join(home, ".cache", "least-privilege-iam"), 0o777);
      },
      {},
      {},
    ],
    [
      "that others may read",
      () => {
        mkdirSync(join(home, ".cache", "least-privilege-iam"), { recursive: true });
        chmodSync(join(home, ".cache", "least-privilege-iam"), 0o755);
      },
      {},
      {},
    ],
  ] as const) {
    it(`is none ${what}`, () => {
      prepare();

      expect(of(environment, user)).to.equal(undefined);
    });
  }

  it("is none in a temporary folder, whatever variables say", () => {
    const temporary = [realpathSync(tmpdir())];

    expect(of({ HOME: "/", XDG_CACHE_HOME: "/work" }, { temporary })).to.equal(undefined);
    expect(existsSync(join(home, ".cache"))).to.equal(false);
  });
});
