/** Subjects that measure distances, right and wrong. */
import { SpecViolation } from "#base";
import { distance } from "#spec";
import type { Subject } from "#verify";
import { type Counts, sizeOf, topologyOf } from "./racks.ts";

/** How far apart are two GPUs of a rack? */
export type Call = { readonly rack: Counts; readonly left: number; readonly right: number };

/** The distance, or that there is no such GPU. */
export type Reply = number | "no such GPU";

const ask = ({ rack, left, right }: Call): Reply => {
  try {
    return distance(topologyOf(rack), left, right);
  } catch (thrown) {
    if (thrown instanceof SpecViolation) return "no such GPU";
    throw thrown;
  }
};

/** A subject that measures by other means. */
const measuring =
  (measure: (call: Call) => Reply): Subject<Call, Reply> =>
  () =>
    measure;

/** The reference. */
export const rightly = measuring(ask);

const changing = (change: (far: number, call: Call) => number): Subject<Call, Reply> =>
  measuring((call) => {
    const far = ask(call);
    return typeof far === "number" ? change(far, call) : far;
  });

const MUTANTS = {
  "takes every rack for one of superchips of 2 and domains of 8": measuring((call) => {
    const together = (size: number) =>
      Math.floor(call.left / size) === Math.floor(call.right / size);
    const far = ask(call);
    if (typeof far === "string" || far === 0) return far;
    return together(2) ? 1 : together(8) ? 2 : 3;
  }),
  "forgets superchips": changing((far) => (far === 1 ? 2 : far)),
  "takes all of a superchip for one GPU": changing((far) => (far === 1 ? 0 : far)),
  "counts domains in superchips": changing((far, { rack, left, right }) => {
    if (far <= 1) return far;
    const domain = (gpu: number) => Math.floor(gpu / rack.superchips);
    return domain(left) === domain(right) ? 2 : 3;
  }),
  "lets domains begin one GPU late": changing((far, { rack, left, right }) => {
    if (far <= 1) return far;
    const domain = (gpu: number) => Math.floor((gpu + 1) / (rack.gpus * rack.superchips));
    return domain(left) === domain(right) ? 2 : 3;
  }),
  "measures by the difference of the numbers": changing((far, { rack, left, right }) => {
    const gap = Math.abs(left - right);
    if (gap === 0) return far;
    return gap < rack.gpus ? 1 : gap < rack.gpus * rack.superchips ? 2 : 3;
  }),
  "measures upwards only": changing((far, { left, right }) => (left > right ? 0 : far)),
  "has neighbours across the end of a superchip": changing((far, { left, right }) =>
    Math.abs(left - right) === 1 ? 1 : far,
  ),
  "takes a GPU beyond the last for the last": measuring((call) => {
    const inside = (gpu: number) => Math.min(gpu, sizeOf(call.rack) - 1);
    return ask({ ...call, left: inside(call.left), right: inside(call.right) });
  }),
  "counts GPUs from the end when they are negative": measuring((call) => {
    const inside = (gpu: number) => (gpu < 0 ? gpu + sizeOf(call.rack) : gpu);
    return ask({ ...call, left: inside(call.left), right: inside(call.right) });
  }),
  "cuts a GPU's number to a whole one": measuring((call) =>
    ask({ ...call, left: Math.trunc(call.left), right: Math.trunc(call.right) }),
  ),
  "checks the first GPU only": measuring((call) => {
    const reply = ask(call);
    const isFirstThere = ask({ ...call, right: call.left }) === 0;
    return typeof reply === "string" && isFirstThere ? 3 : reply;
  }),
  "takes any GPU for near itself": measuring((call) =>
    Object.is(call.left, call.right) ? 0 : ask(call),
  ),
} as const;

/** Some of the broken measures, by name. */
export const mutants = <Name extends keyof typeof MUTANTS>(
  ...names: readonly Name[]
): Pick<typeof MUTANTS, Name> =>
  Object.fromEntries(names.map((name) => [name, MUTANTS[name]])) as Pick<typeof MUTANTS, Name>;
