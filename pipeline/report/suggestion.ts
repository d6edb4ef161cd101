/** A finding's message without the statements to write instead, and those. */
export interface SplitMessage {
  readonly text: string;
  readonly statements?: readonly object[];
}

const introduction = " Instead: ";

/**
 * Splits the message of a finding of the policy pack: `… Instead: {…}, {…}`, perhaps with a note behind. A message in which no
 * JSON follows stays as it is.
 */
export function splitMessage(message: string): SplitMessage {
  const at = message.lastIndexOf(introduction);
  if (at < 0) return { text: message };
  const start = at + introduction.length;
  const end = endOfObjects(message, start);
  const statements = objectsIn(message.slice(start, end));
  return statements
    ? { text: message.slice(0, at) + message.slice(end), statements }
    : { text: message };
}

function objectsIn(json: string): object[] | undefined {
  try {
    const list: object[] = JSON.parse(`[${json}]`);
    return list.length > 0 ? list : undefined;
  } catch {
    return undefined;
  }
}

/** The index after the last of the objects that begin there. Takes time that grows with the length of the text alone. */
function endOfObjects(text: string, start: number): number {
  let end = start;
  let depth = 0;
  let isString = false;
  for (let index = start; index < text.length; index++) {
    const it = text[index];
    if (isString) {
      if (it === "\\") index++;
      else if (it === '"') isString = false;
    } else if (it === '"' && depth > 0) isString = true;
    else if (it === "{") depth++;
    else if (it === "}") {
      depth--;
      if (depth === 0) end = index + 1;
    } else if (
      depth === 0 &&
      !(it === "," && end === index) &&
      !(it === " " && end === index - 1)
    ) {
      break;
    }
  }
  return end;
}
