import { hexId, type Item, type Kind, must, numericId, oneOf } from "./collection.ts";

/** Hosted collectors. https://help.sumologic.com/docs/api/collector-management/ */
export const collectorKind: Kind = {
  newId: numericId,
  envelope: "collector",
  check({ collectorType, name }, _request, others) {
    oneOf("collectorType", collectorType, ["Hosted"]);
    checkName(name, others);
  },
};

/** HTTP sources below a collector; `urlOf` makes the address of one from its token. */
export function sourceKind(urlOf: (token: string) => string): Kind {
  return {
    newId: numericId,
    envelope: "source",
    check(source, { path }, others) {
      oneOf("sourceType", source.sourceType, ["HTTP"]);
      // The sandbox treats each line as one message, and finds its time by itself.
      oneOf("multilineProcessingEnabled", source.multilineProcessingEnabled, [false]);
      oneOf("messagePerRequest", source.messagePerRequest, [false]);
      oneOf("automaticDateParsing", source.automaticDateParsing, [true]);
      checkName(
        source.name,
        others.filter((it) => it.collectorId === collectorOf(path)),
      );
    },
    complete({ path }) {
      const token = hexId() + hexId();
      return { collectorId: collectorOf(path), token, url: urlOf(token), baseUrl: urlOf("") };
    },
  };
}

/** The collector that the address of a source names. */
export function collectorOf(path: string): string | undefined {
  return /^v1\/collectors\/(\d+)\/sources/.exec(path)?.[1];
}

function checkName(name: unknown, others: readonly Item[]): void {
  must(typeof name === "string" && /^.{1,128}$/.test(name), "name", name, "1 to 128 characters");
  must(!others.some((it) => it.name === name), "name", name, "one that is not taken");
}
