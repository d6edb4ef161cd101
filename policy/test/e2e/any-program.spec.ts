import { itReportsOf } from "./any-program.ts";

describe("the policy pack on a program that knows nothing of it", () => {
  // Plain resources with code in a folder; functions in line; a stack reference; code in S3; Python. The long tier has all.
  itReportsOf([
    "orders-api",
    "thumbnailer",
    "invoice-export",
    "link-shortener",
    "instance-rebooter",
  ]);
});
