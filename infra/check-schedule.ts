/** When the result of a reboot is checked, and how soon the next reboot may follow. */
export interface CheckSchedule {
  readonly checkEveryMinutes: number;
  readonly maxChecks: number;
  readonly cooldownMinutes: number;
}

/** The settings behind a schedule, each within its own limits; `undefined` is to be computed. */
export interface ScheduleSettings {
  readonly windowMinutes: number;
  readonly checkEveryMinutes: number;
  readonly maxChecks: number | undefined;
  readonly cooldownMinutes: number | undefined;
}

/** The handler's limits. */
const [fewestChecks, mostChecks] = [2, 100];

/**
 * An alert resolves when its window no longer holds the slow responses from before the reboot, and
 * Sumo Logic has seen that for 5 minutes, 2 minutes late. Checks that end sooner would report
 * "NOT recovered" for a healthy server.
 */
const resolvesAfterWindowMinutes = 10;

/**
 * Computes the settings that are empty: one check more than the alert needs to resolve, and a
 * cool-down that ends at the next multiple of 10 minutes after the last check. With `problems`, one
 * line for each setting that does not fit the others, the schedule is of no use.
 *
 * The cool-down exceeds the time of all checks, so that one incident ends before the next one begins.
 * That is always more than `windowMinutes` + 2, before which the slow responses from before the reboot
 * could cause a second one.
 */
export function scheduleChecks(settings: ScheduleSettings): {
  readonly schedule: CheckSchedule;
  readonly problems: readonly string[];
} {
  const { windowMinutes, checkEveryMinutes } = settings;
  const checkedMinutes = windowMinutes + resolvesAfterWindowMinutes;
  const neededChecks = Math.max(fewestChecks, Math.ceil(checkedMinutes / checkEveryMinutes));
  const maxChecks = settings.maxChecks ?? defaultChecks(neededChecks, settings);
  const lastCheckMinutes = checkEveryMinutes * Math.max(maxChecks, neededChecks);
  const cooldownMinutes = settings.cooldownMinutes ?? 10 * (Math.floor(lastCheckMinutes / 10) + 1);
  const problems: string[] = [];
  if (neededChecks > mostChecks) {
    problems.push(
      `checkEveryMinutes: got ${checkEveryMinutes}; expected at least ` +
        `${Math.ceil(checkedMinutes / mostChecks)} with windowMinutes ${windowMinutes}, since ` +
        `${mostChecks} checks at most must last windowMinutes + ${resolvesAfterWindowMinutes}`,
    );
  } else {
    if (maxChecks < neededChecks) {
      problems.push(
        `maxChecks: got ${maxChecks}; expected at least ${neededChecks}, so that checkEveryMinutes ` +
          `(${checkEveryMinutes}) × maxChecks lasts windowMinutes (${windowMinutes}) + ` +
          `${resolvesAfterWindowMinutes}, or nothing to have it computed`,
      );
    }
    if (cooldownMinutes <= lastCheckMinutes) {
      problems.push(
        `cooldownMinutes: got ${cooldownMinutes}; expected more than ${lastCheckMinutes}, which is ` +
          `checkEveryMinutes × maxChecks (${checkEveryMinutes} × ${lastCheckMinutes / checkEveryMinutes}), ` +
          "or nothing to have it computed",
      );
    }
  }
  return { schedule: { checkEveryMinutes, maxChecks, cooldownMinutes }, problems };
}

/** One check to spare, where the cool-down has room for it. */
function defaultChecks(
  neededChecks: number,
  { checkEveryMinutes, cooldownMinutes = Number.POSITIVE_INFINITY }: ScheduleSettings,
): number {
  const checksInCooldown = Math.ceil(cooldownMinutes / checkEveryMinutes) - 1;
  const isRoomy = neededChecks < Math.min(mostChecks, checksInCooldown);
  return isRoomy ? neededChecks + 1 : neededChecks;
}
