import { LimitError, readLimits } from "../read-limits.ts";

type Limit =
  | "fileBytes"
  | "functionBytes"
  | "runBytes"
  | "runEntries"
  | "runHashedBytes"
  | "functionNodes"
  | "runSteps";

export type CodeLimits = Readonly<Record<Limit, number>>;

/**
 * Counts what is read of the code of a stack's functions, one after the other. The counting methods
 * throw a LimitError over a limit; its message is the end of `its code …`.
 */
export class CodeBudget {
  readonly limits: CodeLimits;
  private functionBytes = 0;
  private runBytes = 0;
  private entries = 0;
  private nodes = 0;
  private steps = 0;
  private hashedBytes = 0;
  private hashedEntries = 0;

  constructor(limits: Partial<CodeLimits> = {}) {
    this.limits = { ...readLimits, ...limits };
  }

  /** Resets the counts of one function for the next. */
  startFunction(): void {
    this.functionBytes = 0;
    this.nodes = 0;
  }

  /** A file or folder of a package. */
  countEntry(): void {
    this.entries += 1;
    const { runEntries } = this.limits;
    if (this.entries > runEntries) throw beyond(`${runEntries} files and folders of all functions`);
  }

  /** A file of source code, before it is read. */
  countFile(path: string, bytes: number): void {
    const { fileBytes, functionBytes, runBytes } = this.limits;
    if (bytes > fileBytes) {
      throw new LimitError(`${path} is larger than ${sizeOf(fileBytes)} and is not read`);
    }
    if (this.functionBytes + bytes > functionBytes) {
      throw beyond(`${sizeOf(functionBytes)} of code in one function`);
    }
    if (this.runBytes + bytes > runBytes) {
      throw beyond(`${sizeOf(runBytes)} of code in all functions`);
    }
    this.functionBytes += bytes;
    this.runBytes += bytes;
  }

  /** A file or folder of a package of which the hash is computed, with its bytes. */
  countHashed(bytes: number): void {
    this.hashedBytes += bytes;
    this.hashedEntries += 1;
    const { runEntries, runHashedBytes } = this.limits;
    if (this.hashedBytes > runHashedBytes || this.hashedEntries > runEntries) {
      throw beyond(`${sizeOf(runHashedBytes)} of files to compare with the engine's`);
    }
  }

  /** A node of a syntax tree. */
  countNode(): void {
    this.nodes += 1;
    const { functionNodes } = this.limits;
    if (this.nodes > functionNodes) throw beyond(`${functionNodes} syntax nodes in one function`);
  }

  /** Visits of nodes, names and values while code is followed. */
  countSteps(steps = 1): void {
    this.steps += steps;
    const { runSteps } = this.limits;
    if (this.steps > runSteps) throw beyond(`${runSteps} steps through the code of all functions`);
  }
}

function beyond(limit: string): LimitError {
  return new LimitError(`is not read beyond ${limit}`);
}

function sizeOf(bytes: number): string {
  return `${bytes / 1024 / 1024} MB`;
}
