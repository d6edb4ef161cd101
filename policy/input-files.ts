import { closeSync, constants, fstatSync, openSync, readFileSync, readlinkSync } from "node:fs";

/**
 * The files that the pack checks a program against. They are read before the engine starts the program,
 * which could otherwise rewrite them first.
 */
export interface InputFiles {
  /** Reads a file, again if it was read before. If it cannot be read, it has a problem instead of a content. */
  load(path: string): void;
  /** The file as `load` found it. */
  contentOf(path: string): Content;
  /** The loaded files that are different on disk now, each only the first time. */
  takeChanges(): readonly Change[];
}

/** A problem is the end of a sentence about the file. */
export type Content = { readonly text: string } | { readonly problem: string };

export interface Change {
  readonly path: string;
  /** What happened, as the end of a sentence about the file. */
  readonly what: string;
}

interface Snapshot {
  readonly content: Content;
  /** Where a symbolic link at the path points. */
  readonly link: string | undefined;
}

/** No file of this kind is nearly as large, and the pack keeps all of it in memory. */
const maxBytes = 10 * 1024 * 1024;

const missing = "it cannot be read: ENOENT";

export function createInputFiles(): InputFiles {
  const loaded = new Map<string, Snapshot>();
  const reported = new Set<string>();
  return {
    load(path) {
      loaded.set(path, snapshotOf(path));
    },
    contentOf(path) {
      const snapshot = loaded.get(path);
      return snapshot?.content ?? { problem: "it was not read before the program started" };
    },
    takeChanges() {
      const changes: Change[] = [];
      for (const [path, before] of loaded) {
        if (reported.has(path)) continue;
        const what = changeOf(before, snapshotOf(path));
        if (what === undefined) continue;
        reported.add(path);
        changes.push({ path, what });
      }
      return changes;
    },
  };
}

function changeOf(before: Snapshot, now: Snapshot): string | undefined {
  const [old, current] = [textOrProblem(before), textOrProblem(now)];
  if (now.link !== before.link) return "a symbolic link took its place, or the reverse";
  if (current === old) return undefined;
  if (old === missing) return "it was created";
  if (current === missing) return "it was removed";
  return "its content was changed";
}

function textOrProblem({ content }: Snapshot): string {
  return "text" in content ? `text ${content.text}` : content.problem;
}

function snapshotOf(path: string): Snapshot {
  return { content: read(path), link: linkAt(path) };
}

function linkAt(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function read(path: string): Content {
  try {
    // A pipe without a writer must not block the pack.
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = fstatSync(file);
      if (!stats.isFile()) return { problem: "it is not a regular file" };
      if (stats.size > maxBytes) return { problem: `it is larger than ${maxBytes} bytes` };
      return { text: readFileSync(file, "utf8") };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return { problem: `it cannot be read: ${(error as NodeJS.ErrnoException).code}` };
  }
}
