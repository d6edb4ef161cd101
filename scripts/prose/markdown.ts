import { TextlintKernel, type TextlintRuleModule } from "@textlint/kernel";
import markdown from "@textlint/textlint-plugin-markdown";
import { findTerms } from "./term.ts";
import { terms } from "./terms.ts";

/** A place in a file, counted from 1, and what is wrong there. */
export interface Finding {
  readonly line: number;
  readonly column: number;
  readonly text: string;
  readonly write: string;
}

type Node = { type: string; range: readonly [number, number]; children?: readonly Node[] };

/**
 * The terms as a rule of textlint. It reads what is rendered as text, across line breaks and emphasis,
 * and code blocks, which show what people read elsewhere. Code in a line is the name of something.
 */
const rule: TextlintRuleModule = (context) => {
  const { Syntax, RuleError, report, getSource, locator } = context;
  const check = (text: string, node: Parameters<typeof report>[0]) => {
    for (const { at, text: found, write } of findTerms(text, terms)) {
      const message = JSON.stringify({ text: found, write });
      report(node, new RuleError(message, { padding: locator.at(at) }));
    }
  };
  const checkProse = (node: Parameters<typeof report>[0]) =>
    check(proseOf(node as unknown as Node, getSource(node)), node);
  return {
    [Syntax.Paragraph]: checkProse,
    [Syntax.Header]: checkProse,
    [Syntax.TableCell]: checkProse,
    [Syntax.CodeBlock]: (node) => check(getSource(node), node),
  };
};

/** The text of a node: as long as its source, with spaces for markup and X for code. */
function proseOf(node: Node, source: string): string {
  const [start] = node.range;
  let prose = " ".repeat(source.length);
  const put = (text: string, at: number) => {
    prose = prose.slice(0, at) + text + prose.slice(at + text.length);
  };
  const visit = ({ type, range, children = [] }: Node) => {
    const [from, to] = range.map((it) => it - start) as [number, number];
    if (type === "Str") put(source.slice(from, to), from);
    else if (type === "Code") put("X".repeat(to - from), from);
    else for (const child of children) visit(child);
  };
  visit(node);
  return prose;
}

const kernel = new TextlintKernel();

/** What a Markdown file has of the terms. */
export async function findInMarkdown(text: string): Promise<Finding[]> {
  const { messages } = await kernel.lintText(text, {
    ext: ".md",
    plugins: [{ pluginId: "markdown", plugin: markdown.default }],
    rules: [{ ruleId: "terms", rule }],
  });
  return messages.map(({ message, loc }) => ({
    line: loc.start.line,
    column: loc.start.column,
    ...(JSON.parse(message) as { text: string; write: string }),
  }));
}
