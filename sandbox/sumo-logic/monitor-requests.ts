import { isValues, type Value, type Values } from "../engine/values.ts";

/** Each condition becomes a pair of triggers on the wire. */
export function triggersOf(conditions: Value | undefined): Value {
  if (!isValues(conditions)) throw new Error("a monitor must have triggerConditions");
  const { logsStaticCondition: fixed, logsMissingDataCondition: missing, ...others } = conditions;
  if (Object.keys(others).length > 0) {
    throw new Error(`the sandbox does not have the conditions ${Object.keys(others).join(", ")}`);
  }
  return [
    ...(isValues(fixed) ? staticTriggers(fixed) : []),
    ...(isValues(missing) ? missingDataTriggers(missing) : []),
  ];
}

const wireDefaults = { occurrenceType: "", triggerSource: "" };

function staticTriggers({ field = null, critical, ...others }: Values): Values[] {
  if (!isValues(critical) || Object.keys(others).length > 0) {
    throw new Error("the sandbox has static conditions with field and critical only");
  }
  const { timeRange = null, alert, resolution } = critical;
  const shared = { ...wireDefaults, timeRange, detectionMethod: "LogsStaticCondition", field };
  const [wireAlert, wireResolution] = [alert, resolution].map(withoutZero);
  return [
    { ...shared, triggerType: "Critical", ...wireAlert },
    { ...shared, triggerType: "ResolvedCritical", ...wireResolution },
  ];
}

/** The real provider's request has no threshold where it is 0. */
function withoutZero(condition: Value | undefined): Values {
  const { threshold, ...others } = isValues(condition) ? condition : {};
  return threshold ? { ...others, threshold } : others;
}

function missingDataTriggers({ timeRange = null }: Values): Values[] {
  const shared = { ...wireDefaults, timeRange, detectionMethod: "LogsMissingDataCondition" };
  return ["MissingData", "ResolvedMissingData"].map((triggerType) => ({ ...shared, triggerType }));
}

/** Notifications as the API has them. */
export function notificationsOf(notifications: Value | undefined): Value {
  return (Array.isArray(notifications) ? notifications : []).filter(isValues).map((it) => ({
    notification: notificationOf(isValues(it.notification) ? it.notification : {}),
    runForTriggerTypes: it.runForTriggerTypes ?? [],
  }));
}

function notificationOf(notification: Values): Values {
  const isEmail = notification.connectionType === "Email";
  const actionType = isEmail ? "EmailAction" : "NamedConnectionAction";
  return { actionType, ...notification };
}
