import fc from "fast-check";
import { finding, oneOfValues, property, type Subject, values } from "#verify";
import { audit, decimal, type Reply, type Row, type Verdict, verdictsOf } from "./audits.ts";

/**
 * A claim over earlier ones: which, as bits; what it adds in tenths; and how its printed whole number came about: from those of its operands as
 * printed, from those with something planted on top, or from the right figure.
 */
type Node = {
  readonly operands: number;
  readonly tenths: number;
  readonly made: "follows" | "planted" | "right";
};
type Call = { readonly rows: readonly Row[] };

/** What a claim prints and should print, in tenths, and what must be found out about it. */
type Paper = {
  readonly operands: readonly number[];
  readonly exact: bigint;
  readonly printed: bigint;
  readonly verdict: "consistent" | "rounded" | "inconsistent";
  readonly isPlanted: boolean;
  readonly inherits: readonly string[];
};

const idOf = (at: number): string => `c${at}`;

const whole = (tenths: bigint): bigint => ((tenths + 5n) / 10n) * 10n;

const sum = (papers: readonly Paper[], which: "exact" | "printed"): bigint =>
  papers.reduce((total, paper) => total + paper[which], 0n);

/** Too much for all roundings together to make up for, and never too little, so that no two faults cancel out. */
const PLANTED = 100_000n;

const paperOf = (node: Node, earlier: readonly Paper[]): Paper => {
  const operands = [...earlier.keys()].filter((other) => (node.operands >> other) % 2 === 1);
  const used = operands.map((other) => earlier[other] as Paper);
  const exact = sum(used, "exact") + BigInt(node.tenths);
  const follows = whole(sum(used, "printed") + BigInt(node.tenths));
  const isPlanted = node.made === "planted";
  const printed = node.made === "right" ? whole(exact) : follows + (isPlanted ? PLANTED : 0n);
  const inherits = operands.filter((other) => earlier[other]?.verdict === "inconsistent").map(idOf);
  const isHeir = node.made === "follows" && inherits.length > 0;
  const sound = printed === exact ? "consistent" : "rounded";
  return {
    operands,
    exact,
    printed,
    verdict: isPlanted || isHeir ? "inconsistent" : sound,
    isPlanted,
    inherits: isHeir ? inherits : [],
  };
};

const papersOf = (nodes: readonly Node[]): readonly Paper[] => {
  const papers: Paper[] = [];
  for (const node of nodes) papers.push(paperOf(node, papers));
  return papers;
};

const rowOf = (node: Node, at: number, { operands, printed }: Paper): Row => ({
  id: idOf(at),
  stated: String(printed / 10n),
  decimals: 0,
  unit: "x",
  formula: [
    ...operands.map((other) => `claim('${idOf(other)}')`),
    decimal(BigInt(node.tenths), 1),
  ].join(" + "),
});

const ask = ({ rows }: Call): Reply => audit(rows);

const operandsOf = (call: Call, id: string): readonly string[] =>
  [...(call.rows.find((row) => row.id === id)?.formula ?? "").matchAll(/'(\w+)'/g)].map(
    ([, name]) => name ?? "",
  );

/** An auditor that sees one claim otherwise, given what it said of all. */
const seeing =
  (see: (one: Verdict, all: readonly Verdict[], call: Call) => Verdict): Subject<Call, Reply> =>
  () =>
  (call) => {
    const all = verdictsOf(ask(call));
    return { verdicts: all.map((one) => see(one, all, call)) };
  };

const isInherited = ({ cause }: Verdict): boolean => cause === "inherited";

const ownFault = (one: Verdict): Verdict => ({
  ...one,
  verdict: "inconsistent",
  cause: "arithmetic",
  inherits: [],
});

const sound = (one: Verdict): Verdict => ({
  ...one,
  verdict: "rounded",
  cause: null,
  inherits: [],
});

