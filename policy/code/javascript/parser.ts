import { type Options, Parser, type Program } from "acorn";
import type { CodeBudget } from "../budget.ts";

/** The members of acorn's parser that CountingParser overrides; acorn's types omit them. */
interface Internals {
  input: string;
  pos: number;
  privateNameStack: unknown[];
  startNode(): unknown;
  startNodeAt(...at: unknown[]): unknown;
  readCodePoint(): number;
  invalidStringToken(pos: number, message: string): void;
}

/**
 * A parser that counts its nodes and needs time in proportion to the text. It skips acorn's checks
 * for names that are declared twice or not at all, also in regular expressions, because they search
 * lists; and it reads one escape without searching the whole text. So it accepts some code that
 * Node.js rejects.
 */
function countingParser(budget: CodeBudget): typeof Parser {
  return Parser.extend((Base) => {
    const Untyped = Base as unknown as new (...given: unknown[]) => Internals;
    class CountingParser extends Untyped {
      override startNode() {
        budget.countNode();
        return super.startNode();
      }
      override startNodeAt(...at: unknown[]) {
        budget.countNode();
        return super.startNodeAt(...at);
      }
      declareName() {}
      checkLocalExport() {}
      validateRegExpPattern() {}
      exitClassBody() {
        this.privateNameStack.pop();
      }
      override readCodePoint() {
        if (this.input.charAt(this.pos) !== "{") return super.readCodePoint();
        let end = this.pos + 1;
        while (/[\da-f]/i.test(this.input.charAt(end))) end += 1;
        if (this.input.charAt(end) === "}") return super.readCodePoint();
        this.invalidStringToken(this.pos, "Bad character escape sequence");
        return 0;
      }
    }
    return CountingParser as unknown as typeof Parser;
  });
}

/**
 * Parses code as a module, or else as a script; undefined if it is neither. Throws a LimitError if
 * the tree has more nodes than the limit.
 */
export function parse(text: string, budget: CodeBudget): Program | undefined {
  const parser = countingParser(budget);
  const options: Options = {
    ecmaVersion: "latest",
    allowHashBang: true,
    allowReturnOutsideFunction: true,
    allowAwaitOutsideFunction: true,
  };
  for (const sourceType of ["module", "script"] as const) {
    try {
      return parser.parse(text, { ...options, sourceType });
    } catch (error) {
      // A RangeError means that the code is nested too deeply for the parser.
      if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    }
  }
  return undefined;
}
