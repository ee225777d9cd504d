/** Histories that random ones seldom come to, each with several prompts. */
import { CHAINS, copy, deploy, exchange, LOADED, prompt, RUNNING, share, up } from "./acts.ts";
import type { RackAct } from "./setup.ts";

/** Makes a history with a prompt. */
type Scene = (blocks: readonly number[]) => readonly RackAct[];

const DOMAIN = { domain: 0 } as const;

const SCENES: readonly Scene[] = [
  // A switch with something in it is lost and comes back; its workers too.
  (blocks) => [
    ...up(0, "a", 1, 4),
    ...share("a", blocks),
    { kind: "lose", ...DOMAIN },
    { kind: "regain", ...DOMAIN },
    ...up(0, "a", 1, 4),
    ...share("a", blocks),
  ],
  // The same when a GPU of the domain was lost before.
  (blocks) => [
    ...up(0, "a", 1, 3),
    ...share("a", blocks),
    { kind: "lose", gpu: 3 },
    { kind: "lose", ...DOMAIN },
    { kind: "regain", gpu: 0 },
    ...up(1, "a", 1, 1),
  ],
  // One of two sources of weights is lost, then the other.
  (blocks) => [
    ...up(0, "a", 1, 1),
    ...up(1, "a", 1, 1),
    ...prompt(0, "a", blocks, 0),
    deploy(2, "a", 1, 3),
    { kind: "wait", ns: 400 },
    { kind: "lose", gpu: 0 },
    { kind: "wait", ns: 400 },
    { kind: "undeploy", owner: 1 },
    LOADED,
  ],
  // A swap whose source is lost, and one that ends well, with requests under way.
  (blocks) => [
    ...up(0, "a", 1, 2),
    ...up(1, "b", 1, 1),
    exchange(1, "b"),
    ...prompt(0, "a", blocks.slice(0, 2), 0),
    { kind: "lose", gpu: 2 },
    { kind: "route", model: "a", blocks, from: 0 },
    exchange(1, "b"),
    { kind: "send", request: 1, model: "a", blocks, unnamed: 0, worker: 1 },
    LOADED,
    { kind: "start", request: 1 },
    { kind: "route", model: "b", blocks, from: 0 },
  ],
  // A swap that evicts, and hits on the new model.
  (blocks) => [
    ...up(0, "a", 1, 1),
    ...prompt(0, "a", blocks, 0),
    { kind: "release", request: 0 },
    exchange(0, "b"),
    ...prompt(0, "a", [7], 0),
    LOADED,
    ...prompt(1, "b", blocks.slice(0, 2), 0),
    { kind: "send", request: 2, model: "b", blocks: blocks.slice(0, 2), unnamed: 0, worker: 0 },
    { kind: "start", request: 2 },
  ],
  // A prompt that is held in both domains is copied in each, and weights come from both.
  (blocks) => [
    ...up(0, "a", 1, 2),
    { ...deploy(1, "a", 1, 2), topology: { required: { near: 4 } } } as RackAct,
    LOADED,
    ...prompt(0, "a", blocks, 0),
    ...copy(1, "a", blocks, 5),
    LOADED,
    ...prompt(2, "a", blocks, 4),
    { ...deploy(2, "a", 1, 2), topology: { required: { near: 0 } } } as RackAct,
    { ...deploy(3, "a", 1, 1), topology: { required: { near: 5 } } } as RackAct,
    LOADED,
    ...copy(3, "a", blocks, 2),
    LOADED,
    { kind: "release", request: 0 },
    ...copy(0, "a", blocks, 6),
    LOADED,
  ],
  // Whoever is copied from ends, and whoever copies changes its model.
  (blocks) => [
    ...up(0, "a", 2, 2),
    ...up(1, "a", 2, 1),
    ...prompt(0, "a", blocks, 4),
    ...copy(1, "a", blocks, 0),
    { kind: "undeploy", owner: 1 },
    ...prompt(2, "a", [7], 2),
    ...copy(3, "a", [7, 8], 0),
    { kind: "swap", owner: 0, model: "c", ...RUNNING },
    LOADED,
  ],
  // A gang that ends others; both domains are full.
  (blocks) => [
    ...up(0, "a", 1, 4),
    ...up(1, "b", 2, 2),
    ...prompt(0, "a", blocks, 1),
    { ...deploy(2, "a", 4, 1), priority: 1 } as RackAct,
    LOADED,
  ],
  // A copy whose source is lost, one that outlives its request, and one that is overtaken.
  (blocks) => [
    ...up(0, "a", 1, 1),
    ...up(1, "a", 1, 2),
    ...prompt(0, "a", blocks, 0),
    ...copy(1, "a", blocks, 1),
    { kind: "release", request: 1 },
    { kind: "wait", ns: 400 },
    ...copy(2, "a", blocks, 2),
    { kind: "fill", request: 2 },
    LOADED,
    { kind: "release", request: 2 },
    ...prompt(3, "a", [7], 0),
    ...copy(2, "a", [7], 1),
    { kind: "lose", gpu: 0 },
    { ...deploy(2, "b", 1, 1), weightFormat: "fp16" } as RackAct,
  ],
  // Two models have one prompt, and what one has computed is of no use to the other.
  (blocks) => [
    ...up(0, "a", 1, 1),
    ...up(1, "b", 1, 1),
    ...prompt(0, "a", blocks, 0),
    { kind: "grow", request: 0, count: 1 },
    ...copy(1, "b", blocks.slice(0, 2), 1),
    { kind: "fill", request: 1 },
  ],
  // One GPU of a worker of two is lost.
  (blocks) => [
    ...up(0, "a", 2, 2),
    ...up(1, "b", 2, 1),
    ...prompt(0, "a", blocks, 2),
    { kind: "lose", gpu: 3 },
  ],
  // Two requests want blocks that neither has computed yet.
  (blocks) => [
    ...up(0, "a", 1, 1),
    { kind: "send", request: 0, model: "a", blocks, unnamed: 0, worker: 0 },
    { kind: "start", request: 0 },
    { kind: "send", request: 1, model: "a", blocks, unnamed: 1, from: 0 },
    { kind: "start", request: 1 },
    { kind: "fill", request: 1 },
  ],
  // Of an owner's two workers one cannot be swapped.
  (blocks) => [
    ...up(0, "a", 1, 2),
    ...prompt(0, "a", blocks, 1),
    { kind: "swap", owner: 0, model: "b", ...RUNNING },
    LOADED,
  ],
  // A pool that is full of what nobody holds evicts what is least recent.
  (blocks) => [
    ...up(0, "a", 1, 1),
    ...prompt(0, "a", [1, 2], 0),
    { kind: "release", request: 0 },
    ...prompt(1, "a", [7, 8, 9, 10], 0),
    { kind: "release", request: 1 },
    ...prompt(2, "a", [11, 12], 0),
    ...prompt(3, "a", blocks, 0),
  ],
  // Two workers of two GPUs are two readers.
  (blocks) => [
    ...up(0, "a", 2, 2),
    ...prompt(0, "a", blocks, 0),
    ...copy(1, "a", blocks, 2),
    { kind: "wait", ns: 2500 },
    { kind: "send", request: 2, model: "a", blocks, unnamed: 0, worker: 0 },
    { kind: "start", request: 2 },
  ],
  // More is shared than a switch can keep.
  (blocks) => [
    ...up(0, "a", 1, 4),
    ...share("a", [...blocks]),
    ...share("a", [7, 8]),
    ...share("a", [1, 2, 5]),
  ],
];

/** Every scene with each of three prompts. */
export const scenes = (): readonly (readonly RackAct[])[] =>
  CHAINS.slice(0, 3).flatMap((blocks) => SCENES.map((scene) => scene(blocks)));
