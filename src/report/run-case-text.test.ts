import { expect, it } from "vitest";
import { nanos } from "#base";
import { type RequestRow, readReplayOptions } from "#replay";
import type { TraceRequest } from "#trace";
import type { RunCase } from "#verify";
import { runCaseText } from "./run-case-text.ts";

const request = (arrivalNs: number, blocks: readonly number[], session = -1): TraceRequest => ({
  arrivalNs: nanos(arrivalNs),
  inputTokens: blocks.length * 512,
  outputTokens: 40,
  blocks: Uint32Array.from(blocks),
  session,
  turn: 0,
  delayNs: -1,
  priority: 0,
  model: -1,
  failed: false,
  extra: "",
});

const row = (place: number, given: Partial<RequestRow>): RequestRow => ({
  request: place,
  outcome: "completed",
  reason: "",
  deployment: 0,
  worker: 8,
  decodeWorker: 8,
  arrivalNs: place * 1000,
  enqueueNs: 0,
  startNs: 0,
  firstTokenNs: 0,
  transferNs: -1,
  transferredNs: -1,
  endNs: 5e6,
  inputTokens: 0,
  outputTokens: 0,
  blocks: 9,
  localBlocks: 0,
  switchBlocks: 0,
  fetchedBlocks: 0,
  fetchedFrom: 0,
  computedTokens: 0,
  preemptions: 0,
  restarts: 0,
  ...given,
});

const CASE: RunCase = {
  kind: "run",
  invariant: "RUN-5",
  found: { id: "RUN-5", at_ns: 7e6, request: 2, found: -1 },
  options: readReplayOptions({
    deploy: [
      { model: "llama-405b", role: "prefill" },
      { model: "llama-405b", role: "decode", replicas: 2 },
    ],
    faults: [{ kind: "lose", at_ns: 5, what: { gpu: 3 } }],
  }),
  blockTokens: 512,
  models: [],
  requests: [
    request(0, [0, 1, 2, 5]),
    request(1000, [0, 2, 4, 6, 8, 10, 11], 0),
    request(2000, [], 0),
  ],
};

it("tells what is violated, on what, and what each request met", () => {
  const rows = [
    row(1, { decodeWorker: 16, localBlocks: 2, fetchedBlocks: 3, preemptions: 1, restarts: 2 }),
    row(0, { outcome: "failed", reason: "no live worker", worker: -1, decodeWorker: -1 }),
  ];
  const violation = CASE.found;
  expect(
    runCaseText(CASE, { violation, rows, brokeOff: "a rule, found \u001b[1m" }),
  ).toMatchInlineSnapshot(`
    "RUN-5 is violated: the directory lists exactly what the pools hold readable, but for the events on their way to it
    first at 7.0 ms, when request 2 was last heard of, off by -1

    llama-405b/fp4/fp8/tp8 for prefill, llama-405b/fp4/fp8/tp8 for decode, kv-aware:bound=2, blocks of 512 tokens, {"at_ns":5,"back_ns":null,"kind":"lose","what":{"gpu":3}}

    Request  Arrives     In  Out  Blocks                  Session  Worker  What happened
    ───────  ───────  ─────  ───  ──────────────────────  ───────  ──────  ───────────────────────────────────────────────────────────────────────────────────────────────
          0     0 ns  2,048   40  0–2, 5                        –       –  failed (no live worker) at 5.0 ms
          1   1.0 µs  3,584   40  0, 2, 4, 6, … 7 in all        0   8, 16  5 of 9 blocks found, 3 of them fetched, preempted once, sent again 2 times, completed at 5.0 ms
          2   2.0 µs      0   40  –                             0       –  was under way

    The run could not go on after that: a rule, found \\u001b[1m
    "
  `);
});

it("tells that it holds", () => {
  const told = runCaseText(
    { ...CASE, requests: [] },
    { violation: undefined, rows: [], brokeOff: undefined },
  );
  expect(told.split("\n").slice(0, 1)).toMatchInlineSnapshot(`
    [
      "RUN-5 holds: the directory lists exactly what the pools hold readable, but for the events on their way to it",
    ]
  `);
  expect(told).toMatch(/\n\nIt has no request.\n$/);
});
