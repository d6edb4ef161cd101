import type { Grant } from "../../infra/grants.ts";
import { dashboardOption } from "./grants/options/dashboard.ts";
import { evidenceOption } from "./grants/options/evidence.ts";
import { busOption, chatOption, eventsOption, pagerOption } from "./grants/options/targets.ts";
import type { Names } from "./names.ts";
import type { OptionRole } from "./option-role.ts";
import type { Settings } from "./settings.ts";

/** What the roles need for an option of the program, in bootstrap's setting of the same meaning. */
export interface Option {
  readonly name: string;
  /** What a preview reads besides. */
  readonly read: readonly Grant[];
  /** What creates, changes and removes the option's resources. */
  readonly write: readonly Grant[];
  /** What sets and removes the tags of the option's resources, if those have any. */
  readonly tag?: Pick<Grant, "actions" | "resources">;
  /** The role that the program has with it, if any. */
  readonly role?: OptionRole;
}

/** The options that are set; none by default. */
export function optionsOf(names: Names, settings: Settings): Option[] {
  const { slack, teams, pager, eventBusArn, dashboard, evidence } = settings;
  const hasTarget = slack || teams || pager || eventBusArn !== undefined;
  return [
    ...(hasTarget ? [eventsOption(names)] : []),
    ...(slack || teams ? [chatOption(names, settings)] : []),
    ...(pager ? [pagerOption(names)] : []),
    ...(eventBusArn ? [busOption(names, eventBusArn)] : []),
    ...(dashboard ? [dashboardOption(names)] : []),
    ...(evidence ? [evidenceOption(names)] : []),
  ];
}
