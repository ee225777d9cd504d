import { refused } from "#base";
import type { Candidate, RouterCall, RouterReply } from "#rack";
import { type Answers, answers, toProperties } from "../answers.ts";
import type { DocumentSubject } from "./defect.ts";
import { firstBest, scores } from "./directory.ts";

/** The GPU with the least load. A stand-in: the document only names it. */
const leastLoaded = (candidates: readonly Candidate[]): number => {
  const loads = candidates.map(({ loadBlocks }) => loadBlocks);
  return candidates[loads.indexOf(Math.min(...loads))]?.worker ?? -1;
};

/**
 * The decision as the document's block manager makes it, given the scores: the first of the highest, or the least loaded when all are 0.
 * The GPU where the request is, which it is handed, is not looked at, nor whether a GPU is alive. A rack without GPUs, of which the
 * document does not think, is refused.
 */
const route = ({ view }: RouterCall): RouterReply => {
  const candidates = view.candidates.toSorted((left, right) => left.worker - right.worker);
  if (candidates.length === 0) return refused("no live worker");
  const best = candidates[firstBest(candidates.map(({ overlapBlocks }) => overlapBlocks))];
  const worker =
    best === undefined || best.overlapBlocks === 0 ? leastLoaded(candidates) : best.worker;
  return { kind: "chosen", worker };
};

const routing = answers<RouterCall, RouterReply>(
  () => route,
  ({ policy }) => (policy.kind === "kv-aware" ? undefined : "policies other than its own"),
);

/** What some workers hold of the prompt 0, 1, 2 …, and which of them are live. */
type Held = { readonly held: readonly (readonly boolean[])[]; readonly live: readonly boolean[] };

/** Directory and decision together: each worker tells its blocks in turn. Without any hit, all are equally loaded. */
const lookingUp = answers<Held, number>(() => ({ held }) => {
  const directory = new Map<number, number>();
  for (const [worker, blocks] of held.entries())
    for (const [block, isHeld] of blocks.entries()) if (isHeld) directory.set(block, worker);
  const prompt = (held[0] ?? []).map((_, block) => block);
  return firstBest(scores(directory, prompt, held.length));
});

const ASKED: Readonly<Record<string, Answers>> = {
  "RTR-1": routing,
  "RTR-2": routing,
  "RTR-3": routing,
  "RTR-4": routing,
  "RTR-5": routing,
  "RTR-7": routing,
  "RTR-8": routing,
  "RTR-9": routing,
  "RTR-10": routing,
  "RTR-11": routing,
  "RTR-16": routing,
  "RTR-18": lookingUp,
};

const candidate = (worker: number, more: Partial<Candidate> = {}): Candidate => ({
  worker,
  overlapBlocks: 1,
  hostBlocks: 0,
  diskBlocks: 0,
  distance: 0,
  loadBlocks: 0,
  activeRequests: 0,
  live: true,
  ...more,
});

const among = (imbalanceBound: number | null, ...candidates: readonly Candidate[]) => ({
  policy: { kind: "kv-aware", imbalanceBound },
  seed: 0,
  view: { candidates, promptBlocks: 1, number: 0 },
});

/** The document's routing decision on trial. */
export const router: DocumentSubject = {
  name: "document/router",
  part: "router",
  about: "the KV-block manager's choice of a GPU for a request",
  answersFor: toProperties(ASKED),
  defects: [
    {
      does: "does not look at the GPU where the request is, nor at its superchip, though it says that they come first",
      consequence:
        "A request that could stay where it is, or go next door, is sent across the rack.",
      property: "RTR-2",
      case: among(null, candidate(0, { distance: 3 }), candidate(1, { distance: 0 })),
    },
    {
      does: "does not look at the load of GPUs that hold as much",
      consequence: "Ties all go to the smallest number: GPU 0 drowns while its equals idle.",
      property: "RTR-2",
      case: among(null, candidate(0, { loadBlocks: 3 }), candidate(1)),
    },
    {
      does: "has no bound on how many requests one GPU gets",
      consequence: "A prefix that everybody shares takes every request to the one GPU that has it.",
      property: "RTR-2",
      case: among(1, candidate(0, { activeRequests: 3 }), candidate(1, { overlapBlocks: 0 })),
    },
    {
      does: "sends requests to GPUs that are not alive",
      consequence: "Whatever a lost GPU held is asked of it for ever.",
      property: "RTR-16",
    },
    {
      does: "goes to the GPU with the most blocks of a prompt, wherever in it they are",
      consequence:
        "The choice holds nothing that can be used, and what was a hit elsewhere is computed anew.",
      property: "RTR-18",
      case: {
        held: [
          [false, true, true, true],
          [true, false, false, false],
          [false, false, false, false],
        ],
        live: [true, true, true],
      },
    },
    {
      does: "goes by the one place of each block that its directory knows, the last that was told",
      consequence:
        "A GPU that holds the whole prompt loses to one that computed its beginning later.",
      property: "RTR-18",
      case: {
        held: [
          [true, true, true, true],
          [true, true, true, false],
          [false, false, false, false],
        ],
        live: [true, true, true],
      },
    },
  ],
  absences: [
    {
      what: "policies other than its own",
      consequence:
        "Round robin, least loaded and a cost of what must be computed cannot be compared with it.",
    },
  ],
  remarks: ["What comes when nothing is held, the least loaded GPU, is named and not defined."],
};
