// Past 250 lines: one faulty rack after the other, each cut down and read back in the same way.
import { beforeAll, describe, expect, it } from "vitest";
import { canonicalJson, type InputError, type Json, nanos } from "#base";
import { BlockPool, type Directory, DirectoryModel } from "#rack";
import { type Plan, type RackParts, readReplayOptions, referenceParts } from "#replay";
import { readTrace, type TraceRequest } from "#trace";
import { violationIn } from "./attempts.ts";
import {
  type PartsOf,
  playRunCase,
  type RunCase,
  readRunCase,
  runCaseJson,
  type ShrinkRunOptions,
  type ShrunkRun,
  shrinkRun,
} from "./index.ts";

const withParts =
  (broken: Partial<RackParts>): PartsOf =>
  (plan: Plan) => ({ ...referenceParts(plan), ...broken });

/** Forgets the release of whoever found `hits` blocks or more, and has more than `least` blocks of its own. */
const leaky = (hits: number, least: number): PartsOf => {
  class Leaky extends BlockPool {
    readonly #chosen = new Set<number>();

    override admit(request: number, blocks: Uint32Array, unnamed: number) {
      const answer = super.admit(request, blocks, unnamed);
      const isChosen = answer.kind === "admitted" && answer.hits >= hits && blocks.length > least;
      if (isChosen) this.#chosen.add(request);
      return answer;
    }

    override release(request: number) {
      return this.#chosen.delete(request) ? ({ kind: "done" } as const) : super.release(request);
    }
  }
  return withParts({ createPool: (capacity, events) => new Leaky(capacity, events) });
};

/** Forgets the last block of a run of more than 100. */
class Forgetful extends DirectoryModel {
  override storedRun(
    ...[worker, tier, blocks, count, firstId]: Parameters<Directory["storedRun"]>
  ) {
    const heard = count > 100 ? count - 1 : count;
    super.storedRun(worker, tier, blocks, heard, firstId);
    return count;
  }
}

const forgetful = withParts({ createDirectory: (shape) => new Forgetful(shape) });

const request = (given: Partial<TraceRequest>): TraceRequest => ({
  arrivalNs: nanos(0),
  inputTokens: 512,
  outputTokens: 1,
  blocks: new Uint32Array(),
  session: -1,
  turn: 0,
  delayNs: -1,
  priority: 0,
  model: -1,
  failed: false,
  extra: "",
  ...given,
});

const ONE_WORKER = { deploy: [{ model: "llama-405b", replicas: 1 }], calibration: "roofline" };

const shrink = (
  requests: readonly TraceRequest[],
  given: Readonly<Record<string, unknown>>,
  how: ShrinkRunOptions,
): ShrunkRun | undefined =>
  shrinkRun({ requests, blockTokens: 512, models: [] }, readReplayOptions(given), how);

const found = (run: ShrunkRun | undefined): ShrunkRun => {
  if (run === undefined) throw new Error("the run breaks");
  return run;
};

const breaks = (given: RunCase, partsOf: PartsOf): boolean =>
  violationIn(given, given.invariant, partsOf).found !== undefined;

/** Every case that has one request less. */
const smaller = (given: RunCase): readonly RunCase[] =>
  given.requests.map((_, place) => ({ ...given, requests: given.requests.toSpliced(place, 1) }));

const trace: TraceRequest[] = [];
beforeAll(async () => {
  const how = { format: "auto", skipBadRows: false, reorder: false } as const;
  await readTrace("traces/conversation-1k.jsonl", how, {
    request: (row) => trace.push(row),
    reject: ({ message }) => expect.fail(message),
  });
});

