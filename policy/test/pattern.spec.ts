import { expect } from "chai";
import fc from "fast-check";
import { loadProgram } from "../../sandbox/engine/program.ts";

const { matches, overlaps } =
  loadProgram<typeof import("../iam/pattern.ts")>("policy/iam/pattern.ts");
const { isPattern, mayBe, matchesAll } =
  loadProgram<typeof import("../iam/arn.ts")>("policy/iam/arn.ts");

/** Few letters, so that random patterns and strings match. */
const pattern = fc.string({ unit: fc.constantFrom("a", "b", ":", "/", "*", "?"), maxLength: 9 });
const text = fc.string({ unit: fc.constantFrom("a", "b", ":", "/"), maxLength: 9 });

/** The plain reference: a regular expression. */
function expression(glob: string): RegExp {
  const parts = [...glob].map((it) =>
    it === "*" ? ".*" : it === "?" ? "." : `\\u${it.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return new RegExp(`^${parts.join("")}$`, "s");
}

/** Every string of at most four of these letters. */
const shortTexts = [1, 2, 3, 4].reduce(
  (texts) => ["", ...texts.flatMap((it) => ["a", "b", "c"].map((letter) => letter + it))],
  [""],
);

describe("matches", () => {
  it("agrees with a regular expression", () => {
    fc.assert(
      fc.property(pattern, text, (glob, candidate) => {
        expect(matches(glob, candidate)).to.equal(expression(glob).test(candidate));
      }),
      { numRuns: 2_000 },
    );
  });

  it("matches what a pattern was generated from", () => {
    fc.assert(
      fc.property(text, text, text, (start, middle, end) => {
        expect(matches(`${start}*${end}`, start + middle + end)).to.equal(true);
      }),
    );
  });

  it("stays fast with many wildcards", () => {
    expect(matches("*a".repeat(200), "a".repeat(5_000))).to.equal(true);
    expect(matches(`${"*a".repeat(200)}b`, "a".repeat(5_000))).to.equal(false);
  });
});

describe("overlaps", () => {
  it("agrees with trying every short text", () => {
    const short = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 4 });
    fc.assert(
      fc.property(short, short, (left, right) => {
        const meets = shortTexts.some((it) => matches(left, it) && matches(right, it));
        if (meets) expect(overlaps(left, right)).to.equal(true);
        // One of at most four tokens without `*` matches strings of at most four letters.
        if (!left.includes("*")) expect(overlaps(left, right)).to.equal(meets);
      }),
      { numRuns: 2_000 },
    );
  });

  it("is the same both ways", () => {
    fc.assert(
      fc.property(pattern, pattern, (left, right) => {
        expect(overlaps(left, right)).to.equal(overlaps(right, left));
      }),
    );
  });

  it("is what matches says where one of them has no wildcard", () => {
    fc.assert(
      fc.property(pattern, text, (glob, candidate) => {
        expect(overlaps(glob, candidate)).to.equal(matches(glob, candidate));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("ARNs against the forms of the reference", () => {
  const instance = "arn:${Partition}:ec2:${Region}:${Account}:instance/${InstanceId}";
  const object = "arn:${Partition}:s3:::${BucketName}/${ObjectName}";

  const segment = fc.string({
    unit: fc.constantFrom("a", "b", "*", "?", "-"),
    minLength: 1,
    maxLength: 5,
  });
  const arnOf = fc
    .tuple(segment, segment, segment, segment)
    .map(([region, account, type, id]) => `arn:aws:ec2:${region}:${account}:${type}/${id}`);
  const plain = fc.string({ unit: fc.constantFrom("a", "b", "-"), minLength: 1, maxLength: 5 });

  it("sees every ARN of the form that a pattern takes", () => {
    fc.assert(
      fc.property(arnOf, plain, plain, plain, (arn, region, account, id) => {
        const one = `arn:aws:ec2:${region}:${account}:instance/${id}`;
        if (expression(arn).test(one)) expect(mayBe(arn, instance)).to.equal(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it("matches all if the name is open, whatever region and account are", () => {
    fc.assert(
      fc.property(segment, segment, (region, account) => {
        expect(matchesAll(`arn:aws:ec2:${region}:${account}:instance/*`, instance)).to.equal(true);
      }),
    );
  });

  it("never matches all if two letters of a name are adjacent", () => {
    const around = fc.string({ unit: fc.constantFrom("a", "*", "?", "-"), maxLength: 5 });
    fc.assert(
      fc.property(around, around, (start, end) => {
        const arn = `arn:aws:ec2:*:*:instance/${start}ab${end}`;
        expect(matchesAll(arn, instance), arn).to.equal(false);
      }),
      { numRuns: 2_000 },
    );
  });

  for (const [arn, form, may, all] of [
    ["*", instance, true, true],
    ["arn:aws:ec2:us-east-1:111122223333:instance/i-1", instance, true, false],
    ["arn:aws:ec2:us-east-1:111122223333:instance/*", instance, true, true],
    ["arn:aws:ec2:us-east-1:111122223333:volume/*", instance, false, false],
    ["arn:aws:ec2", instance, true, true],
    ["arn:aws:sqs", instance, false, false],
    ["arn:aws:s3:::bucket", object, false, false],
    ["arn:aws:s3:::bucket/*", object, true, false],
    ["arn:aws:s3:::*", object, true, true],
    ["arn:aws:s3:::${aws:username}/x", object, true, false],
    ["arn:aws:s3:::*/${aws:username}", object, true, false],
    ["arn:aws:s3:::${*}/x", object, true, false],
    ["arn:aws:s3:::???/x", object, true, false],
  ] as const) {
    it(`says of ${arn} that it may be ${form}: ${may}, and matches all: ${all}`, () => {
      expect([mayBe(arn, form), matchesAll(arn, form)]).to.deep.equal([may, all]);
    });
  }

  it("knows which ARNs can take more than one resource", () => {
    expect(["a:*", "arn:aws:ec2", "arn:aws:s3:::${aws:username}"].map(isPattern)).to.deep.equal([
      true,
      true,
      false,
    ]);
  });
});
