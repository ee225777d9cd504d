import fc from "fast-check";
import { FUNCTIONS } from "#claims";
import { finding, property, type Subject, values } from "#verify";
import { audit } from "./audits.ts";

type Call = { readonly formula: string };
/** What became of a text: read as a formula, refused with these codes, or an error that nobody expected. */
type Reply = { readonly became: "read" | "refused" | "crashed"; readonly codes: readonly string[] };

const UNITS = "B kB MB GB TB PB KiB MiB GiB TiB s ms us ns W FLOP FLOPS GFLOPS TFLOPS PFLOPS".split(
  " ",
);
const COUNTS = "x count tok ktok Mtok".split(" ");
const WORDS = "min max floor ceil round log2 claim and or not".split(" ");
/** Everything that a formula may name, written out but for the functions of the reference. */
const KNOWN = new Set([...UNITS, ...COUNTS, ...WORDS, ...FUNCTIONS.map(({ name }) => name)]);

const FOREIGN = [
  ..."constructor __proto__ prototype toString import createUnit evaluate parse parser config".split(
    " ",
  ),
  ..."simplify derivative help unit random pi e i Infinity NaN true null undefined f y a".split(
    " ",
  ),
];

const PARTS = [
  ..."1 2 3.5 1e3 + - * / ^ ( ) , < <= > >= == 'b200' 'fp8' \"h100\"".split(" "),
  ..."GB s tok x min max floor hbm gpus() hbm('b200') peak claim('a') and not".split(" "),
  ..."= [ ] { } . : ; ? ! % ' # \\ @ & | ~ .constructor ['constructor'] =>".split(" "),
  ...FOREIGN,
  "\n",
];

const withoutTexts = (text: string): string => text.replace(/(["'])(?:\\.|(?!\1)[^\\])*\1/g, " ");

/** What stands in a text outside quotes that the language does not have. */
const strangersIn = (text: string): readonly string[] => {
  const bare = withoutTexts(text);
  const names = bare.match(/(?<![\w.])[A-Za-z_$][\w$]*/g) ?? [];
  const signs =
    bare.replace(/[<>=]=|\d\.\d|\.\d|\d\./g, "").match(/[=[\]{}.:;?!%'"#\\@&|~$]/g) ?? [];
  return [...names.filter((name) => !KNOWN.has(name)), ...signs];
};

const ask = ({ formula }: Call): Reply => {
  try {
    const reply = audit([
      { id: "a", stated: "1", decimals: 0, unit: "x", formula: "1" },
      { id: "b", stated: "1", decimals: 0, unit: "x", formula },
    ]);
    const codes = "faults" in reply ? reply.faults : [];
    // Read, though it comes to something else than a plain number, names what there is not, or refers to itself.
    const isRead = codes.every((code) => code === "CLAIM-6" || code === "CLAIM-5");
    return { became: isRead ? "read" : "refused", codes };
  } catch (thrown) {
    return { became: "crashed", codes: [String(thrown)] };
  }
};

/** A checker that lets through what it should not. */
const permitting =
  (lets: (text: string, strangers: readonly string[]) => boolean): Subject<Call, Reply> =>
  () =>
  (call) => {
    const reply = ask(call);
    const isLet = reply.became === "refused" && lets(call.formula, strangersIn(call.formula));
    return isLet ? { became: "read", codes: [] } : reply;
  };

export default property<readonly string[], Call, Reply>({
  id: "AUD-3",
  part: "claims",
  statement:
    "whatever stands in a formula's place, it is read only when everything outside its quotes is a number, an operator, a unit or a function of the language; else it is refused, and nothing else happens",
  given: values(fc.array(fc.constantFrom(...PARTS), { minLength: 1, maxLength: 8, size: "max" })),
  subject: () => ask,
  scripts: (parts) => [[{ formula: parts.join(" ") }], [{ formula: parts.join("") }]],

  holds(parts, replies) {
    for (const [at, text] of [parts.join(" "), parts.join("")].entries()) {
      const { became, codes } = replies[at]?.[0] ?? { became: "crashed", codes: ["no reply"] };
      const strangers = strangersIn(text);
      if (became === "crashed") return finding(0, "an answer", codes.join(), text);
      if (became === "read" && strangers.length > 0)
        return finding(0, "refused", `read, with ${strangers.join(" ")}`, text);
      if (became === "refused" && !codes.every((code) => /^CLAIM-[3-7]$/.test(code)))
        return finding(0, "faults of a formula", codes.join(), text);
    }
    return undefined;
  },

  witnesses: {
    "a text that is read": (_, replies) => replies[0]?.[0]?.became === "read",
    "a name from outside": (parts) => parts.some((part) => FOREIGN.includes(part)),
    "a property": (parts) =>
      parts.some((part) => part.includes("constructor'") || part === ".constructor"),
    "a quote that stays open": (parts) => parts.filter((part) => part === "'").length % 2 === 1,
  },

  mutants: {
    "lets everything through": permitting(() => true),
    "lets properties through": permitting((text) => /\.constructor|\['/.test(text)),
    "lets assignments through": permitting((_, strangers) => strangers.includes("=")),
    "lets lists through": permitting((_, strangers) => strangers.includes("[")),
    "knows the constants of the calculator": permitting((_, strangers) =>
      strangers.some((name) => ["pi", "e", "i", "true", "null"].includes(name)),
    ),
    "knows the functions of the calculator": permitting((_, strangers) =>
      strangers.some((name) => ["import", "evaluate", "parse"].includes(name)),
    ),
    "passes over comments": permitting((_, strangers) => strangers.includes("#")),
    "checks the first part alone": permitting(
      (text, strangers) => strangers.length > 0 && strangersIn(text.slice(0, 2)).length === 0,
    ),
    "is refused with an exception": () => (call) => {
      const reply = ask(call);
      return reply.became === "refused" ? { ...reply, became: "crashed" } : reply;
    },
  },
});
