import { canonicalJson, type Json } from "#base";
import { finding, property, values } from "#verify";
import type { Reply } from "./audits.ts";
import {
  auditWith,
  type Call,
  GIVEN,
  type Leaf,
  leaves,
  type Put,
  putOf,
  rowsOf,
} from "./leaves.ts";

type Case = { readonly claims: readonly Leaf[]; readonly put: Put };

const text = (reply: Reply | undefined): string =>
  canonicalJson((reply ?? null) as unknown as Json);

const back = (put: Put) => {
  const { address } = putOf(put);
  return { address, value: GIVEN[address] ?? Number.NaN };
};

export default property<Case, Call, Reply>({
  id: "AUD-6",
  part: "claims",
  statement:
    "a figure that is put in and put back leaves every verdict as in an audit of what is given: nothing of a what-if stays behind",
  given: values(leaves),
  subject: () => auditWith,
  scripts({ claims, put }) {
    const rows = rowsOf(claims);
    return [
      [
        { rows, put: [putOf(put)] },
        { rows, put: [putOf(put), back(put)] },
        { rows, put: [] },
      ],
    ];
  },

  holds(_, [replies]) {
    const [, putBack, untouched] = replies ?? [];
    if (text(putBack) === text(untouched)) return undefined;
    return finding(1, text(untouched), text(putBack));
  },

  witnesses: {
    "a what-if that turns a verdict": (_, [replies]) => text(replies?.[0]) !== text(replies?.[2]),
  },

  mutants: {
    "keeps the first figure that is put in": () => (call) =>
      auditWith({ ...call, put: call.put.slice(0, 1) }),
    "remembers what was put in": () => {
      const put: Call["put"][number][] = [];
      return (call) => {
        put.push(...call.put.slice(0, 1));
        return auditWith({ ...call, put: [...put, ...call.put.slice(1)].slice(-2) });
      };
    },
    "puts whole thousands in": () => (call) =>
      auditWith({
        ...call,
        put: call.put.map(({ address, value }) => ({
          address,
          value: Math.ceil(value / 1000) * 1000,
        })),
      }),
    "adds up what is put in": () => (call) => {
      const total = call.put.reduce((sum, { value }) => sum + value, 0);
      return auditWith({
        ...call,
        put: call.put.slice(0, 1).map((one) => ({ ...one, value: total })),
      });
    },
  },
});