export default property<readonly Node[], Call, Reply>({
  id: "AUD-4",
  part: "claims",
  statement:
    "among claims that build on one another, those with a fault of their own are the roots, those whose printed figures follow from claims that do not hold inherit from exactly these, and all others are sound",
  given: values(
    fc.array(
      fc.record({
        operands: fc.nat({ max: 15 }),
        tenths: fc.nat({ max: 99 }),
        made: oneOfValues<Node["made"]>("follows", "follows", "planted", "right"),
      }),
      { minLength: 1, maxLength: 5, size: "max" },
    ),
  ),
  subject: () => ask,
  scripts(nodes) {
    const papers = papersOf(nodes);
    return [[{ rows: nodes.map((node, at) => rowOf(node, at, papers[at] as Paper)) }]];
  },

  holds(nodes, replies) {
    const found = verdictsOf(replies[0]?.[0]);
    for (const [at, paper] of papersOf(nodes).entries()) {
      const one = found[at];
      if (one?.verdict !== paper.verdict)
        return finding(0, paper.verdict, one?.verdict ?? "nothing", idOf(at));
      if ((one.cause === "inherited") !== paper.inherits.length > 0)
        return finding(0, paper.isPlanted ? "its own" : "inherited", one.cause, idOf(at));
      if (one.inherits.join() !== paper.inherits.join())
        return finding(0, paper.inherits.join(), one.inherits.join(), idOf(at));
    }
    return undefined;
  },

  witnesses: {
    "a fault handed on twice": (_, replies) => {
      const heirs = verdictsOf(replies[0]?.[0]).filter(isInherited);
      return heirs.some(({ inherits }) => heirs.some(({ id }) => inherits.includes(id)));
    },
    "a right figure over a wrong one": (nodes) =>
      papersOf(nodes).some(
        ({ operands, verdict }, _, all) =>
          verdict !== "inconsistent" &&
          operands.some((other) => all[other]?.verdict === "inconsistent"),
      ),
    "an heir of two": (_, replies) =>
      verdictsOf(replies[0]?.[0]).some(({ inherits }) => inherits.length > 1),
    "an heir of one among sound ones": (nodes) =>
      papersOf(nodes).some(
        ({ operands, inherits }) => inherits.length > 0 && inherits.length < operands.length,
      ),
    "a figure from operands that are printed rounded": (nodes) =>
      papersOf(nodes).some(
        ({ verdict, exact, printed }) => verdict === "rounded" && printed !== whole(exact),
      ),
  },

  mutants: {
    "hands on faults once": seeing((one, all) =>
      one.inherits.some((id) => all.some((other) => other.id === id && !isInherited(other)))
        ? one
        : isInherited(one)
          ? ownFault(one)
          : one,
    ),
    "blames sound operands too": seeing((one, _, call) =>
      isInherited(one) ? { ...one, inherits: operandsOf(call, one.id) } : one,
    ),
    "takes rounded operands for faults": seeing((one) =>
      one.verdict === "rounded" ? ownFault(one) : one,
    ),
    "takes what is built on a fault for faulty": seeing((one, all, call) => {
      const inherits = operandsOf(call, one.id).filter((id) =>
        all.some((other) => other.id === id && other.verdict === "inconsistent"),
      );
      const isOwn = one.cause !== null && one.cause !== "inherited";
      return inherits.length === 0 || isOwn
        ? one
        : { ...one, verdict: "inconsistent", cause: "inherited", inherits };
    }),
    "takes every fault for its own": seeing((one) => (isInherited(one) ? ownFault(one) : one)),
    "works with what is printed alone": seeing((one) => (isInherited(one) ? sound(one) : one)),
    "forgives a fault that has heirs": seeing((one, all) =>
      all.some(({ inherits }) => inherits.includes(one.id)) && !isInherited(one) ? sound(one) : one,
    ),
    "blames the first alone": seeing((one) => ({ ...one, inherits: one.inherits.slice(0, 1) })),
  },
});
