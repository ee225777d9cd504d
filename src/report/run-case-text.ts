import { canonicalJson, type Json } from "#base";
import { INVARIANTS, type RequestRow } from "#replay";
import type { PlayedRun, RunCase } from "#verify";
import { printable } from "./printable.ts";
import { showCount, showDuration } from "./show.ts";
import { type Table, table } from "./table.ts";
import { textTable } from "./text-table.ts";

/** How many stretches of blocks are shown of one prompt. */
const STRETCHES_MAX = 4;

/** `0–2, 7`: blocks that count up are one stretch. */
const blocksText = (blocks: Uint32Array): string => {
  const stretches: [from: number, to: number][] = [];
  for (const block of blocks) {
    const last = stretches.at(-1);
    if (last !== undefined && last[1] + 1 === block) last[1] = block;
    else stretches.push([block, block]);
  }
  const texts = stretches.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`));
  const rest = texts.length > STRETCHES_MAX ? `, … ${showCount(blocks.length)} in all` : "";
  return texts.length === 0 ? "–" : `${texts.slice(0, STRETCHES_MAX).join(", ")}${rest}`;
};

const times = (count: number): string => (count === 1 ? "once" : `${showCount(count)} times`);

/** What a request met, in the order in which it meets it. */
const happened = (row: RequestRow): string => {
  const { outcome, reason, blocks, localBlocks, switchBlocks, fetchedBlocks } = row;
  const found = localBlocks + switchBlocks + fetchedBlocks;
  const fetched = fetchedBlocks > 0 ? `, ${showCount(fetchedBlocks)} of them fetched` : "";
  return [
    ...(found > 0 ? [`${showCount(found)} of ${showCount(blocks)} blocks found${fetched}`] : []),
    ...(row.preemptions > 0 ? [`preempted ${times(row.preemptions)}`] : []),
    ...(row.restarts > 0 ? [`sent again ${times(row.restarts)}`] : []),
    `${outcome}${reason === "" ? "" : ` (${reason})`} at ${showDuration(row.endNs)}`,
  ].join(", ");
};

const workerText = ({ worker, decodeWorker }: RequestRow): string | null => {
  if (worker < 0) return null;
  return decodeWorker < 0 || decodeWorker === worker ? `${worker}` : `${worker}, ${decodeWorker}`;
};

/** The requests of a case and what became of them, one a row. */
const storyTable = ({ requests }: RunCase, { rows, brokeOff }: PlayedRun): Table => {
  const ended = new Map(rows.map((row) => [row.request, row]));
  const unfinished = brokeOff === undefined ? "has not ended" : "was under way";
  return table({
    columns: [
      { name: "request", title: "Request", align: "right", show: showCount },
      { name: "arrival_ns", title: "Arrives", align: "right", show: showDuration },
      { name: "input_tokens", title: "In", align: "right", show: showCount },
      { name: "output_tokens", title: "Out", align: "right", show: showCount },
      { name: "blocks", title: "Blocks" },
      { name: "session", title: "Session", align: "right", show: showCount },
      { name: "worker", title: "Worker", align: "right" },
      { name: "happened", title: "What happened" },
    ],
    rows: requests.map((request, place) => {
      const row = ended.get(place);
      return {
        request: place,
        arrival_ns: row?.arrivalNs ?? request.arrivalNs,
        input_tokens: request.inputTokens,
        output_tokens: request.outputTokens,
        blocks: blocksText(request.blocks),
        session: request.session < 0 ? null : request.session,
        worker: row === undefined ? null : workerText(row),
        happened: row === undefined ? unfinished : happened(row),
      };
    }),
    empty: "It has no request.",
  });
};

/** What the requests met: `llama-405b/fp4/fp8/tp8, kv-aware:bound=2, blocks of 512 tokens`. */
const rackText = ({ options, blockTokens }: RunCase): string => {
  const { deploy, policy, block_tokens, faults } = options;
  const size = block_tokens ?? blockTokens;
  return [
    ...deploy.map(
      ({ model, weight_format, kv_format, tp, role }) =>
        `${model}/${weight_format}/${kv_format}/tp${tp}${role === "both" ? "" : ` for ${role}`}`,
    ),
    policy,
    ...(size === null ? [] : [`blocks of ${showCount(size)} tokens`]),
    ...faults.map((fault) => canonicalJson(fault as unknown as Json)),
  ].join(", ");
};

/** A case of a run as a story: what is violated, on what, by which requests, and what became of each. */
export const runCaseText = (given: RunCase, played: PlayedRun): string => {
  const { invariant } = given;
  const { violation, brokeOff } = played;
  const verdict =
    violation === undefined
      ? [`${invariant} holds: ${INVARIANTS[invariant]}`]
      : [
          `${invariant} is violated: ${INVARIANTS[invariant]}`,
          `first at ${showDuration(violation.at_ns)}, when request ${showCount(violation.request)} was last heard of, off by ${showCount(violation.found)}`,
        ];
  return [
    ...verdict.map((text) => `${text}\n`),
    `\n${printable(rackText(given))}\n\n`,
    textTable(storyTable(given, played)),
    brokeOff === undefined ? "" : `\nThe run could not go on after that: ${printable(brokeOff)}\n`,
  ].join("");
};
