import { programNames } from "../any-program/run.ts";
import { itReportsOf } from "./any-program.ts";

describe("the policy pack on programs that know nothing of it", () => {
  itReportsOf(programNames);
});
