import { ascending, byEach } from "#base";
import { LINK_NAMES, type Profile } from "#spec";
import type { FaultOptions, FaultyHardware } from "../fault-options.ts";
import type { Findings } from "./findings.ts";

/** A fault begins or is over. */
export type FaultStep = {
  readonly atNs: number;
  readonly kind: "begin" | "end";
  readonly fault: FaultOptions;
  /** Its place in the schedule. */
  readonly place: number;
};

const NEVER = Number.POSITIVE_INFINITY;

const called = (place: number): string => `faults[${place}]`;

const endOf = (fault: FaultOptions): number =>
  fault.kind === "lose" ? (fault.back_ns ?? NEVER) : fault.until_ns;

/** What workers can be: they begin at multiples of these. */
type Shape = { readonly profile: Profile; readonly degrees: readonly number[] };

/** What is struck, when: some of the things of one kind, which are numbered, from the first up to before the other. */
type Claim = {
  readonly place: number;
  readonly atNs: number;
  readonly untilNs: number;
  readonly things: "the same GPUs" | "the same links" | "the events of the same worker";
  readonly first: number;
  readonly behind: number;
};

/** The smallest worker that may begin at a GPU; nothing when none does. */
const workerAt = (gpu: number, { degrees }: Shape): number | undefined =>
  degrees.find((tp) => gpu % tp === 0);

const requireWorker = (
  path: string,
  worker: number,
  shape: Shape,
  findings: Findings,
): number | undefined => {
  const gpus = shape.profile.gpuCount.value;
  const size = worker < gpus ? workerAt(worker, shape) : undefined;
  const must = `the number of a worker's first GPU, 0 … ${gpus - 1} and a multiple of ${shape.degrees.join(" or ")}`;
  findings.require(size !== undefined, "REPLAY-3", `${path} must be ${must}, found ${worker}`);
  return size;
};

const groupOf = (
  what: Exclude<FaultyHardware, { worker: number }>,
  { gpusPerSuperchip, gpusPerDomain }: Profile,
): readonly [kind: string, number: number, size: number] => {
  if ("gpu" in what) return ["gpu", what.gpu, 1];
  return "superchip" in what
    ? ["superchip", what.superchip, gpusPerSuperchip.value]
    : ["domain", what.domain, gpusPerDomain.value];
};

/** The GPUs that are lost; nothing when they are not in the rack. A worker's are as many as the smallest has that may begin there. */
const gpusOf = (
  path: string,
  what: FaultyHardware,
  shape: Shape,
  findings: Findings,
): Pick<Claim, "first" | "behind"> | undefined => {
  if ("worker" in what) {
    const size = requireWorker(`${path}.worker`, what.worker, shape, findings);
    return size === undefined ? undefined : { first: what.worker, behind: what.worker + size };
  }
  const [kind, number, size] = groupOf(what, shape.profile);
  const last = shape.profile.gpuCount.value / size - 1;
  const must = `0 … ${last} in this rack`;
  findings.require(number <= last, "REPLAY-3", `${path}.${kind} must be ${must}, found ${number}`);
  return number <= last ? { first: number * size, behind: (number + 1) * size } : undefined;
};

/** GPUs for what is lost, links for what is slow, workers for events; nothing when they are not in the rack. */
const claimOf = (
  fault: FaultOptions,
  place: number,
  shape: Shape,
  findings: Findings,
): Claim | undefined => {
  const times = { place, atNs: fault.at_ns, untilNs: endOf(fault) };
  if (fault.kind === "slow") {
    const first = LINK_NAMES.indexOf(fault.link);
    return { ...times, things: "the same links", first, behind: first + 1 };
  }
  if (fault.kind === "lose") {
    const gpus = gpusOf(`${called(place)}.what`, fault.what, shape, findings);
    return gpus && { ...times, things: "the same GPUs", ...gpus };
  }
  const things = "the events of the same worker";
  const { worker } = fault;
  if (worker === null) {
    return { ...times, things, first: 0, behind: shape.profile.gpuCount.value };
  }
  const size = requireWorker(`${called(place)}.worker`, worker, shape, findings);
  return size === undefined ? undefined : { ...times, things, first: worker, behind: worker + 1 };
};

const meet = (left: Claim, right: Claim): boolean =>
  left.things === right.things && left.first < right.behind && right.first < left.behind;

/** No two faults strike the same thing at one time: it would not be clear what the end of one of them means. */
const checkApart = (claims: readonly Claim[], findings: Findings): void => {
  const inOrder = byEach<Claim>(
    ascending(({ atNs }) => atNs),
    ascending(({ place }) => place),
  );
  let live: readonly Claim[] = [];
  for (const claim of claims.toSorted(inOrder)) {
    live = live.filter(({ untilNs }) => untilNs > claim.atNs);
    const before = live.find((other) => meet(claim, other));
    if (before === undefined) live = [...live, claim];
    else {
      const over =
        before.untilNs === NEVER ? "which never ends" : `which ends at ${before.untilNs}`;
      const message = `${called(claim.place)}.at_ns must be after ${called(before.place)}, ${over}, because both strike ${claim.things}, found ${claim.atNs}`;
      findings.add("REPLAY-3", message);
    }
  }
};

/**
 * Checks a schedule against the rack, and lists its steps in the order in which they are taken: by time, what ends before what begins, then by place in
 * the schedule. `degrees` are the GPUs that workers have, ascending.
 */
export const faultSteps = (
  faults: readonly FaultOptions[],
  profile: Profile,
  degrees: readonly number[],
  findings: Findings,
): readonly FaultStep[] => {
  const claims = faults.flatMap((fault, place) => {
    const end = endOf(fault);
    const name = fault.kind === "lose" ? "back_ns" : "until_ns";
    findings.require(
      fault.at_ns < end,
      "REPLAY-3",
      `${called(place)}.${name} must be after ${fault.at_ns}, when it begins, found ${end}`,
    );
    return claimOf(fault, place, { profile, degrees }, findings) ?? [];
  });
  checkApart(
    claims.filter(({ atNs, untilNs }) => atNs < untilNs),
    findings,
  );
  const steps = faults.flatMap((fault, place): FaultStep[] => {
    const end = endOf(fault);
    const begin: FaultStep = { atNs: fault.at_ns, kind: "begin", fault, place };
    return end === NEVER ? [begin] : [begin, { atNs: end, kind: "end", fault, place }];
  });
  return steps.toSorted(
    byEach<FaultStep>(
      ascending(({ atNs }) => atNs),
      ascending(({ kind }) => (kind === "end" ? 0 : 1)),
      ascending(({ place }) => place),
    ),
  );
};
