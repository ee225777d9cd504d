import { finding, property, type Subject, values } from "#verify";
import { type Reply, type Verdict, verdictsOf } from "./audits.ts";
import {
  auditWith,
  type Call,
  type Leaf,
  leaves,
  type Put,
  putOf,
  restsOf,
  rowsOf,
} from "./leaves.ts";

type Case = { readonly claims: readonly Leaf[]; readonly put: Put };

/** An auditor that sees its verdicts otherwise. */
const seeing =
  (see: (one: Verdict, call: Call, all: readonly Verdict[]) => Verdict): Subject<Call, Reply> =>
  () =>
  (call) => {
    const all = verdictsOf(auditWith(call));
    return { verdicts: all.map((one) => see(one, call, all)) };
  };

const unturned = (call: Call): readonly Verdict[] => verdictsOf(auditWith({ ...call, put: [] }));

const callsOwn = (one: Verdict, { rows, put }: Call): boolean => {
  const formula = rows.find(({ id }) => id === one.id)?.formula ?? "";
  return put.some(({ address }) => address.startsWith("gpu") && formula.startsWith("gpus"));
};

export default property<Case, Call, Reply>({
  id: "AUD-5",
  part: "claims",
  statement:
    "another figure in the reference turns exactly the claims that rest on it, themselves or by others, and a claim rests on exactly the figures that it reads",
  given: values(leaves),
  subject: () => auditWith,
  scripts: ({ claims, put }) => [
    [{ rows: rowsOf(claims), put: [] }],
    [{ rows: rowsOf(claims), put: [putOf(put)] }],
  ],

  holds({ claims, put }, replies) {
    const [before = [], after = []] = replies.map(([reply]) => verdictsOf(reply));
    const { address } = putOf(put);
    for (const [at, rests] of restsOf(claims).entries()) {
      const [one, other] = [before[at], after[at]];
      if (one === undefined || other === undefined)
        return finding(0, claims.length, before.length, "verdicts");
      if (one.rests.join() !== rests.join())
        return finding(0, rests.join(), one.rests.join(), `${one.id} rests on`);
      const hasTurned = one.computed !== other.computed;
      if (hasTurned !== rests.includes(address))
        return finding(0, rests.includes(address), hasTurned, `${one.id} turns`);
    }
    return undefined;
  },

  witnesses: {
    "a claim that turns by another": ({ claims, put }) =>
      restsOf(claims).some(
        (rests, at) => claims[at]?.leaf !== put.leaf && rests.includes(putOf(put).address),
      ),
    "a claim that stays while another turns": ({ claims, put }) => {
      const turns = restsOf(claims).map((rests) => rests.includes(putOf(put).address));
      return turns.includes(true) && turns.includes(false);
    },
    "a figure that nothing rests on": ({ claims, put }) =>
      restsOf(claims).every((rests) => !rests.includes(putOf(put).address)),
  },

  mutants: {
    "tells what a claim reads itself alone": seeing((one, { rows }) => {
      const formula = rows.find(({ id }) => id === one.id)?.formula ?? "";
      return formula.includes("claim") ? { ...one, rests: one.rests.slice(0, 1) } : one;
    }),
    "puts nothing in": seeing((one, call) => unturned(call).find(({ id }) => id === one.id) ?? one),
    "puts it in where it is read at once alone": seeing((one, call) =>
      callsOwn(one, call) ? one : (unturned(call).find(({ id }) => id === one.id) ?? one),
    ),
    "turns everything": seeing((one, { put }) =>
      put.length === 0 ? one : { ...one, computed: Number(one.computed) * 2 },
    ),
    "says that everything rests on everything": seeing((one, _, all) => ({
      ...one,
      rests: [...new Set(all.flatMap(({ rests }) => rests))].toSorted(),
    })),
    "takes one GPU's figures for the other's": () => (call) => {
      const put = call.put.map((one) => ({
        ...one,
        address: one.address.replace("h100.sms", "b200.sms"),
      }));
      return auditWith({ ...call, put });
    },
  },
});
