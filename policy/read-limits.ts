const MB = 1024 * 1024;

/**
 * How much the pack reads and compares in one run. The checked program chooses its code, its policies
 * and their number, so everything that grows with them has a limit. All limits are counts, never times:
 * a finding must not depend on the machine. Anything over a limit is reported as not read, with the
 * limit's name, and never passes.
 */
export const readLimits = {
  /** One source file: larger ones are not written by people, nor by bundlers for Lambda. */
  fileBytes: 20 * MB,
  /**
   * The source code of one function with its layers, since all of it is in memory at once. Lambda's own limit is
   * 250 MB, for everything in a package. The AWS SDK, compiled modules and the tests of Python's large libraries, which are
   * most of it, are not read. Of Python's, pandas, scipy, scikit-learn and numpy have 31 MB besides, and fifty common libraries
   * together 67 MB.
   * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
   */
  functionBytes: 128 * MB,
  /** The source code of all functions, with the libraries that are not followed: as much as is hashed. */
  runBytes: 2048 * MB,
  /** Files and folders of all functions, also those that are no source code: ten large `node_modules`. */
  runEntries: 200_000,
  /** All files of functions, to compare their hash with the engine's. Lambda accepts 250 MB for a function. */
  runHashedBytes: 2048 * MB,
  /**
   * Nodes in the syntax trees of one function, which are in memory together, at about 400 bytes each
   * with what is found about them. 10 MB of minified code has this many.
   */
  functionNodes: 3_000_000,
  /**
   * Visits of nodes, names and values in the code of all functions. Plain code takes 9 for a node: 100 MB as people
   * write it, or 30 MB of minified code. Equal code of several functions counts once.
   */
  runSteps: 100_000_000,
  /**
   * A policy document as JSON. The largest that AWS accepts is 100 KB, for OpenSearch domains; a
   * managed policy has 6,144 characters.
   * https://docs.aws.amazon.com/opensearch-service/latest/developerguide/limits.html
   */
  documentCharacters: 256 * 1024,
  /** Objects and lists inside each other. IAM's grammar needs 6. */
  documentDepth: 32,
  /**
   * The definition of a state machine: AWS's limit.
   * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
   */
  definitionCharacters: 1024 * 1024,
  /** Parallel and Map states inside each other. People write 3. */
  definitionDepth: 32,
  /** Actions times resources of one statement: a hundred of each. */
  statementPairs: 10_000,
  /** Actions that the patterns of one statement match: five times every action of AWS. */
  statementActions: 120_000,
  /** AWS's own limit for an ARN; what is longer names nothing. */
  arnCharacters: 2048,
  /** Characters of patterns, names and words that are compared with each other in one run. */
  comparisons: 2_000_000_000,
} as const;

/** Thrown before a limit is exceeded. The message is a clause that names the limit. */
export class LimitError extends Error {
  override readonly name = "LimitError";
}
