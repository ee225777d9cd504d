import { describe, expect, it } from "vitest";
import { SpecViolation } from "#base";
import { gangSubject } from "./calls.ts";
import type { CreateGangs, GangRequest, GangShape } from "./contract.ts";
import { createGangs } from "./gangs.ts";
import { GangsModel } from "./model.ts";

const NVL72: GangShape = { gpus: 72, gpusPerDomain: 8, gpusPerSuperchip: 2 };
const TWO_DOMAINS: GangShape = { gpus: 16, gpusPerDomain: 8, gpusPerSuperchip: 2 };

const refusal = (because: string) => ({ kind: "refused", because });
const create: CreateGangs = (shape, events) => new GangsModel(shape, events);

describe.each([
  ["fast gangs", createGangs],
  ["the model of gangs", create],
])("%s", (_, create) => {
  /** Gangs to whom single groups of these sizes have come, by owners 0, 1, 2 … */
  const rackWith = (shape: GangShape, ...sizes: number[]) => {
    const gangs = create(shape);
    for (const [owner, size] of sizes.entries()) gangs.place({ owner, groups: [size] });
    return gangs;
  };
  const placeOn = (shape: GangShape, ...requests: GangRequest[]) => {
    const gangs = create(shape);
    return requests.map((request) => gangs.place(request));
  };

  it("places a group of 4 after a pair at the next multiple of 4, which the document's code does not", () => {
    const gangs = rackWith(NVL72, 2, 4);
    expect(gangs.groupsOf(0)).toEqual([[0, 1]]);
    expect(gangs.groupsOf(1)).toEqual([[4, 5, 6, 7]]);
    expect(gangs.wholeDomainsFree()).toBe(8);
  });

  it("takes the smallest run that holds a group, and breaks no larger one", () => {
    const gangs = rackWith(NVL72, 1, 4, 2);
    // The one is on GPU 0, the four on 4 … 7, the two on 2 and 3: GPU 1 is a run of its own.
    expect(gangs.place({ owner: 9, groups: [1] })).toMatchObject({ groups: [[1]] });
    expect(gangs.wholeDomainsFree()).toBe(8);
  });

  it.each([
    [8, 9],
    [4, 18],
    [2, 36],
    [1, 72],
  ])("takes groups of %i exactly %i times", (size, count) => {
    const gangs = rackWith(NVL72, ...Array<number>(count).fill(size));
    expect(gangs.owners()).toHaveLength(count);
    expect(gangs.freeGpus()).toEqual([]);
    expect(gangs.place({ owner: 99, groups: [1] })).toEqual(refusal("no-room"));
  });

  it("takes a flat rack of 72 as nine aligned blocks of 8", () => {
    const gangs = rackWith({ ...NVL72, gpusPerDomain: 72 }, 1, 8);
    expect(gangs.groupsOf(1)).toEqual([[8, 9, 10, 11, 12, 13, 14, 15]]);
    expect(gangs.wholeDomainsFree()).toBe(0);
    expect(gangs.fits(Array(8).fill(8))).toBe(false);
    expect(gangs.fits(Array(7).fill(8))).toBe(true);
  });

  it("places several groups together or not at all", () => {
    const gangs = rackWith(TWO_DOMAINS, 8);
    expect(gangs.place({ owner: 1, groups: [4, 4, 1] })).toEqual(refusal("no-room"));
    expect(gangs.freeGpus()).toHaveLength(8);
    expect(gangs.place({ owner: 1, groups: [1, 4, 2, 1] })).toMatchObject({
      groups: [[14], [8, 9, 10, 11], [12, 13], [15]],
    });
  });

  it("refuses a known owner, no groups, a group of 3, and a release by whoever has none", () => {
    const gangs = rackWith(TWO_DOMAINS, 8);
    expect(gangs.place({ owner: 0, groups: [1] })).toEqual(refusal("owner-known"));
    expect(gangs.place({ owner: 1, groups: [] })).toEqual(refusal("no-groups"));
    expect(gangs.place({ owner: 1, groups: [1, 3] })).toEqual(refusal("bad-group"));
    expect(gangs.release(1)).toEqual(refusal("unknown-owner"));
    expect(gangs.release(0)).toEqual({ kind: "released" });
    expect(gangs.release(0)).toEqual(refusal("unknown-owner"));
    expect(gangs.freeGpus()).toHaveLength(16);
  });

  it("refuses groups that a domain cannot hold: 8 in domains of 4", () => {
    const answers = placeOn(
      { gpus: 8, gpusPerDomain: 4, gpusPerSuperchip: 2 },
      { owner: 0, groups: [8] },
    );
    expect(answers).toEqual([refusal("bad-group")]);
  });

  it("keeps what is required, and says when it gives up what is preferred", () => {
    const apart = { required: "different-domains" } as const;
    const answers = placeOn(
      TWO_DOMAINS,
      { owner: 0, groups: [1, 1], topology: apart },
      { owner: 1, groups: [1, 1, 1], topology: apart },
      { owner: 2, groups: [1, 1, 1], topology: { preferred: "different-domains" } },
      { owner: 3, groups: [1, 1], topology: { preferred: "different-domains" } },
    );
    expect(answers[0]).toMatchObject({ groups: [[0], [8]], weakened: false });
    expect(answers[1]).toEqual(refusal("topology"));
    expect(answers[2]).toMatchObject({ groups: [[1], [9], [2]], weakened: true });
    expect(answers[3]).toMatchObject({ groups: [[3], [10]], weakened: false });
  });

  it("goes to the superchip of the GPU that it is to be near, then to the domain", () => {
    const near = { required: { near: 13 } };
    const answers = placeOn(
      TWO_DOMAINS,
      { owner: 0, groups: [1], topology: near },
      { owner: 1, groups: [1], topology: near },
      { owner: 2, groups: [1], topology: near },
      { owner: 3, groups: [8], topology: near },
      { owner: 4, groups: [8], topology: { preferred: { near: 13 } } },
    );
    expect(answers.slice(0, 3)).toMatchObject([
      { groups: [[13]] },
      { groups: [[12]] },
      // In the domain all are as far now: the smallest run decides.
      { groups: [[14]] },
    ]);
    expect(answers[3]).toEqual(refusal("topology"));
    expect(answers[4]).toMatchObject({ groups: [[0, 1, 2, 3, 4, 5, 6, 7]], weakened: true });
  });

  it("ends the fewest, the lowest and the youngest, and nobody in vain", () => {
    const gangs = create(TWO_DOMAINS);
    gangs.place({ owner: 0, groups: [8], priority: 1 });
    for (const owner of [1, 2]) gangs.place({ owner, groups: [4], priority: 0 });
    expect(gangs.place({ owner: 3, groups: [4], priority: 0 })).toEqual(refusal("no-room"));
    expect(gangs.place({ owner: 3, groups: [4], priority: 2 })).toMatchObject({ preempted: [2] });
    // Two domains of 8 would take the end of everybody, and of owner 3 too, who is equal.
    expect(gangs.place({ owner: 4, groups: [8, 8], priority: 2 })).toEqual(refusal("no-room"));
    expect(gangs.owners()).toEqual([0, 1, 3]);
    expect(gangs.place({ owner: 4, groups: [8], priority: 2 })).toMatchObject({ preempted: [0] });
  });

  it("ends two gangs of priority 1 rather than one of priority 2", () => {
    const gangs = create(TWO_DOMAINS);
    gangs.place({ owner: 0, groups: [8], priority: 2 });
    for (const owner of [1, 2]) gangs.place({ owner, groups: [4], priority: 1 });
    expect(gangs.place({ owner: 3, groups: [8], priority: 3 })).toMatchObject({
      preempted: [2, 1],
    });
  });

  it("ends a gang whole when one of its GPUs is lost, and puts nobody there until it is regained", () => {
    const gangs = create(TWO_DOMAINS);
    gangs.place({ owner: 0, groups: [4, 8] });
    gangs.place({ owner: 1, groups: [2] });
    expect(gangs.lose(8)).toEqual({ kind: "lost", ended: [0] });
    expect(gangs.lose(8)).toEqual(refusal("already-lost"));
    expect(gangs.release(0)).toEqual(refusal("unknown-owner"));
    expect(gangs.loseDomain(1)).toEqual({ kind: "lost", ended: [1] });
    expect(gangs.lostGpus()).toEqual([8, 9, 10, 11, 12, 13, 14, 15]);
    expect(gangs.regain(8)).toEqual({ kind: "regained" });
    expect(gangs.regain(8)).toEqual(refusal("not-lost"));
    expect(gangs.fits([8, 1])).toBe(true);
    expect(gangs.fits([8, 2])).toBe(false);
    expect(gangs.regainDomain(1)).toEqual({ kind: "regained" });
    expect(gangs.wholeDomainsFree()).toBe(2);
  });

  it("tells that a gang has ended before it tells who has its GPUs", () => {
    const told: unknown[] = [];
    const gangs = create(
      { gpus: 2, gpusPerDomain: 2, gpusPerSuperchip: 1 },
      {
        placed: (owner, groups) => void told.push(["placed", owner, groups]),
        ended: (owner, why) => void told.push(["ended", owner, why]),
      },
    );
    gangs.place({ owner: 7, groups: [2] });
    gangs.place({ owner: 8, groups: [2], priority: 1 });
    expect(told).toEqual([
      ["placed", 7, [[0, 1]]],
      ["ended", 7, "preempted"],
      ["placed", 8, [[0, 1]]],
    ]);
  });

  it.each<[string, (gangs: ReturnType<CreateGangs>) => unknown]>([
    ["a GPU beyond the rack", (gangs) => gangs.lose(16)],
    ["half a GPU", (gangs) => gangs.regain(0.5)],
    ["a domain below 0", (gangs) => gangs.loseDomain(-1)],
    ["an owner that is no number", (gangs) => gangs.release(Number.NaN)],
    ["a priority between two", (gangs) => gangs.place({ owner: 0, groups: [1], priority: 0.5 })],
    ["a wish for a GPU beyond the rack", (gangs) => gangs.fits([1], { near: 99 })],
  ])("throws at %s", (_, ask) => {
    expect(() => ask(create(TWO_DOMAINS))).toThrow(SpecViolation);
  });

  it.each([
    { gpus: 0, gpusPerDomain: 1, gpusPerSuperchip: 1 },
    { gpus: 72, gpusPerDomain: 7, gpusPerSuperchip: 1 },
    { gpus: 72, gpusPerDomain: 8, gpusPerSuperchip: 3 },
    { gpus: 8192, gpusPerDomain: 8, gpusPerSuperchip: 2 },
  ])("throws at a rack that cannot be: %o", (shape) => {
    expect(() => create(shape)).toThrow(SpecViolation);
  });

  it("takes a gang of a thousand groups that a rack of 4,096 GPUs holds, and refuses one of ten thousand", () => {
    const gangs = createGangs({ gpus: 4096, gpusPerDomain: 64, gpusPerSuperchip: 2 });
    expect(gangs.place({ owner: 0, groups: Array(10_000).fill(1) })).toEqual(refusal("no-room"));
    expect(gangs.place({ owner: 0, groups: Array(1024).fill(4) })).toMatchObject({
      kind: "placed",
    });
    expect(gangs.freeGpus()).toEqual([]);
  });
});

describe("gangs behind calls", () => {
  it("answer a short life as plain data, and begin anew with each rack", () => {
    const subject = gangSubject(createGangs)();
    const shape = { gpus: 2, gpusPerDomain: 2, gpusPerSuperchip: 2 };
    const replies = [
      subject({ kind: "create", shape }),
      subject({ kind: "place", owner: 0, groups: [2] }),
      subject({ kind: "announcements" }),
      subject({ kind: "announcements" }),
      subject({ kind: "place", owner: 1, groups: [1] }),
      subject({ kind: "create", shape }),
      subject({ kind: "announcements" }),
      subject({ kind: "freeGpus" }),
    ];
    expect(JSON.parse(JSON.stringify(replies))).toEqual([
      { kind: "created" },
      { kind: "placed", groups: [[0, 1]], preempted: [], weakened: false },
      [["placed", 0, [[0, 1]]]],
      [],
      refusal("no-room"),
      { kind: "created" },
      [],
      [0, 1],
    ]);
  });

  it("throw when they are asked before there is a rack", () => {
    expect(() => gangSubject(createGangs)()({ kind: "owners" })).toThrow(SpecViolation);
  });
});
