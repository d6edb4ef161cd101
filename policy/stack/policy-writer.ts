import type { PolicyResource } from "@pulumi/policy";
import { secretValue, showString } from "../field.ts";
import { listed } from "../finding.ts";
import type { Grant } from "../grants.ts";
import { actionsOf, neededTypes } from "../iam/actions.ts";
import { isSecret } from "../secrets.ts";
import { some } from "../statements.ts";
import { resolveStandIn } from "./links.ts";
import type { Alternative, Need } from "./need.ts";
import { oneOf, type Permission, permissionName, resourceName, satisfies } from "./permissions.ts";
import { type PolicyArns, type Target, wordsOf } from "./policy-arns.ts";

/** Collects the statements of a policy, and what is doubtful about them. */
export class PolicyWriter {
  private readonly statements = new Map<
    string,
    { readonly targets: readonly Target[]; readonly actions: Set<string> }
  >();
  /** A doubt with its reason → the actions that it is about. */
  private readonly doubtful = new Map<string, Set<string>>();

  private readonly arns: PolicyArns;
  private readonly permissions: readonly Permission[];

  /** `permissions` are those that the role has now. */
  constructor(arns: PolicyArns, permissions: readonly Permission[]) {
    this.arns = arns;
    this.permissions = permissions;
  }

  async add(need: Need): Promise<void> {
    const actions = [...new Set(need.alternatives.map(({ action }) => action))];
    const chosen = this.chosenOf(need, actions);
    if (chosen.length > 1) {
      this.addDoubt(listed(chosen), `alternatives, of which the policy allows all: ${need.why}`);
    }
    for (const action of chosen) {
      await this.addAction(
        action,
        need.alternatives.filter((it) => it.action === action),
        need,
      );
    }
  }

  /** Of actions of which one is enough, what the role allows now; all if it allows none. */
  private chosenOf({ alternatives }: Need, actions: readonly string[]): readonly string[] {
    if (actions.length < 2) return actions;
    const allowed = actions.filter((action) =>
      alternatives.some(
        (it) => it.action === action && this.permissions.some((one) => satisfies(one, it)),
      ),
    );
    return allowed.length > 0 ? allowed : actions;
  }

  /** `alternatives` differ only in how the resource is named. The first that can be written is the most exact. */
  private async addAction(
    action: string,
    alternatives: readonly Alternative[],
    { why }: Need,
  ): Promise<void> {
    const [first] = alternatives;
    for (const it of alternatives) {
      const { targets, doubt } = await this.targetsOf(it);
      if (targets.length === 0) continue;
      this.addStatement(action, targets);
      if (doubt !== undefined) this.addDoubt(action, `${doubt}: ${why}`);
      return;
    }
    if (first) this.addDoubt(action, `${(await this.targetsOf(first)).doubt}: ${why}`);
  }

  private addStatement(action: string, targets: readonly Target[]): void {
    const [service] = action.split(":");
    const key = `${service} ${targets.map(({ arn }) => arn).join(" ")}`;
    const statement = this.statements.get(key) ?? { targets, actions: new Set() };
    this.statements.set(key, statement);
    statement.actions.add(action);
  }

  private addDoubt(action: string, ending: string): void {
    const actions = this.doubtful.get(ending) ?? new Set();
    this.doubtful.set(ending, actions.add(action));
  }

  /** What to allow the action on. If there is a doubt about it, it follows the action. */
  private async targetsOf(
    alternative: Alternative,
  ): Promise<{ readonly targets: readonly Target[]; readonly doubt?: string }> {
    const { action, type, prescribed, isGuess } = alternative;
    const [details] = await actionsOf(action);
    if (!details)
      return { targets: [], doubt: "not in the policy, since AWS's reference lacks it" };
    const anything = { arn: "*", words: `${wordsOf(action.split(":")[0] ?? "")}Everywhere` };
    if (details.resourceTypes.length === 0) return { targets: [anything] };
    const unknown = (what: string) => ({
      targets: [],
      doubt: `not in the policy, since ${what} is not known${this.allowedNow(alternative)}`,
    });
    if (type !== undefined) return unknown(`which ${type} it is on`);
    const { resources, values } = alternative;
    if (resources.length > 0) return await this.onResources(alternative, unknown);
    if (values.length > 0) {
      const arns = values.filter((it) => it.startsWith("arn:"));
      const exact = arns.length > 0 ? arns : values;
      // Of several names, some are not of a resource: a policy on those could be on somebody else's.
      const isUnclear = arns.length === 0 && exact.length > 1;
      const targets = isUnclear ? [] : exact.flatMap((it) => this.arns.ofValue(details, it) ?? []);
      const shown = some(exact.map((it) => (isSecret(it) ? secretValue : showString(it))));
      if (isUnclear) return unknown(`which of ${shown} names the resource`);
      if (targets.length === 0) return unknown(`the ARN of ${shown}`);
      return targets.length > 1
        ? { targets, doubt: `on one of ${shown}, and the policy allows all` }
        : { targets };
    }
    if (prescribed !== undefined) return { targets: [this.arns.target(prescribed)] };
    const created = this.arns.ofCreated(details);
    if (created) return { targets: [created] };
    if (!isGuess && neededTypes(details).length === 0) return { targets: [anything] };
    return unknown("the resource");
  }

  private async onResources(
    { action, resources, isGuess }: Alternative,
    unknown: (what: string) => { readonly targets: readonly Target[]; readonly doubt: string },
  ) {
    const [details] = await actionsOf(action);
    const found: [PolicyResource, Target][] = [];
    for (const it of resources) {
      const target = details && (await this.arns.ofResource(details, it));
      if (target) found.push([it, target]);
    }
    // An alias is more exact than its function.
    const behind = new Set(
      found.flatMap(([it]) => resolveStandIn(it).filter((other) => other !== it)),
    );
    const exact = found.filter(([it]) => !behind.has(it));
    const targets = exact.map(([, target]) => target).sort((a, b) => (a.arn < b.arn ? -1 : 1));
    const names = oneOf(exact.map(([it]) => it));
    if (targets.length === 0) return unknown(`the ARN of ${oneOf(resources)}`);
    if (isGuess) {
      return {
        targets,
        doubt: `on a resource that the call does not name, and the policy allows ${some(exact.map(([it]) => resourceName(it)))}, which the environment has`,
      };
    }
    return targets.length > 1
      ? { targets, doubt: `on ${names}, and the policy allows all` }
      : { targets };
  }

  /** Helps to complete the policy. */
  private allowedNow(alternative: Alternative): string {
    const now = this.permissions.filter((it) => satisfies(it, alternative)).map(permissionName);
    return now.length > 0 ? ` (the role allows ${some([...new Set(now)].sort())} now)` : "";
  }

  grants(): Grant[] {
    const all = [...this.statements].sort(([one], [other]) => (one < other ? -1 : 1));
    const taken = new Set<string>();
    return all.map(([, { targets, actions }]) => {
      const words = `Use${targets.map((it) => it.words).join("Or")}`;
      let sid = words;
      for (let count = 2; taken.has(sid); count++) sid = `${words}${count}`;
      taken.add(sid);
      return { sid, actions: [...actions].sort(), resources: targets.map(({ arn }) => arn) };
    });
  }

  doubts(): string[] {
    return [...this.doubtful].map(([ending, actions]) => `${listed([...actions])}: ${ending}`);
  }
}
