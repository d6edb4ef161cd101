import { PolicyPack } from "@pulumi/policy";
import { rules } from "./rules/index.ts";

// Constructing the pack starts its server, so this file does nothing else and no test loads it.
new PolicyPack("least-privilege-iam", { policies: rules, enforcementLevel: "mandatory" });
