import type { Term } from "./term.ts";

/** What "take" is followed by in ordinary English. */
const takesTime =
  "effect|place|part|care|over|precedence|into account|note|ownership|advantage|time|longer|long|as (?:long|much|many)|about|around|under|up to|at most|at least|between|several|some time|a (?:few|while|long|second|minute|screenshot|snapshot|backup|third|quarter)|half|an hour|\\d|one (?:second|minute|hour)|two|three|four|five|six|seven|eight|nine|ten|a dozen|tens|hundreds|seconds|minutes|hours|days|milliseconds|more|less|most|only|\\$|X{4}";

/** The words of this project that the field has other words for. Each sense that is allowed is an example in `right`. */
export const terms: readonly Term[] = [
  {
    pattern: /\b(?:un)?told\b/i,
    write: "notified, reported, asked",
    wrong: ["People are told by e-mail.", "The end may be untold.", "as it is told to"],
    right: ["Your team is notified.", "a toldfile"],
  },
  {
    // A Sid such as `Tell` is a name.
    pattern:
      /\b(?:tells|telling|tell|Tells|Tell(?= [a-z]))\b(?!(?: \S+){1,4} apart\b| whether\b| which\b| if\b| it from\b)/,
    write: "notify, report, say",
    wrong: ["It tells people.", "one more e-mail tells it", "Tell people"],
    right: ["cannot tell them apart", "cannot tell whether it ran", "statement Tell: Action sns:*"],
  },
  {
    pattern:
      /\blook(?:s|ed|ing)?\b(?!-back| (?:like|alike|up|it up|them up|the same|slow|ahead|for (?!drift)))/i,
    write: "check, health check, poll, inspect",
    wrong: ["Look at the server.", "whether it helped is looked at", "the look for drift"],
    right: [
      "It looks like a token.",
      "looks up the id",
      "look for the cause",
      "the look-back window",
    ],
  },
  {
    pattern: /\bhear(?:s|d)?\b/i,
    write: "be notified",
    wrong: ["nobody would hear the end", "who heard of it"],
    right: ["You are notified.", "heartbeat"],
  },
  {
    pattern: /\bnews\b(?<!\bolds and news)/i,
    write: "notification, kind of notification",
    wrong: ["the news of an incident"],
    right: ["the olds and news of a resource"],
  },
  {
    pattern: /\bmails?\b(?! (?:server|client|rule|filter|program)s?\b)(?<!e-mails?)/i,
    write: "e-mail",
    wrong: ["The mail says why.", "How many mails wait"],
    right: ["The e-mail says why.", "a mail server", "mailbox"],
  },
  {
    pattern: /\bby(?:-| )hand\b/i,
    write: "manual, manually, on demand",
    wrong: ["Reboot by hand", "called by hand", "by-hand-1"],
    right: ["Reboot manually.", "on the other hand"],
  },
  {
    pattern: /\b(?:held|holds?|holding)(?: (?:it|them|one|a reboot|a request))? back\b/i,
    write: "suppressed, prevents",
    wrong: ["NOT rebooted: held back", "the kill switch holds it back"],
    right: ["The alert is suppressed.", "It is held in memory."],
  },
  {
    pattern: /\b(?:daily|reboot) budget\b|\bunits? of the budget\b|\bthe budget\b(?! of the)/i,
    write: "daily limit, reboot limit",
    wrong: ["never the daily budget", "costs one unit of the budget"],
    right: ["budgets:ViewBudget", "the read budget"],
  },
  {
    pattern: /\b(?:takes?|took|taken|has|have|had|loses?|lost|gets?) (?:the|its|a|another) turn\b/i,
    write: "lease",
    wrong: ["takes the turn to send it", "has its turn"],
    right: ["acquires the lease", "in turn", "turns it off"],
  },
  {
    pattern:
      /\bunseen\b|\b(?:is|are|was|were|be|been|being|what|one) (?:never |not |only |once )?seen\b/i,
    write: "observed, visible, checked; unknown, unresolved",
    wrong: ["what is seen is judged", "cannot be seen", "unseen calls"],
    right: ["The function has seen it.", "as seen in the log"],
  },
  {
    pattern: /\bdead letters\b|\bdead letter\b(?! queue)/i,
    write: "dead-letter queue (DLQ)",
    wrong: ["It ends in the dead letters.", "the next dead letter"],
    right: ["the dead-letter queue", "reboot-dead-letters"],
  },
  {
    pattern:
      /\bmust be text\b|\b(?:is|are|was|has|writes) no text\b|\bthat is no text\b|\ba text\b(?! (?:file|editor|field|box|format))|\btexts\b|\b(?:one|two|unknown|each|every) text\b(?! file)|\bnot (?:a )?text\b/i,
    write: "string",
    wrong: ["reason must be text", "the mode is no text", "a text with a token", "two texts"],
    right: ["must be a string", "a text file", "the text of the e-mail"],
  },
  {
    pattern: /\banswer(?:s|ed|ing)?\b(?! (?:the|this|that|a) questions?\b)/i,
    write: "respond, response, return",
    wrong: ["EC2's answer was lost", "It answers 404.", "an answered call"],
    right: ["EC2's response was lost.", "answers the question", "unanswerable"],
  },
  {
    pattern: new RegExp(
      `\\btakes (?!(?:${takesTime})\\b)(?!\\S+ away\\b)|\\b(?:did|does|do|will|must|nobody|cannot|would) (?:not )?take (?!(?:${takesTime})\\b)`,
      "i",
    ),
    write: "accepts, consumes, supports, allows, treats as, needs",
    wrong: ["It takes a webhook.", "nginx takes it", "SNS did not take the e-mail"],
    right: ["It takes effect.", "takes two minutes", "takes up to 3 s", "Take a screenshot."],
  },
  {
    pattern:
      /\b(?:is|are|was|were|be|been) taken\b(?! (?:from|into account|literally|over|while|after|before|up))|\btaken (?:already|apart|out of)\b/i,
    write: "accepted, consumed, claimed, in use, split",
    wrong: ["this incident was taken already", "links taken apart", "of an alert that is taken"],
    right: ["was taken from the schema", "taken into account"],
  },
  {
    pattern: /\b(?:takes?|taken|taking|took)(?: (?:\S+ ){0,3}?)?away\b/i,
    write: "remove",
    wrong: ["Take it away.", "Take one of these away", "once its conditions are taken away"],
    right: ["Remove it.", "hours away"],
  },
  {
    pattern: /\bstands\b|\bstood\b|\bstand\b(?!-| (?:in|ins|alone)\b)/i,
    write: "is, is in, represents, matches, is documented in",
    wrong: [
      "where it stands",
      "A wildcard stands for actions.",
      "stands in the table",
      "they stand",
    ],
    right: ["a stand-in for Sumo Logic", "It runs stand-alone.", "outstanding"],
  },
  {
    pattern: /\banew\b/i,
    write: "again, regenerate",
    wrong: ["written anew"],
    right: ["written again", "a new file"],
  },
  {
    pattern: /\bmend(?:s|ed|ing)?\b/i,
    write: "fix",
    wrong: ["Mend the file.", "did not mend it"],
    right: ["Fix the file.", "recommended", "amend the commit"],
  },
  {
    pattern: /\bat the (?:most|least)\b(?! \w+ (?:time|place|version))/i,
    write: "at most, at least",
    wrong: ["10 at the most"],
    right: ["at most 10", "at the most recent time"],
  },
  {
    pattern: /\bso many\b(?!(?: \S+){0,8} that\b)|\b(?:least|most|after) so (?:long|much)\b/i,
    write: "N, the number of",
    wrong: ["every so many minutes", "at least so long after it"],
    right: ["so many resources that it fails", "so long as"],
  },
  {
    pattern: /\bSuch as\b/,
    write: "For example, e.g.",
    wrong: ["Such as `lambda:Create`."],
    right: ["a service such as Lambda", "For example `lambda:Create`."],
  },
  {
    pattern: /\bletter(?:-| )case\b/i,
    write: "case, case-insensitive",
    wrong: ["AWS ignores letter case."],
    right: ["AWS ignores case.", "a lower-case letter"],
  },
  {
    pattern: /\bdut(?:y|ies)\b|\bbelongings?\b/i,
    write: "requirement, attachment",
    wrong: ["the duties of a resource", "its belongings"],
    right: ["its requirements", "belongs to"],
  },
  {
    pattern: /\bstory\b|\bwitness(?:es)?\b|\blanes?\b/i,
    write: "scenario, recorder, workers",
    wrong: ["the whole story", "one lane after the other", "the witness"],
    right: ["the whole scenario", "history"],
  },
  {
    pattern: /\bprobes?\b/i,
    write: "client, check",
    wrong: ["the probe sends it"],
    right: ["the client sends it", "problem"],
  },
  {
    pattern: /\bworlds?\b(?!(?:-| )(?:wide|readable|writable))/i,
    write: "environment",
    wrong: ["a world with a stack"],
    right: ["unique world-wide", "the environment"],
  },
  {
    pattern: /\bjudg(?:e|es|ed|ing|ements?|ments?)\b(?!\.(?:ts|py))/i,
    write: "evaluate, check, authorize, decide",
    wrong: ["What is read is judged.", "the gateway judges the call"],
    right: ["The rule evaluates it."],
  },
  {
    pattern:
      /\bof (?:its|their|our|his) own\b|\bown\b(?! (?:propert|keys|names|members))(?<!(?:\b(?:its|their|your|our|my|his|her|one's|\w+['’]s|\w+s['’])|X+|-) ?own|["'`/]own)|\b(?:its|their) own (?:queue|table|topic|role|function|bucket|pull request)\b/i,
    write: "its, dedicated, separate",
    wrong: ["a process of its own", "an own policy", "a message in its own queue"],
    right: ["your own project", "the server's own time", "own properties", "the owner"],
  },
  {
    pattern: /\bthe clouds?\b/i,
    write: "AWS and Sumo Logic, the live resources",
    wrong: ["Compare the clouds with the state"],
    right: ["Compare the live resources with the state", "CloudWatch"],
  },
  {
    pattern: /\bcoarser?\b/i,
    write: "incomplete, broader",
    wrong: ["IAM is coarse there."],
    right: ["IAM is incomplete there."],
  },
  {
    pattern: /\b(?:is|are) content\b(?!-)|\bwants? to be\b/i,
    write: "passes, needs",
    wrong: ["The pack is content.", "wants to be notified"],
    right: ["the content of a file", "is content-addressed"],
  },
  {
    pattern: /\bwho(?:so)?ever\b|\bto who (?:has|calls)\b|\bthat who\b/i,
    write: "anyone who, a person who",
    wrong: ["whoever knows it", "See that who has this role"],
    right: ["anyone who knows it", "the person who has it"],
  },
  {
    pattern: /\bdear(?:er)?\b/i,
    write: "expensive",
    wrong: ["That is dear."],
    right: ["That is expensive."],
  },
  {
    pattern: /\b(?:another|the same|other) form\b/i,
    write: "in the same format, another format, (redacted)",
    wrong: ["a value of another form", "is of the same form"],
    right: ["in another format", "the platform"],
  },
  {
    pattern: /\bnothing more by itself\b/i,
    write: "no further automatic action",
    wrong: ["nothing more by itself for this alert"],
    right: ["No further automatic action.", "It stops by itself."],
  },
  {
    pattern:
      /\b(?:is|are|was|were|be|been|being) made\b(?! (?:of|up|from|out|public|safe|available|explicit|smaller|larger|to)\b)(?<!\b(?:calls?|requests?|claims?|attempts?|changes?|decisions?|connections?|reads|writes|it)(?: \w+){1,3} made)|\bMade by\b|\bmade by (?:the|this|hand|Pulumi|scripts)\b/i,
    write: "created",
    wrong: ["before anything is made", "Made by Pulumi", "the queue was made"],
    right: [
      "The call is made twice.",
      "the claim could not be made",
      "before anything is created",
      "is made of strings",
    ],
  },
  {
    pattern:
      /\b(?:make|makes|making|made) (?:the|a|an|its|each|this|that|one|two|no|new) (?:queue|table|topic|function|role|bucket|resource|stack|subscription|source|document|file|folder|alarm|polic(?:y|ies)|key|url|instance|monitor|message|item|checkout|group|program|copy of the)s?\b(?! (?:url|public|private|slower|faster|larger|smaller|fail|hang|unknown|known|say|depend|safe)\b)/i,
    write: "create",
    wrong: ["makes the queue", "to make a role"],
    right: ["creates the queue", "makes a call", "makes the function slower"],
  },
  {
    pattern: /\bfor want of\b/i,
    write: "without, for lack of",
    wrong: ["for want of AWS"],
    right: ["without AWS"],
  },
];

/**
 * Names that the code declares and names of files, as words: `lookAt` is "look at", and `LetterCase` is "Letter case".
 * So only names of types and classes begin with a capital.
 */
export const identifierTerms: readonly Term[] = [
  {
    pattern: /\blook(?:s|ed|ing)?\b(?! (?:up|ahead))/i,
    write: "check, inspect, health",
    wrong: ["look at", "first look"],
    right: ["look up", "lookup"],
  },
  {
    pattern: /\b(?:not )?told\b|\b(?:tell|tells|telling) (?:people|everyone|story|workflows|of)\b/i,
    write: "notify, NotificationFailed",
    wrong: ["not told", "told", "tell people"],
    right: ["notify"],
  },
  {
    pattern: /\bby hand\b|\bheld back\b|\bholds back\b/i,
    write: "manual, suppressed",
    wrong: ["call by hand", "held back"],
    right: ["manual invocation"],
  },
  {
    pattern: /\bdead letters\b/i,
    write: "deadLetterQueue",
    wrong: ["dead letters"],
    right: ["dead letter queue", "dead letter config"],
  },
  {
    pattern: /\bletter case\b|^Letter$|^News$/,
    write: "caseInsensitive; Notification, NotificationKind",
    wrong: ["Letter", "News", "letter case"],
    right: ["dead letter queue", "letter", "news"],
  },
  {
    pattern: /\bunseen\b|^Seen\b/,
    write: "unresolved, observed, received",
    wrong: ["unseen", "Seen", "Seen request"],
    right: ["seen", "unresolved"],
  },
  {
    pattern: /\bothers turn\b|\btake turn\b|^turn$/i,
    write: "lease, LeaseHeld",
    wrong: ["others turn", "turn"],
    right: ["turn off", "lease"],
  },
  {
    pattern: /^is text$/i,
    write: "isString",
    wrong: ["is text"],
    right: ["is text file"],
  },
  {
    pattern: /\banswer(?:s|ed|ing)?\b/i,
    write: "response, respond",
    wrong: ["answer", "http answer", "answers"],
    right: ["response"],
  },
  {
    pattern: /\bis taken\b|^takes$|^take (?:logs|lock|reboots|turn|checks|away)\b/i,
    write: "isUsed, accepts, receive, acquire, consume",
    wrong: ["is taken", "take lock"],
    right: ["take", "taken at ms"],
  },
  {
    pattern: /\bmade\b/i,
    write: "created",
    wrong: ["made", "made files"],
    right: ["created"],
  },
  {
    pattern:
      /(?<!\b[Pp]ager ?)\b[Dd]ut(?:y|ies)\b|\bbelongings?\b|^[Ww]ays?$|^(?:Reach|Held|Granted|Named|Belongings?)$/,
    write: "requirement, attachment, alternative, access, statement, permission, reference",
    wrong: ["duty", "belongings", "ways", "Reach", "Granted"],
    right: ["reachability", "named", "is granted", "highways"],
  },
  {
    pattern:
      /\bstor(?:y|ies)\b|\bworlds?\b|\bprobes?\b|\bjudg(?:e|es|ed|ing|ements?|ments?)\b|\bwitness(?:es)?\b|\blanes?\b/i,
    write: "scenario, environment, client, authorizer or evaluate, recorder, workers",
    wrong: ["story", "start test world", "probe", "judge incident", "witness", "in lanes"],
    right: ["history", "environment", "client", "problem"],
  },
  {
    pattern: /\banew\b|\bmend(?:s|ed)?\b|\bwhoever\b|^stand of$|^stands$/i,
    write: "again, fix, anyone, status",
    wrong: ["mend", "stand of"],
    right: ["stand in", "stand alone"],
  },
];
