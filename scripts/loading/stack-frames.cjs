/**
 * Makes stack traces cheap, with the same text. Pulumi records one for each property of each resource, and
 * ts-node's source maps cost a millisecond each; but nearly all of their frames come again and again.
 */
exports.rememberStackFrames = () => {
  const format = Error.prepareStackTrace;
  if (!format) return;
  const lines = new Map();
  Error.prepareStackTrace = (error, frames) => {
    const head = format(error, []);
    const lineOf = (frame) => {
      const place = String(frame);
      if (!lines.has(place)) lines.set(place, format(error, [frame]).slice(head.length));
      return lines.get(place);
    };
    return head + frames.map(lineOf).join("");
  };
};
