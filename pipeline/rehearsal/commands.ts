/** What a step asks of the runner, by lines that it prints or by files that it writes. */
export interface Commands {
  readonly outputs: Readonly<Record<string, string>>;
  /** Variables for the later steps of the job. */
  readonly variables: Readonly<Record<string, string>>;
  /** Folders that the later steps of the job have first on PATH. */
  readonly paths: readonly string[];
  /** The annotations of level `error`, `TITLE: TEXT`. */
  readonly errors: readonly string[];
  /** Why the runner fails the step, whatever its exit code is. */
  readonly refusals: readonly string[];
}

/** The files that a step is given by name, with their content after the step. */
export interface CommandFiles {
  readonly GITHUB_OUTPUT: string;
  readonly GITHUB_ENV: string;
  readonly GITHUB_PATH: string;
}

const stop = "stop-commands";
/** Removed from GitHub's runner for what a step prints; the files replace them. */
const disabled = ["set-env", "add-path"];
const known = [
  ...disabled,
  stop,
  "set-output",
  "save-state",
  "add-mask",
  "add-matcher",
  "remove-matcher",
  "debug",
  "notice",
  "warning",
  "error",
  "group",
  "endgroup",
  "echo",
];

interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/**
 * Processes what a step printed and wrote as GitHub's runner does.
 * https://github.com/actions/runner/blob/main/src/Runner.Worker/ActionCommandManager.cs
 * https://github.com/actions/runner/blob/main/src/Runner.Worker/FileCommandManager.cs
 */
export function commandsIn(output: string, files: CommandFiles): Commands {
  const printed = printedCommands(output);
  const refusals = printed
    .filter(({ name }) => disabled.includes(name))
    .map(({ name }) => `The \`${name}\` command is disabled.`);
  const fields = (file: keyof CommandFiles) => {
    try {
      return fieldsIn(files[file]);
    } catch (error) {
      refusals.push(`Unable to process file command '${file}': ${(error as Error).message}`);
      return {};
    }
  };
  const { NODE_OPTIONS, ...variables } = fields("GITHUB_ENV");
  if (NODE_OPTIONS !== undefined) refusals.push("Can't store NODE_OPTIONS output parameter");
  const outputs = printed
    .filter(({ name }) => name === "set-output")
    .map(({ properties, data }) => [properties.name ?? "", data]);
  return {
    outputs: { ...Object.fromEntries(outputs), ...fields("GITHUB_OUTPUT") },
    variables,
    paths: files.GITHUB_PATH.split("\n").filter((line) => line !== ""),
    errors: printed
      .filter(({ name }) => name === "error")
      .map(({ properties: { title }, data }) => (title ? `${title}: ${data}` : data)),
    refusals,
  };
}

/** The commands that the runner follows: those between `::stop-commands::TOKEN` and `::TOKEN::` are text. */
function printedCommands(output: string): Command[] {
  const commands: Command[] = [];
  let token: string | undefined;
  for (const line of output.split(/\r\n|\r|\n/)) {
    const names = token === undefined ? known : [...known, token.toLowerCase()];
    const command = newForm(line, names) ?? oldForm(line, names);
    if (!command) continue;
    if (token !== undefined) {
      if (command.name === token.toLowerCase()) token = undefined;
    } else if (command.name === stop) token = command.data;
    else commands.push(command);
  }
  return commands;
}

/** `::name key=value,key=value::data`, after spaces. */
function newForm(line: string, names: readonly string[]): Command | undefined {
  const [, head = "", data = ""] = /^\s*::(.*?)::(.*)$/.exec(line) ?? [];
  return command(head, data, { names, separator: ",", unescape: (it) => unescaped(it, ",:") });
}

/** `##[name key=value;key=value]data`, anywhere in the line. */
function oldForm(line: string, names: readonly string[]): Command | undefined {
  const [, head = "", data = ""] = /##\[(.*?)\](.*)$/.exec(line) ?? [];
  return command(head, data, { names, separator: ";", unescape: (it) => unescaped(it, ";]") });
}

function command(
  head: string,
  data: string,
  form: { names: readonly string[]; separator: string; unescape(text: string): string },
): Command | undefined {
  const [, word = "", rest = ""] = /^(\S*) ?(.*)$/.exec(head) ?? [];
  const name = word.toLowerCase();
  if (!form.names.includes(name)) return undefined;
  const properties = rest
    .trim()
    .split(form.separator)
    .flatMap((it) => {
      const [, key, value] = /^([^=]+)=(.+)$/.exec(it) ?? [];
      return key && value ? [[key, form.unescape(value)]] : [];
    });
  return { name, properties: Object.fromEntries(properties), data: form.unescape(data) };
}

function unescaped(text: string, more: string): string {
  const signs = ["\r", "\n", ...more, "%"];
  const code = (sign: string) =>
    `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
  return signs.reduce((all, sign) => all.replaceAll(code(sign), sign), text);
}

/** `name=value` on a line each, or `name<<END`, lines, `END`. Throws for any other format. */
function fieldsIn(text: string): Record<string, string> {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const fields: Record<string, string> = {};
  while (lines.length > 0) {
    const line = lines.shift() ?? "";
    if (line === "") continue;
    const [, name, sign, rest = ""] = /^(.*?)(=|<<)(.*)$/.exec(line) ?? [];
    if (!name || (sign === "<<" && rest === "")) throw new Error(`Invalid format '${line}'`);
    if (sign === "=") {
      fields[name] = rest;
      continue;
    }
    const end = lines.indexOf(rest);
    if (end < 0) throw new Error(`Matching delimiter not found '${rest}'`);
    fields[name] = lines
      .splice(0, end + 1)
      .slice(0, -1)
      .join("\n");
  }
  return fields;
}
