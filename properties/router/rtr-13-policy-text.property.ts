import fc from "fast-check";
import { InputError } from "#base";
import { formatPolicy, type Policy, parsePolicy } from "#rack";
import {
  differs,
  finding,
  oneOfValues,
  property,
  type Script,
  type Subject,
  values,
} from "#verify";
import { anyPolicy } from "./views.ts";

type Call =
  | { readonly kind: "write and read"; readonly policy: Policy }
  | { readonly kind: "read"; readonly text: string };

/** The policy read, or how many issues were found. */
type Reply = Policy | { readonly kind: "refused"; readonly issues: number };

const reading = (text: string, parse: (text: string) => Policy): Reply => {
  try {
    return parse(text);
  } catch (thrown) {
    if (!(thrown instanceof InputError)) throw thrown;
    return { kind: "refused", issues: thrown.issues.length };
  }
};

const subject =
  (parse: (text: string) => Policy, write: (policy: Policy) => string): Subject<Call, Reply> =>
  () =>
  (call) =>
    reading(call.kind === "read" ? call.text : write(call.policy), parse);

/** No policy has any of these. */
const FAULTS = [
  "bounds=2",
  "Bound=2",
  "bound=0.5",
  "bound=none",
  "w=-1",
  "credit=2",
  "temperature=",
  "temperature=0x1",
  "w=1=1",
  "prefill",
  "constructor=1",
  "",
] as const;

export default property({
  id: "RTR-13",
  part: "router",
  statement:
    "a policy's text reads back as that policy, and a text with faults is refused with an issue for each, never read as less than it says",
  given: values(
    fc.record({
      policy: anyPolicy,
      faults: fc.uniqueArray(oneOfValues<string>(...FAULTS), { minLength: 1, maxLength: 3 }),
    }),
  ),
  subject: subject(parsePolicy, formatPolicy),
  scripts: ({ policy, faults }): readonly Script<Call>[] => [
    [
      { kind: "write and read", policy },
      { kind: "read", text: `${policy.kind}:${faults.join(",")}` },
      { kind: "read", text: `${policy.kind}x` },
    ],
  ],
  holds({ policy, faults }, [replies = []]) {
    const [read, faulty, unknown] = replies;
    const difference = differs(policy, read);
    if (difference) return { at: 0, ...difference };
    const found = faulty?.kind === "refused" && "issues" in faulty ? faulty.issues : 0;
    if (found < faults.length) return finding(1, faults.length, found, "issues");
    return unknown?.kind === "refused" ? undefined : finding(2, "refused", "read");
  },
  witnesses: {
    "options that are not the usual": ({ policy }) => formatPolicy(policy).includes(","),
    "several faults": ({ faults }) => faults.length > 1,
  },
  mutants: {
    "ignores an option it does not know": subject((text) => {
      try {
        return parsePolicy(text);
      } catch {
        return parsePolicy(text.split(":")[0] ?? "");
      }
    }, formatPolicy),
    "writes the name only": subject(parsePolicy, ({ kind }) => kind),
    "stops at the first fault": subject((text) => {
      const [name = "", options = ""] = text.split(":");
      const faulty = options.split(",").find((option) => {
        const reply = reading(`${name}:${option}`, parsePolicy);
        return reply.kind === "refused";
      });
      return parsePolicy(faulty === undefined ? text : `${name}:${faulty}`);
    }, formatPolicy),
  },
});
