import { ascending } from "#base";
import type { MachineCall, MachineReply, MachineSight } from "#rack";
import { expectSame, type Finding, property } from "#verify";
import { rackCases } from "./histories.ts";
import { mutants } from "./mutants.ts";
import type { RackCase } from "./setup.ts";
import { answered, played, refusalIn } from "./steps.ts";
import { fastRack } from "./subjects.ts";

const PARTS = [{ gpu: 1 }, { superchip: 1 }, { domain: 0 }, { domain: 1 }] as const;

/** After the history each part is lost and regained in turn, with a look at the rack before and after. */
const script = (given: RackCase): readonly MachineCall[] => [
  ...played(given),
  ...PARTS.flatMap((what): readonly MachineCall[] => [
    { kind: "sight" },
    { kind: "lose", ...what },
    { kind: "regain", ...what },
    { kind: "sight" },
  ]),
];

type Blink = {
  readonly at: number;
  readonly what: (typeof PARTS)[number];
  readonly before: MachineSight;
  readonly lost: MachineReply;
  readonly back: MachineReply;
  readonly after: MachineSight;
};

const blinks = (given: RackCase, replies: readonly MachineReply[]): readonly Blink[] => {
  const first = played(given).length;
  return PARTS.map((what, index) => {
    const at = first + 4 * index;
    const [before, lost, back, after] = replies.slice(at, at + 4);
    return { at: at + 2, what, before, lost, back, after } as Blink;
  });
};

const some =
  (isIt: (blink: Blink) => boolean) =>
  (given: RackCase, [replies = []]: readonly (readonly MachineReply[])[]): boolean =>
    blinks(given, replies).some(isIt);

/** Whose GPUs are free afterwards: those that were, those of whoever ended, and those that were lost already among the part's. */
const freeDue = ({ what, before, lost }: Blink): readonly number[] => {
  const ended = answered(lost, "lost")?.ended ?? [];
  const freed = before.workers.filter(({ owner }) => ended.includes(owner));
  const [size, at] =
    "gpu" in what ? [1, what.gpu] : "superchip" in what ? [2, what.superchip] : [4, what.domain];
  const back = before.lostGpus.filter((gpu) => Math.floor(gpu / size) === at);
  return [...before.freeGpus, ...back, ...freed.flatMap(({ gpus }) => gpus)].toSorted(
    ascending((gpu) => gpu),
  );
};

const judge = (blink: Blink): Finding | undefined => {
  const { what, before, lost, back, after } = blink;
  const ended = answered(lost, "lost")?.ended ?? [];
  const staying = before.workers.filter(({ owner }) => !ended.includes(owner));
  const isSwitchLost = "domain" in what;
  const switches = before.switches.map((blocks, domain) =>
    isSwitchLost && domain === what.domain ? [] : blocks,
  );
  return (
    expectSame(blink, undefined, refusalIn(back), "why what was lost does not come back") ??
    expectSame(blink, freeDue(blink), after.freeGpus, "free") ??
    expectSame(blink, switches, after.switches, "in the switches") ??
    expectSame(
      blink,
      staying.map(({ worker, running, readable }) => ({ worker, running, readable })),
      after.workers.map(({ worker, running, readable }) => ({ worker, running, readable })),
      "everybody else",
    )
  );
};

export default property({
  id: "RCK-8",
  part: "rack",
  statement:
    "what is lost and regained is free again and empty, the memory of a domain's switch too, and everybody who had none of it is as before",
  given: rackCases(),
  subject: fastRack,
  scripts: (given) => [script(given)],
  holds(given, [replies = []]) {
    for (const blink of blinks(given, replies)) {
      const found = judge(blink);
      if (found) return found;
    }
    return undefined;
  },
  witnesses: {
    "a gang that ends": some(({ lost }) => (answered(lost, "lost")?.ended.length ?? 0) > 0),
    "a switch that had something": some(
      ({ what, before }) => "domain" in what && (before.switches[what.domain]?.length ?? 0) > 0,
    ),
    "somebody who stays, with blocks": some(({ lost, after }) =>
      (answered(lost, "lost")?.ended.length ?? 0) > 0
        ? after.workers.some(({ readable }) => readable.length > 0)
        : false,
    ),
    "some of it lost before": some(
      ({ what, before, lost }) =>
        "domain" in what && answered(lost, "lost") !== undefined && before.lostGpus.length > 0,
    ),
  },
  mutants: mutants(
    "brings a domain back without its switch",
    "brings one GPU of a superchip back",
    "gives a switch back with what it had",
    "keeps the first worker of a gang that ends",
  ),
});
