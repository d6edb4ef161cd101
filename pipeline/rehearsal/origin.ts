import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The git repository on GitHub: `main`, and the merge commits with which pull requests are tested. */
export interface Origin {
  /** The commit of a ref. */
  commitOf(ref: string): string;
  /** Pushes a pull request's branch with one commit, and merges it for tests as GitHub does. */
  openPullRequest(number: number, change: Change): PullRequest;
  /** Adds a commit to `main`. */
  pushToMain(change: Change): void;
  /** What `actions/checkout` leaves in an empty folder: a commit, with as much of its history. */
  checkOut(folder: string, options: { commit: string; depth: number }): void;
  /** The text of a file in a commit. */
  read(commit: string, file: string): string;
}

/** File → its new text. */
export type Change = Readonly<Record<string, string>>;

export interface PullRequest {
  readonly base: string;
  readonly head: string;
  readonly merge: string;
}

/** Commits what is in the folder as `main`; what git ignores there is not touched by anything here. */
export function createOrigin(folder: string): Origin {
  const identity = ["user.name=Ada", "user.email=ada@example.com", "commit.gpgsign=false"];
  const git = (...words: string[]) => {
    const settings = identity.flatMap((it) => ["-c", it]);
    return execFileSync("git", [...settings, ...words], {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" },
    }).trim();
  };
  const commit = (change: Change, message: string) => {
    for (const [file, text] of Object.entries(change)) {
      const path = join(folder, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    git("add", "--all");
    git("commit", "--quiet", "--allow-empty", "--no-verify", "--message", message);
    return git("rev-parse", "HEAD");
  };

  git("init", "--quiet", "--initial-branch", "main");
  // As GitHub: a checkout asks for the commit of the event.
  git("config", "uploadpack.allowAnySHA1InWant", "true");
  commit({}, "The stack's settings");

  return {
    commitOf: (ref) => git("rev-parse", ref),
    openPullRequest(number, change) {
      const base = git("rev-parse", "main");
      git("checkout", "--quiet", "-B", `change-${number}`, "main");
      const head = commit(change, "A change");
      git("checkout", "--quiet", "--detach", base);
      git("merge", "--quiet", "--no-ff", "--no-edit", head);
      const merge = git("rev-parse", "HEAD");
      git("update-ref", `refs/pull/${number}/merge`, merge);
      git("checkout", "--quiet", "main");
      return { base, head, merge };
    },
    pushToMain(change) {
      commit(change, "A merged change");
    },
    checkOut(target, { commit: wanted, depth }) {
      const inTarget = (...words: string[]) => git("-C", target, ...words);
      inTarget("init", "--quiet");
      const amount = depth === 0 ? [] : ["--depth", String(depth)];
      inTarget("fetch", "--quiet", "--no-tags", ...amount, `file://${folder}`, wanted);
      inTarget("checkout", "--quiet", "--detach", wanted);
    },
    read: (of, file) => git("show", `${of}:${file}`),
  };
}
