import { stripVTControlCharacters } from "node:util";

/** What `pulumi preview --diff` or `pulumi refresh --preview-only --diff` printed, taken apart. */
export interface Preview {
  /** What is to happen to each resource that does not stay the same, in the output's order. */
  readonly steps: readonly Step[];
  readonly findings: readonly PolicyFinding[];
  /** Operation (`create`, `replace`, …) → how many resources; nothing where no summary was printed. */
  readonly counts?: ReadonlyMap<string, number>;
}

/** What is to happen to one resource. */
export interface Step {
  /** The engine's word: `create`, `update`, `replace`, `delete`, `import`, … */
  readonly operation: string;
  /** As people write it, such as `aws:ec2:Instance`. */
  readonly type: string;
  readonly name: string;
  /** Names of the properties that change to something known; none where the whole resource comes or goes. */
  readonly changed: readonly string[];
  /** Those whose new value is known only after the deployment: most outputs of a replaced resource. */
  readonly changedToUnknown: readonly string[];
  /** The resource's properties; a changed one has `+`, `-` or `~` two columns before the others. */
  readonly lines: readonly string[];
}

/** What a policy pack said. */
export interface PolicyFinding {
  /** `mandatory`, `advisory`, … */
  readonly level: string;
  readonly rule: string;
  /** Type and name of the resource, where the finding is about one. */
  readonly resource: string;
  readonly message: string;
}

type Draft<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

/**
 * Takes the standard output of a preview apart. It is written for people, so what is not understood is
 * left out, never an error.
 * https://github.com/pulumi/pulumi/blob/master/pkg/backend/display/diff.go
 */
export function parsePreview(output: string): Preview {
  const lines = plain(output).split("\n");
  const summary = lines.lastIndexOf("Resources:");
  const body = summary < 0 ? lines : lines.slice(0, summary);
  const steps: Step[] = [];
  const findings: PolicyFinding[] = [];
  let take = (_line: string) => {};

  for (const [index, line] of body.entries()) {
    const header = headerIn(line, body[index + 1]);
    const finding = findingIn(line);
    if (header) {
      const { operation, type, indent } = header;
      const step: Draft<Step> = {
        operation,
        type,
        name: "",
        changed: [],
        changedToUnknown: [],
        lines: [],
      };
      if (operation !== "same") steps.push(step);
      take = (next) => addTo(step, indent, next);
    } else if (finding) {
      findings.push(finding);
      take = (next) => {
        finding.message += `\n${next}`;
      };
    } else if (line === "    --outputs:--") {
      // Those of the stack; a resource's are further to the right.
      take = () => {};
    } else {
      take(line);
    }
  }
  if (summary < 0) return { steps, findings };
  return { steps, findings, counts: countsIn(lines.slice(summary + 1)) };
}

/** The text without colours and carriage returns. */
export function plain(text: string): string {
  return stripVTControlCharacters(text).replaceAll("\r", "");
}

/** A resource's first line, which its URN or id follows; code in a package can look like the first alone. */
function headerIn(line: string, next = "") {
  const form = /^( *)(?:[+\-~<>=]{1,2}|) *([\w-]+:[\w./-]*:[\w.-]+): \(([a-z-]+)\)/;
  const [, indent = "", type = "", operation = ""] = form.exec(line) ?? [];
  if (!type || !/^ +\[(id|urn)=/.test(next)) return undefined;
  // As people write it: aws:ec2/instance:Instance is aws:ec2:Instance.
  return { indent: indent.length, type: type.replace(/\/[^:]*/, ""), operation };
}

function addTo(step: Draft<Step>, indent: number, line: string): void {
  // What a whole text becomes stands at the left margin.
  const isIndented = line.startsWith(" ".repeat(indent + 2));
  const inner = isIndented ? line.slice(indent + 2) : ` ${line}`;
  const urn = /^ +\[urn=(.*)\]$/.exec(inner);
  if (urn) step.name = urn[1]?.split("::").at(-1) ?? "";
  if (urn || /^ +\[provider=.*\]$|^ +--outputs:--$/.test(inner)) return;
  const changed = /^(?:\+-|[+\-~]) ?([\w$]+) *:/.exec(inner);
  const isUnknown = /(: |=> )\[unknown\]$/.test(inner);
  if (changed?.[1]) (isUnknown ? step.changedToUnknown : step.changed).push(changed[1]);
  step.lines.push(inner);
}

function findingIn(line: string): Draft<PolicyFinding> | undefined {
  const form =
    /^ {4}\S+@v\S* \[(\w+)\](?: \[severity: \w+\])? {2}([\w.-]+)(?: {2}\(([^\s()]+): (.*?)\))?(.*)$/;
  const [found, level = "", rule = "", type, name, message = ""] = form.exec(line) ?? [];
  if (found === undefined) return undefined;
  return { level, rule, resource: type ? `${type} ${name}` : "", message };
}

function countsIn(lines: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) {
    const [, count, operation] = /^ {4}[+\-~<>= ]{0,3}(\d+) to ([a-z-]+)$/.exec(line) ?? [];
    if (operation) counts.set(operation, Number(count));
  }
  return counts;
}
