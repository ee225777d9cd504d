import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { loadProperties } from "../catalogue.ts";
import { isCase } from "../given.ts";
import { play } from "../obligations.ts";
import type { Property } from "../property.ts";
import { DOCUMENT_SUBJECTS, type DocumentTrial, tryDocument } from "./index.ts";

let properties: readonly Property[] = [];
let trials: readonly DocumentTrial[] = [];
beforeAll(async () => {
  properties = await loadProperties(join(process.cwd(), "properties"));
  trials = tryDocument(DOCUMENT_SUBJECTS, properties);
});

const trialOf = (name: string) => trials.find((trial) => trial.name === name);
const propertyOf = (id: string) => properties.find((property) => property.id === id);

/** The replies of a subject to some calls in the words of a property. */
const replies = (name: string, id: string, ...calls: readonly unknown[]): readonly unknown[] => {
  const subject = DOCUMENT_SUBJECTS.find((one) => one.name === name);
  const answers = subject?.answersFor({ id, part: propertyOf(id)?.part ?? "" });
  if (answers === undefined) throw new RangeError(`${id} asks ${name} nothing`);
  return play(answers.create, calls);
};

describe.each(DOCUMENT_SUBJECTS.map((subject) => [subject.name, subject] as const))(
  "%s",
  (name, subject) => {
    it.each(subject.defects.map((defect) => [defect.does, defect] as const))(
      "%s",
      (does, { property, case: written }) => {
        const shown = trialOf(name)?.defects.find((defect) => defect.does === does);
        expect(shown?.property).toBe(property);
        const { given } = propertyOf(property) as Property;
        expect(written === undefined || isCase(given, written)).toBe(true);
      },
    );

    it("has every defect shown, and every thing missing accounted for", () => {
      const trial = trialOf(name);
      expect(trial?.notShown).toEqual([]);
      const asked = new Set(trial?.trials.flatMap(({ missing }) => missing.map((one) => one.what)));
      expect([...asked].toSorted()).toEqual(subject.absences.map(({ what }) => what).toSorted());
      expect(trial?.absences).toHaveLength(asked.size);
    });
  },
);

describe("the document's code, written afresh", () => {
  it("decodes Llama 70B as its comments say: 47.9 tokens a second in FP8 on an H100, 228.6 in FP4 on a B200", () => {
    const call = { profile: "document", model: "llama-70b" };
    const [h100, b200] = replies(
      "document/throughput",
      "CST-22",
      { ...call, gpu: "h100", weights: "fp8" },
      { ...call, gpu: "b200", weights: "fp4" },
    ) as readonly { readonly tokensPerSecond: number; readonly boundBy: string }[];
    expect(h100?.tokensPerSecond).toBeCloseTo(47.9, 1);
    expect(b200?.tokensPerSecond).toBeCloseTo(228.6, 1);
    expect(b200?.boundBy).toBe("memory");
  });

  it("keeps 356 sessions, as its comment says", () => {
    const call = { model: "llama-405b", weights: "fp4", kv: "fp8", tp: 8, gpus: 72 };
    expect(
      replies("document/capacity", "CST-24", { ...call, kvHeads: 8, contextTokens: 128_000 }),
    ).toEqual([{ sessions: 356 }]);
  });

  it("transfers a block in 2.9 µs", () => {
    const [, , sent] = replies(
      "document/transfer",
      "TRF-1",
      { kind: "create", profile: "document", tp: 1, blockBytes: 5_240_000, capacityBlocks: 2 },
      { kind: "store", worker: 0, block: 0 },
      { kind: "copy", block: 0, from: 0, to: 71 },
    );
    expect(sent).toMatchObject({ kind: "copied", ns: expect.closeTo(2911.1, 1) });
  });

  it("fills the nine domains with nine groups of 8, and has no room for a tenth", () => {
    const place = (owner: number) => ({ kind: "place", owner, groups: [8] });
    const placed = replies(
      "document/gang",
      "GNG-1",
      { kind: "create", shape: { gpus: 72, gpusPerDomain: 8, gpusPerSuperchip: 2 } },
      ...Array.from({ length: 10 }, (_, owner) => place(owner)),
    );
    expect(placed[1]).toMatchObject({ groups: [[0, 1, 2, 3, 4, 5, 6, 7]] });
    expect(placed[9]).toMatchObject({ groups: [[64, 65, 66, 67, 68, 69, 70, 71]] });
    expect(placed[10]).toEqual({ kind: "refused", because: "no-room" });
  });

  it("takes the emptiest domain for each group: pairs go to three different ones", () => {
    const placed = replies(
      "document/gang",
      "GNG-1",
      { kind: "create", shape: { gpus: 72, gpusPerDomain: 8, gpusPerSuperchip: 2 } },
      { kind: "place", owner: 0, groups: [2, 2, 2] },
    );
    const groups = [
      [0, 1],
      [8, 9],
      [16, 17],
    ];
    expect(placed[1]).toMatchObject({ groups });
  });

  it("promotes for the third different GPU, and not for the first one's third access", () => {
    const access = (gpu: number) => ({ kind: "access", gpu, block: 7, bytes: 1, tag: 0 });
    const told = replies(
      "document/tier",
      "TIR-1",
      { kind: "create", domainGpus: [0, 1, 2], capacityBytes: 10 },
      access(0),
      access(0),
      access(0),
      access(1),
      access(2),
      { kind: "read", block: 7 },
    );
    expect(told.slice(3)).toEqual([
      { kind: "counted", gpus: 1 },
      { kind: "counted", gpus: 2 },
      { kind: "promoted", evicted: [] },
      { kind: "hit", bytes: 1, tag: 0 },
    ]);
  });

  it("serves where most of a prompt is, and else on the least loaded GPU", () => {
    const candidate = (worker: number, overlapBlocks: number, loadBlocks: number) => ({
      ...{ worker, overlapBlocks, loadBlocks },
      ...{ distance: 0, activeRequests: 0, live: true },
    });
    const call = (...candidates: readonly unknown[]) => ({
      policy: { kind: "kv-aware", imbalanceBound: null },
      seed: 0,
      view: { candidates, promptBlocks: 3, number: 0 },
    });
    expect(
      replies(
        "document/router",
        "RTR-1",
        call(candidate(0, 1, 0), candidate(1, 3, 9)),
        call(candidate(0, 0, 5), candidate(1, 0, 2)),
      ),
    ).toEqual([
      { kind: "chosen", worker: 1 },
      { kind: "chosen", worker: 1 },
    ]);
  });

  it("saves 35 GB of Llama 70B in FP4 against FP8, and 105 against FP16", () => {
    const from = (format: string) => ({ model: "llama-70b", from: format, to: "fp4" });
    expect(replies("document/savings", "CST-12", from("fp8"), from("fp16"))).toEqual([35e9, 105e9]);
  });

  it("reduces 32 MB among eight GPUs in 31.1 µs within a domain, and twice that across", () => {
    const gpus = [0, 1, 2, 3, 4, 5, 6, 7];
    const [near, far] = replies(
      "document/all-reduce",
      "CST-25",
      { gpus, tp: 8, bytes: 32e6 },
      { gpus: gpus.map((gpu) => gpu * 9), tp: 8, bytes: 32e6 },
    ) as readonly { readonly seconds: number }[];
    expect(near?.seconds).toBeCloseTo(31.1e-6, 7);
    expect(far?.seconds).toBeCloseTo(62.2e-6, 7);
  });

  it("is tried to the same end each time", () => {
    expect(tryDocument(DOCUMENT_SUBJECTS, properties)).toEqual(trials);
  });
});
