// Parts of a page that are generated, between marks that name them.

/** The page with another table between the marks of that name; `head` is its first line. */
export function withTable(
  page: string,
  name: string,
  [head = "", ...rows]: readonly string[],
): string {
  const line = head.replaceAll(/[^|]+/g, " --- ");
  return withPart(page, name, [head, line, ...rows].join("\n"));
}

/** The page with another text between the marks of that name. Throws if the marks are missing. */
export function withPart(page: string, name: string, text: string): string {
  const [start, end] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the page lacks ${start.trim()} … ${end}`);
  const part = text === "" ? "" : `\n${text}\n\n`;
  return page.slice(0, from + start.length) + part + page.slice(to);
}
