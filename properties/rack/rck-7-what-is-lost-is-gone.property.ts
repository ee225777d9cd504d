import type { MachineCall, MachineSight } from "#rack";
import { expectSame, expectTrue, property } from "#verify";
import { rackCases } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { domainOf } from "./reading.ts";
import { answered, atEveryStep, type Step, someStep, watched } from "./steps.ts";
import { fastRack } from "./subjects.ts";

/** The GPUs that a call names. */
const named = (call: MachineCall): readonly number[] => {
  if (call.kind !== "lose" && call.kind !== "regain") return [];
  if ("gpu" in call) return [call.gpu];
  const [size, at] = "superchip" in call ? [2, call.superchip] : [4, call.domain];
  return Array.from({ length: size }, (_, place) => at * size + place);
};

/** Every place that a sight names as something that lives, works or is listed. */
const placesIn = (sight: MachineSight): readonly number[] => [
  ...sight.workers.flatMap(({ gpus }) => gpus),
  ...sight.listed.flatMap(([place]) =>
    place.startsWith("worker") ? [Number(place.slice(7))] : [],
  ),
  ...sight.fetches.flatMap(({ worker, source }) =>
    "worker" in source ? [worker, source.worker] : [worker],
  ),
  ...sight.loads.flatMap(({ workers, sources }) => [...sources, ...workers.map(([one]) => one)]),
  ...sight.requests.map(({ worker }) => worker),
];

/** Who must have ended: whoever had one of the GPUs, and with it its whole gang. */
const endedBy = ({ call, before }: Step): readonly number[] => [
  ...new Set(
    before.workers
      .filter(({ gpus }) => gpus.some((gpu) => named(call).includes(gpu)))
      .map(({ owner }) => owner),
  ),
];

/** Everything of workers that are gone: none of it may be named any more. */
const goneIn = ({ before, after }: Step): readonly number[] =>
  before.workers
    .filter(({ owner }) => !after.owners.includes(owner))
    .flatMap(({ gpus }) => gpus)
    .filter((gpu) => !after.workers.some(({ gpus }) => gpus.includes(gpu)));

export default property({
  id: "RCK-7",
  part: "rack",
  statement:
    "what is lost ends exactly the gangs that had some of it, whole; nothing of them is listed, sent to, copied from or to, or a source of weights from that call on, and the memory of a lost domain's switch is gone",
  given: rackCases(),
  subject: fastRack,
  scripts: watched,
  holds: atEveryStep((step) => {
    const { after, call, reply } = step;
    const places = placesIn(after);
    const haunted = [...after.lostGpus, ...goneIn(step)].filter((gpu) => places.includes(gpu));
    const lost = answered(reply, "lost");
    const isSwitchLeft = call.kind === "lose" && "domain" in call && after.switches[call.domain];
    const listedThere = after.listed.filter(
      ([place]) => place.startsWith("domain") && after.switches[Number(place.slice(7))] === null,
    );
    return (
      expectSame(step, [], haunted, "places of the dead that something still names") ??
      expectSame(step, [], listedThere, "listed in a switch without memory") ??
      (lost && expectSame(step, endedBy(step).toSorted(), lost.ended.toSorted(), "ended")) ??
      (lost &&
        expectTrue(
          step,
          named(call).every((gpu) => after.lostGpus.includes(gpu)),
          "all of it lost",
          after.lostGpus,
        )) ??
      (lost && expectTrue(step, !isSwitchLeft, "a switch without memory", after.switches))
    );
  }),
  witnesses: {
    "a loss while somebody copies from the lost": someStep(
      ({ call, before }) =>
        call.kind === "lose" &&
        before.fetches.some(
          ({ source }) => "worker" in source && named(call).includes(source.worker),
        ),
    ),
    "a loss of a source of weights": someStep(
      ({ call, before }) =>
        call.kind === "lose" &&
        before.loads.some(({ sources }) => sources.some((gpu) => named(call).includes(gpu))),
    ),
    "a loss of one GPU of a worker of several": someStep(
      ({ call, before }) =>
        call.kind === "lose" &&
        named(call).length === 1 &&
        before.workers.some(
          ({ gpus, readable }) =>
            gpus.length > 1 && gpus.includes(named(call)[0] ?? -1) && readable.length > 0,
        ),
    ),
    "a domain lost with something in its switch": someStep(
      ({ call, before }) =>
        call.kind === "lose" && "domain" in call && (before.switches[call.domain]?.length ?? 0) > 0,
    ),
    "a loss of requests": someStep(
      ({ call, events }) =>
        call.kind === "lose" && events.some(({ kind }) => kind === "request-ended"),
    ),
    "a domain of which some was lost before": someStep(
      ({ call, reply, before }) =>
        answered(reply, "lost") !== undefined &&
        "domain" in call &&
        before.lostGpus.filter((gpu) => domainOf(gpu) === call.domain).length > 0,
    ),
  },
  mutants: mutants(
    "does not tell the directory of workers that are gone",
    "keeps the listings of a switch whose memory is lost",
    "leaves the requests of a worker that ends",
    "leaves plans as they are when a source is gone",
    "keeps the first worker of a gang that ends",
    "loses one GPU of a superchip",
  ),
});
