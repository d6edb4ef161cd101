/** The keys of an event besides `type`, which becomes the `detail-type`. */
export const detailKeys = [
  "id",
  "schemaVersion",
  "time",
  "incidentId",
  "instanceId",
  "outcome",
  "severity",
  "title",
  "reason",
  "nextStep",
] as const;

export type DetailKey = (typeof detailKeys)[number];