describe("shrinkRun", () => {
  it("cuts a thousand requests to the two that a leaking pool needs", () => {
    const partsOf = leaky(6, 40);
    const run = found(shrink(trace, ONE_WORKER, { partsOf }));
    expect(run).toMatchObject({ requestsBefore: 1000, isMinimal: true });
    expect(run.replays).toBeLessThan(200);
    // One that leaves six blocks behind, and one that finds them and is long enough.
    const prompts = run.case.requests.map(({ inputTokens, outputTokens }) => [
      Math.ceil(inputTokens / 512),
      outputTokens,
    ]);
    expect(prompts).toEqual([
      [6, 1],
      [41, 1],
    ]);
    expect(breaks(run.case, partsOf)).toBe(true);
    expect(smaller(run.case).filter((less) => breaks(less, partsOf))).toEqual([]);
  });

  it("cuts a thousand requests to the one whose last block a directory forgets", () => {
    const { case: small } = found(shrink(trace, ONE_WORKER, { partsOf: forgetful }));
    expect(small).toMatchObject({ invariant: "RUN-6", requests: [{ inputTokens: 101 * 512 }] });
    expect(small.requests[0]?.blocks).toEqual(Uint32Array.from({ length: 101 }, (_, at) => at));
  });

  it("keeps to the invariant that is asked for, also where another one is violated first", () => {
    const partsOf = leaky(0, 1);
    const rows = [0, 1, 2].map((place) =>
      request({
        arrivalNs: nanos(place * 1e9),
        inputTokens: 1024,
        blocks: Uint32Array.from([2 * place, 2 * place + 1]),
      }),
    );
    const first = found(shrink(rows, ONE_WORKER, { partsOf }));
    expect(first.case).toMatchObject({ invariant: "RUN-8", requests: [{ inputTokens: 1024 }] });
    const named = found(shrink(rows, ONE_WORKER, { partsOf, invariant: "RUN-10" }));
    expect(named.case).toMatchObject({ invariant: "RUN-10", requests: [{ inputTokens: 1024 }] });
    expect(shrink(rows, ONE_WORKER, { partsOf, invariant: "RUN-2" })).toBeUndefined();
  });

  it("finds nothing in a run that violates nothing, whatever it watches", () => {
    expect(shrink([], {}, {})).toBeUndefined();
    expect(shrink(trace.slice(0, 50), { checks: "none" }, {})).toBeUndefined();
  });

  it("tells when requests are sent by themselves, and drops faults that are not needed", () => {
    const rows = trace.slice(0, 40);
    const given = {
      load: { mode: "poisson", rate_per_s: 5 },
      seed: 7,
      faults: [{ kind: "slow", at_ns: 0, until_ns: 1e9, link: "rack", factor: 0.5 }],
      checks: "none",
    };
    const { case: small } = found(shrink(rows, given, { partsOf: leaky(0, 30) }));
    expect(small.requests).toMatchObject([{ arrivalNs: 0, inputTokens: 31 * 512 }]);
    expect(small.options).toMatchObject({
      faults: [],
      load: { mode: "trace", rate_per_s: null },
      seed: null,
    });
  });

  it("takes conversations apart, and numbers what is left of them anew", () => {
    const turn = (place: number, session: number): TraceRequest =>
      request({
        arrivalNs: nanos(place * 1e9),
        inputTokens: 1024,
        blocks: Uint32Array.from([7 * session, 7 * session + 1]),
        session,
        turn: Math.floor(place / 3),
        delayNs: place < 3 ? -1 : 1e6,
      });
    const rows = Array.from({ length: 9 }, (_, place) => turn(place, place % 3));
    const { case: small } = found(shrink(rows, ONE_WORKER, { partsOf: leaky(2, 1) }));
    expect(small.requests).toMatchObject([
      { session: -1, turn: 0, delayNs: -1, blocks: Uint32Array.from([0, 1]) },
      { session: -1, turn: 0, delayNs: -1, blocks: Uint32Array.from([0, 1]) },
    ]);
  });

  it("gives the same for the same, and says when its budget ran out", () => {
    const cut = (budget: number): ShrunkRun =>
      found(shrink(trace.slice(0, 100), {}, { partsOf: leaky(0, 30), budget }));
    const short = cut(1);
    expect(short).toMatchObject({ replays: 1, isMinimal: false });
    expect(cut(1_000)).toEqual(cut(1_000));
    expect(cut(1_000).case.requests.length).toBeLessThan(short.requestsBefore);
  });

  it("refuses options that describe no run before it runs anything", () => {
    expect(() => shrink([], { profile: "no such rack" }, {})).toThrow("SPEC-1");
  });
});

