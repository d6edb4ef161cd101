/** A JSON value as a service describes it in its API model. */
export interface Shape {
  /** What is wrong with the value, one constraint each; `at` is its path, for example `targets.1.member.id`. */
  problemsOf(value: unknown, at: string): string[];
}

const constraint = (value: unknown, at: string, rule: string) => [
  `Value '${typeof value === "string" ? value : JSON.stringify(value)}' at '${at}' failed to satisfy constraint: ${rule}`,
];

/** A string of `min` to `max` characters that matches the whole pattern, or is one of `values`. */
export const string = ({
  min = 0,
  max = Number.POSITIVE_INFINITY,
  pattern,
  values,
}: {
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: RegExp;
  readonly values?: readonly string[];
} = {}): Shape => ({
  problemsOf(value, at) {
    if (typeof value !== "string") return constraint(value, at, "Member must be a string");
    if (value.length < min) {
      return constraint(value, at, `Member must have length greater than or equal to ${min}`);
    }
    if (value.length > max) {
      return constraint(value, at, `Member must have length less than or equal to ${max}`);
    }
    if (pattern && pattern.exec(value)?.[0] !== value) {
      const rule = `Member must satisfy regular expression pattern: ${pattern.source}`;
      return constraint(value, at, rule);
    }
    if (values && !values.includes(value)) {
      return constraint(value, at, `Member must satisfy enum value set: [${values.join(", ")}]`);
    }
    return [];
  },
});

/** A whole number from `min` to `max`. */
export const integer = (min: number, max = Number.MAX_SAFE_INTEGER): Shape => ({
  problemsOf(value, at) {
    if (!Number.isInteger(value)) return constraint(value, at, "Member must be an integer");
    const number = value as number;
    if (number < min) {
      return constraint(value, at, `Member must have value greater than or equal to ${min}`);
    }
    return number > max
      ? constraint(value, at, `Member must have value less than or equal to ${max}`)
      : [];
  },
});

export const boolean: Shape = {
  problemsOf: (value, at) =>
    typeof value === "boolean" ? [] : constraint(value, at, "Member must be a boolean"),
};

/** A list of at least `min` and at most `max` members. */
export const listOf = (member: Shape, { min = 0, max = Number.POSITIVE_INFINITY } = {}): Shape => ({
  problemsOf(value, at) {
    if (!Array.isArray(value)) return constraint(value, at, "Member must be a list");
    if (value.length < min || value.length > max) {
      return constraint(value, at, `Member must have ${min} to ${max} members`);
    }
    return value.flatMap((it, index) => member.problemsOf(it, `${at}.${index + 1}.member`));
  },
});

/** At most `max` members with these keys and values. */
export const mapOf = (
  key: Shape,
  member: Shape,
  { max = Number.POSITIVE_INFINITY } = {},
): Shape => ({
  problemsOf(value, at) {
    if (!isObject(value)) return constraint(value, at, "Member must be a map");
    const entries = Object.entries(value);
    if (entries.length > max) {
      return constraint(value, at, `Member must have at most ${max} members`);
    }
    return entries.flatMap(([name, it]) => [
      ...key.problemsOf(name, `${at}.key`),
      ...member.problemsOf(it, `${at}.${name}`),
    ]);
  },
});

/** Exactly these members; the required ones must be there. */
export const structure = (
  members: Readonly<Record<string, Shape>>,
  required: readonly string[] = [],
): Shape => ({
  problemsOf(value, at) {
    if (!isObject(value)) return constraint(value, at, "Member must be a structure");
    const given = Object.entries(value).filter(([, it]) => it !== undefined && it !== null);
    const missing = required.filter((name) => !given.some(([key]) => key === name));
    return [
      ...missing.flatMap((name) => constraint(null, pathOf(at, name), "Member must not be null")),
      ...given.flatMap(([name, it]) => {
        const shape = Object.hasOwn(members, name) ? members[name] : undefined;
        const path = pathOf(at, name);
        return shape?.problemsOf(it, path) ?? constraint(it, path, "no such member");
      }),
    ];
  },
});

function pathOf(at: string, name: string): string {
  const word = name.charAt(0).toLowerCase() + name.slice(1);
  return at === "" ? word : `${at}.${word}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
