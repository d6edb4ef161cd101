/**
 * Characters that a terminal interprets, that change how others are shown, or that are invisible: control and
 * format characters (escapes, text direction, zero width), line separators, half characters, and
 * what fonts may leave out.
 */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * A line for a terminal. Text from the table, from AWS or from Sumo Logic can contain characters that
 * set the terminal's title, clear its screen or show a link as another; they are shown as in JSON:
 * `\u001b`. So a line of JSON keeps its meaning.
 *
 * handler/text.ts cleans the same characters before they are stored. It replaces them by spaces, since
 * escapes do not belong in e-mails, and operate/ does not import it.
 */
export function printable(line: string): string {
  return line.replace(unsafe, (character) =>
    Array.from({ length: character.length }, (_, index) => {
      const code = character.charCodeAt(index).toString(16);
      return `\\u${code.padStart(4, "0")}`;
    }).join(""),
  );
}

/** Prints one line. All commands print only with the functions of this file. */
export function print(line: string): void {
  console.log(printable(line));
}

export function printError(line: string): void {
  console.error(printable(line));
}

/**
 * Prints a page of HTML, whose text is escaped already. Resolves when it is written: Node.js may write to a
 * pipe later.
 */
export function printPage(page: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(page, () => resolve()));
}