describe("a case of a run", () => {
  const caseOf = (requests: readonly TraceRequest[]): RunCase => ({
    kind: "run",
    invariant: "RUN-8",
    found: { id: "RUN-8", at_ns: 5, request: 0, found: 1 },
    options: readReplayOptions(ONE_WORKER),
    blockTokens: 512,
    models: [],
    requests,
  });

  it("comes back from JSON as it went, and plays the same", () => {
    const json = runCaseJson(caseOf([request({ session: 3, turn: 1 })]));
    const again = readRunCase(JSON.parse(JSON.stringify(json)));
    expect(runCaseJson(again)).toEqual(json);
    expect(canonicalJson((json as { readonly requests: Json }).requests)).toBe(
      '[{"arrival_ns":0,"blocks":[],"input_tokens":512,"output_tokens":1,"session":3,"turn":1}]',
    );
  });

  it("is played to its end, or until what is broken stops it", () => {
    const rows = [0, 1, 2].map((place) =>
      request({ arrivalNs: nanos(place * 1e9), blocks: Uint32Array.from([place]) }),
    );
    const healthy = playRunCase(caseOf(rows));
    expect([healthy.violation, healthy.rows.length, healthy.brokeOff]).toEqual([
      undefined,
      3,
      undefined,
    ]);
    /** Leaks once, and cannot go on after that. */
    class Crashing extends BlockPool {
      #hasLeaked = false;

      override admit(...given: Parameters<BlockPool["admit"]>) {
        if (this.#hasLeaked) throw new Error("nothing fits any more");
        return super.admit(...given);
      }

      override release() {
        this.#hasLeaked = true;
        return { kind: "done" } as const;
      }
    }
    const crashing = withParts({
      createPool: (capacity, events) => new Crashing(capacity, events),
    });
    const played = playRunCase(caseOf(rows), crashing);
    expect(played).toMatchObject({
      violation: { id: "RUN-8" },
      brokeOff: "nothing fits any more",
    });
    expect(played.rows.map(({ outcome }) => outcome)).toEqual(["completed"]);
  });

  it("is read with everything that is wrong with it named", () => {
    const faults = (json: unknown): readonly string[] => {
      try {
        readRunCase(json, "case.json");
      } catch (thrown) {
        return (thrown as InputError).issues.map(({ code, message }) => `${message} [${code}]`);
      }
      return [];
    };
    const json = runCaseJson(caseOf([])) as Readonly<Record<string, Json>>;
    const bad = { arrival_ns: -1, output_tokens: 1.5, blocks: [0, 0], colour: "red" };
    expect(
      faults({ ...json, requests: [bad, 7, { ...bad, model: 0, blocks: 3 }] }),
    ).toMatchInlineSnapshot(`
      [
        "requests[0].arrival_ns must be a whole number of 0 … 9007199254740991, found -1 [VERIFY-1]",
        "requests[0].input_tokens must be a whole number of 0 … 4294967295, found nothing [VERIFY-1]",
        "requests[0].output_tokens must be a whole number of 0 … 4294967295, found 1.5 [VERIFY-1]",
        "requests[0].blocks must name prefixes, each once and always behind the same one, found 0 [VERIFY-1]",
        "a field of requests[0] must be a known one, found "colour" [VERIFY-1]",
        "requests[1] must be an object, found 7 [VERIFY-1]",
        "requests[2].arrival_ns must be a whole number of 0 … 9007199254740991, found -1 [VERIFY-1]",
        "requests[2].input_tokens must be a whole number of 0 … 4294967295, found nothing [VERIFY-1]",
        "requests[2].output_tokens must be a whole number of 0 … 4294967295, found 1.5 [VERIFY-1]",
        "requests[2].blocks must be a list, found 3 [VERIFY-1]",
        "a field of requests[2] must be a known one, found "colour" [VERIFY-1]",
        "requests[2].model must be one of the 0 of models, found 0 [VERIFY-1]",
      ]
    `);
    expect(
      faults({ kind: "walk", invariant: "RUN-0", found: {}, block_tokens: 0, models: 1 }),
    ).toMatchInlineSnapshot(`
      [
        "kind must be "run", found "walk" [VERIFY-1]",
        "invariant must be the id of one, found "RUN-0" [VERIFY-1]",
        "found must be a violation of it, found {} [VERIFY-1]",
        "block_tokens must be a whole number of 1 … 1048576, or null, found 0 [VERIFY-1]",
        "models must be a list of names, found 1 [VERIFY-1]",
        "requests must be a list, found nothing [VERIFY-1]",
      ]
    `);
    const order = [1, 0].map((at) => ({ arrival_ns: at, input_tokens: 1, output_tokens: 1 }));
    const named = order.map((row, at) => ({ ...row, blocks: at === 0 ? [5, 6] : [7, 6] }));
    expect(faults({ ...json, block_tokens: null, requests: named })).toMatchInlineSnapshot(`
      [
        "requests[0].blocks must be empty without block_tokens, found [5,6] [VERIFY-1]",
        "requests[1].blocks must name prefixes, each once and always behind the same one, found 6 [VERIFY-1]",
        "requests[1] must not arrive before the one before, found 0 [VERIFY-1]",
        "requests[1].blocks must be empty without block_tokens, found [7,6] [VERIFY-1]",
      ]
    `);
    expect([
      faults(null),
      faults([]),
      faults({ ...json, options: { tp: 8 } }),
    ]).toMatchInlineSnapshot(`
      [
        [
          "a case of a run must be an object, found null [VERIFY-1]",
        ],
        [
          "a case of a run must be an object, found [] [VERIFY-1]",
        ],
        [
          "a field of options must be one of slo, load, seed, deploy, faults, checks, policy, abandon, profile, oversized, preemption, calibration, remote_hits, block_tokens, deadline_ns, on_violation, max_num_seqs, event_delay_ns, step_overhead_ns, ttft_deadline_ns, max_num_batched_tokens, found "tp" [REPLAY-1]",
        ],
      ]
    `);
  });
});
