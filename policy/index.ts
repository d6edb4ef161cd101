import { PolicyPack } from "@pulumi/policy";

new PolicyPack("reboot-automation", { policies: [] });
