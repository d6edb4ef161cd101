import type { Language } from "../language.ts";
import { findCalls } from "./calls.ts";
import { handlerVariables } from "./handler.ts";
import { libraryVariables } from "./libraries.ts";
import { isCode, isListed, isSkipped } from "./package-files.ts";

/** Reads boto3. */
export const python: Language = {
  name: "Python",
  isCode,
  isListed,
  variables: [...handlerVariables, ...libraryVariables],
  isSkipped,
  findCalls,
};
