import fc from "fast-check";
import { createBlockFigures } from "#trace";
import { finding, property, type Subject, sequences, values } from "#verify";

/**
 * What is said in each prompt, block by block: prompts that begin alike share the blocks they begin
 * with.
 */
type Case = readonly (readonly number[])[];
/** Prompts as block numbers. */
type Call = readonly (readonly number[])[];
type Reply = {
  readonly references: number;
  readonly distinct: number;
  readonly prefixHits: number;
  readonly lruHits: readonly number[];
  readonly twoParents: number;
};

const CAPACITIES = [1, 2, 3, 5, 8, 13];

/** Numbers every different beginning, as chained ids do. */
const chained = (prompts: Case): Call => {
  const numbers = new Map<string, number>();
  return prompts.map((prompt) =>
    prompt.map((_, at) => {
      const beginning = prompt.slice(0, at + 1).join(" ");
      const number = numbers.get(beginning) ?? numbers.size;
      numbers.set(beginning, number);
      return number;
    }),
  );
};

const figures: Subject<Call, Reply> = () => (prompts) => {
  const counting = createBlockFigures(CAPACITIES);
  for (const prompt of prompts) counting.prompt(Uint32Array.from(prompt));
  return {
    references: counting.references(),
    distinct: counting.distinct(),
    prefixHits: counting.prefixHits(),
    lruHits: counting.lruHits(),
    twoParents: counting.twoParents(),
  };
};

const broken =
  (spoil: (reply: Reply, prompts: Call) => Partial<Reply>): Subject<Call, Reply> =>
  () =>
  (prompts) => {
    const reply = figures()(prompts);
    return { ...reply, ...spoil(reply, prompts) };
  };

export default property<Case, Call, Reply>({
  id: "TRC-5",
  part: "trace",
  statement:
    "where ids are chained the ideal prefix hits are the references less the different blocks, and LRU hits never fall with the capacity nor exceed the ideal",
  given: values(
    fc.array(fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 6 }), {
      maxLength: 40,
      size: "max",
    }),
    () => sequences([[0], [1], [0, 0], [0, 1], [0, 1, 0]], 4),
  ),
  subject: figures,
  scripts: (prompts) => [[chained(prompts)]],

  holds(_, [replies]) {
    const reply = replies?.[0];
    if (reply === undefined) return finding(0, "figures", null);
    const { references, distinct, prefixHits, lruHits, twoParents } = reply;
    if (prefixHits !== references - distinct) {
      return finding(0, references - distinct, prefixHits, "ideal prefix hits");
    }
    const ascends = lruHits.every((hits, at) => hits >= (lruHits[at - 1] ?? 0));
    if (!ascends) return finding(0, "LRU hits that never fall", lruHits);
    const largest = lruHits.at(-1) ?? 0;
    if (largest > prefixHits) return finding(0, `at most ${prefixHits}`, largest, "LRU hits");
    const isAllHeld = distinct <= (CAPACITIES.at(-1) ?? 0);
    if (isAllHeld && largest !== prefixHits) {
      return finding(0, prefixHits, largest, "LRU hits when all blocks fit");
    }
    return twoParents === 0 ? undefined : finding(0, 0, twoParents, "blocks with two parents");
  },

  witnesses: {
    "an LRU cache that falls short of the ideal": (_, [replies]) =>
      (replies?.[0]?.lruHits[0] ?? 0) < (replies?.[0]?.prefixHits ?? 0),
    "more blocks than any of the caches holds": (_, [replies]) =>
      (replies?.[0]?.distinct ?? 0) > 13,
    "a prompt said before": (prompts) =>
      new Set(prompts.map((prompt) => prompt.join(" "))).size < prompts.length,
  },

  mutants: {
    "takes the first block that misses for a hit": broken(({ prefixHits }) => ({
      prefixHits: prefixHits + 1,
    })),
    "gives each capacity only the hits it adds": broken(({ lruHits }) => ({
      lruHits: lruHits.map((hits, at) => hits - (lruHits[at - 1] ?? 0)),
    })),
    "holds two blocks in its endless cache": broken(({ lruHits }) => ({
      prefixHits: lruHits[1] ?? 0,
    })),
    "evicts at the capacity instead of above it": broken(({ lruHits }) => ({
      lruHits: [0, ...lruHits.slice(0, -1)].map((hits, at) => (at < 5 ? hits : hits - 1)),
    })),
    "takes a block's depth for its parent": broken((_, prompts) => ({
      twoParents: prompts.some((prompt) => prompt.length > 1 && prompts.length > 3) ? 1 : 0,
    })),
  },
});
