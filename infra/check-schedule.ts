/** When the result of a reboot is checked, and how soon another reboot may follow. */
export interface CheckSchedule {
  readonly checkEveryMinutes: number;
  readonly maxChecks: number;
  readonly cooldownMinutes: number;
}

/** The settings of a schedule, each valid by itself. `undefined` means that it is computed. */
export interface ScheduleSettings {
  readonly windowMinutes: number;
  readonly checkEveryMinutes: number;
  readonly maxChecks: number | undefined;
  readonly cooldownMinutes: number | undefined;
}

/** The limits that the handler checks too. */
const [fewestChecks, mostChecks] = [2, 200];

/**
 * How many minutes the checks must last: until Sumo Logic has resolved the alert, in every case.
 *
 * Sumo Logic evaluates windows 2 minutes late. It resolves an alert when the count has been low for 5
 * minutes. Without any line it resolves a full window after the last match, that is up to
 * 2 × windowMinutes + 2 minutes after the reboot. The time between two evaluations is added twice, for the
 * match and for the resolution. Checks that end sooner would report "NOT recovered" although the result is
 * unknown. https://help.sumologic.com/docs/alerts/monitors/overview/
 */
function leastCheckedMinutes(windowMinutes: number): number {
  return Math.max(12, 2 * windowMinutes + 3 + 2 * evaluationMinutes(windowMinutes));
}

/**
 * Minutes between two evaluations of a window. The documentation lists an hour twice; this is the slower
 * of both. https://help.sumologic.com/docs/alerts/monitors/create-monitor/
 */
function evaluationMinutes(windowMinutes: number): number {
  if (windowMinutes <= 15) return 1;
  if (windowMinutes < 60) return 2;
  return windowMinutes <= 360 ? 10 : 20;
}

/**
 * Computes the settings that are empty: as many checks as the alert needs to resolve, and a cool-down that
 * ends at the next multiple of 10 minutes after the last check. `problems` has one line for each setting
 * that does not fit the others; the schedule is valid only if there are none.
 *
 * The cool-down exceeds the time of all checks, so that one incident ends before the next one begins.
 * It therefore exceeds `windowMinutes` + 2: within those minutes, slow responses from before the reboot could
 * cause a second one.
 */
export function scheduleChecks(settings: ScheduleSettings): {
  readonly schedule: CheckSchedule;
  readonly problems: readonly string[];
} {
  const { windowMinutes, checkEveryMinutes } = settings;
  const checkedMinutes = leastCheckedMinutes(windowMinutes);
  const neededChecks = Math.max(fewestChecks, Math.ceil(checkedMinutes / checkEveryMinutes));
  const maxChecks = settings.maxChecks ?? neededChecks;
  const lastCheckMinutes = checkEveryMinutes * Math.max(maxChecks, neededChecks);
  const cooldownMinutes = settings.cooldownMinutes ?? 10 * (Math.floor(lastCheckMinutes / 10) + 1);
  const problems: string[] = [];
  if (neededChecks > mostChecks) {
    problems.push(
      `checkEveryMinutes: got ${checkEveryMinutes}; expected at least ` +
        `${Math.ceil(checkedMinutes / mostChecks)} with windowMinutes ${windowMinutes}, since ` +
        `at most ${mostChecks} checks must last ${checkedMinutes} minutes`,
    );
  } else {
    if (maxChecks < neededChecks) {
      problems.push(
        `maxChecks: got ${maxChecks}; expected at least ${neededChecks}, so that checkEveryMinutes ` +
          `(${checkEveryMinutes}) × maxChecks lasts ${checkedMinutes} minutes, as windowMinutes ` +
          `${windowMinutes} needs, or empty to have it computed`,
      );
    }
    if (cooldownMinutes <= lastCheckMinutes) {
      problems.push(
        `cooldownMinutes: got ${cooldownMinutes}; expected more than ${lastCheckMinutes}, which is ` +
          `checkEveryMinutes × maxChecks (${checkEveryMinutes} × ${lastCheckMinutes / checkEveryMinutes}), ` +
          "or empty to have it computed",
      );
    }
  }
  return { schedule: { checkEveryMinutes, maxChecks, cooldownMinutes }, problems };
}
