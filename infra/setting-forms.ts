/** An IPv4 network in CIDR notation: its own network address, without leading zeros. */
export function isNetwork(text: string): boolean {
  return networkOf(text) === text;
}

/** What a network must be: if the text is a range inside one, that network. */
export function expectedNetwork(text: string): string {
  const network = networkOf(text);
  const example = "an IPv4 network, for example 203.0.113.0/24, without leading zeros";
  return network ? `the address of the network, ${network}` : example;
}

/** The network of an IPv4 range, for example 203.0.113.0/24 of 203.0.113.7/24; nothing if it is none. */
function networkOf(range: string): string | undefined {
  const number = "(0|[1-9]\\d{0,2})";
  const [, ...numbers] =
    new RegExp(`^${number}\\.${number}\\.${number}\\.${number}/(0|[1-9]\\d?)$`).exec(range) ?? [];
  const [prefix, ...reversed] = numbers.map(Number).reverse();
  const bytes = reversed.reverse();
  if (prefix === undefined || prefix > 32 || bytes.some((byte) => byte > 255)) return undefined;
  const network = bytes.map((byte, index) => {
    const hostBits = Math.min(8, Math.max(0, 8 * (index + 1) - prefix));
    return byte - (byte % 2 ** hostBits);
  });
  return `${network.join(".")}/${prefix}`;
}

/** One or more e-mail addresses, separated by commas. Mail servers ignore case, so they must differ by more. */
export function areEmails(text: string): boolean {
  const emails = itemsIn(text);
  const different = new Set(emails.map((it) => it.toLowerCase()));
  return emails.every(isEmail) && different.size === emails.length;
}

/** The items of a list that is separated by commas, without the spaces around them. */
export function itemsIn(text: string): string[] {
  return text.split(",").map((item) => item.trim());
}

/** 2 to 50 different ids of instances, separated by commas. */
export function areInstanceIds(text: string): boolean {
  const ids = itemsIn(text);
  return (
    ids.length >= 2 &&
    ids.length <= 50 &&
    new Set(ids).size === ids.length &&
    ids.every((it) => /^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(it))
  );
}

/** One address that mail servers accept: `local@domain`, ASCII, without quotes. RFC 5321, 4.1.2. */
function isEmail(text: string): boolean {
  const [local = "", domain = "", ...others] = text.split("@");
  const labels = domain.split(".");
  return (
    others.length === 0 &&
    text.length <= 254 &&
    /^[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*$/.test(local) &&
    local.length <= 64 &&
    labels.length >= 2 &&
    labels.every((label) => /^[a-z\d]([a-z\d-]{0,61}[a-z\d])?$/i.test(label)) &&
    /\D/.test(labels.at(-1) ?? "")
  );
}

/**
 * Whether the type can run the AMI, which is x86_64 and needs hardware virtualization. These cannot: Arm
 * processors (Graviton: `a1`, or a `g` after the generation as in `m7g`; Grace: `-gb200`, `-gh200`), Macs,
 * and the first generations. A type that is newer than this rule passes.
 * https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
 */
export function isX86InstanceType(text: string): boolean {
  const isType = /^[a-z][\w-]*\.[a-z0-9-]+$/.test(text);
  const cannotRunAmi = /^(a1\.|[a-z]+\d+[a-z]*g|[a-z]+\d+[a-z]*-g[bh]\d|mac|(t1|m1|m2|c1)\.)/;
  return isType && !cannotRunAmi.test(text);
}

/**
 * A channel of Microsoft Teams as Amazon Q Developer has it: URL-encoded, at most 255 characters.
 * https://docs.aws.amazon.com/chatbot/latest/APIReference/API_CreateMicrosoftTeamsChannelConfiguration.html
 */
export function isTeamsChannelId(text: string): boolean {
  const part = "[a-zA-Z0-9_=+/.,-]*";
  return text.length <= 255 && new RegExp(`^${part}%3[aA]${part}%40${part}$`).test(text);
}

/** At least 256 bits, in base64url or in hexadecimal digits. */
export function isToken(text: string): boolean {
  const shortest = /^[0-9a-f]+$/i.test(text) ? 64 : 43;
  return /^[\w-]+$/.test(text) && text.length >= shortest && text.length <= 512;
}

/**
 * A path as clients send it: without empty segments in the middle and without those that clients resolve
 * (`.` and `..`). No log line has those.
 */
export function isPath(text: string): boolean {
  const segments = text.slice(1).split("/");
  return (
    /^\/[\w./~-]{0,199}$/.test(text) &&
    segments.every((it) => it !== "." && it !== "..") &&
    segments.slice(0, -1).every((it) => it !== "")
  );
}
