/** The value of a variable. Throws an error that says where it is set. */
export function required(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error(
    `the variable ${name} is missing or empty; the step of the workflow sets it (.github/workflows/)`,
  );
}

/** The same, for a whole number that is not negative, such as an exit code. */
export function requiredNumber(name: string): number {
  const value = required(name);
  if (/^\d+$/.test(value)) return Number(value);
  throw new Error(`the variable ${name} must be a whole number: got ${JSON.stringify(value)}`);
}

/** The same, for one of a few values. */
export function requiredOf<T extends string>(name: string, values: readonly T[]): T {
  const value = required(name);
  const found = values.find((it) => it === value);
  if (found) return found;
  throw new Error(
    `the variable ${name} must be one of ${values.join(", ")}: got ${JSON.stringify(value)}`,
  );
}

/** The page of this run of the workflow. */
export function runUrl(): string {
  const [server, repository, run] = ["GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID"].map(
    required,
  );
  return `${server}/${repository}/actions/runs/${run}`;
}
