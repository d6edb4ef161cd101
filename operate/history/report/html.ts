import { printable } from "../../print.ts";

/** A piece of a page. Only `html` creates one, so text cannot become a piece without being escaped. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** The limit for a value in characters: others wrote most of them. */
const longestValue = 2_000;

/** What a template accepts: a string is escaped and shortened, a piece is not. */
export type Content = string | number | Html | undefined | readonly Content[];

/**
 * Tag of a template. Its values are escaped and shortened, in elements and in quoted attributes alike; a list is joined,
 * and `undefined` is nothing.
 */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(parts.map((part, index) => part + contentText(values[index])).join(""));
}

function contentText(content: Content): string {
  if (content === undefined) return "";
  if (content instanceof Html) return content.text;
  if (typeof content === "number") return String(content);
  return typeof content === "string" ? escaped(content).text : content.map(contentText).join("");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * Text from outside, for an element or a quoted attribute: at most `longest` characters of it. Line breaks
 * stay; other characters that are invisible or change how others are shown become visible, as on the terminal.
 */
export function escaped(text: string, longest = longestValue): Html {
  const visible = shortened(text, longest).split("\n").map(printable).join("\n");
  return new Html(visible.replace(/[&<>"']/g, (character) => entities[character] ?? ""));
}

/** At most `longest` characters of a string, with the number of those that were left out. */
function shortened(text: string, longest: number): string {
  const characters = Array.from(text.slice(0, 2 * longest));
  if (characters.length <= longest) return text;
  const kept = characters.slice(0, longest).join("");
  return `${kept}… (${text.length - kept.length} more characters)`;
}
