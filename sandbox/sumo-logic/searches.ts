import { hexId, type Kind, must } from "./collection.ts";

/** Saved searches, at least as complete as one can be run. */
export const searchKind: Kind = {
  newId: hexId,
  check(search) {
    for (const field of ["name", "queryString", "parentId"]) {
      must(typeof search[field] === "string", field, search[field], "text");
    }
    must(search.timeRange?.type !== undefined, "timeRange", search.timeRange, "one with a type");
  },
};
