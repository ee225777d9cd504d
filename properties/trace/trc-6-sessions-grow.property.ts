import fc from "fast-check";
import { type Finding, finding, property, values } from "#verify";
import { breaking, generator, type Order, type Row } from "./gen-rows.ts";

const BLOCK_TOKENS = 512;

/** What is wrong between a session's turn and the one before it. */
const faultOf = (previous: Row, row: Row): string | undefined => {
  if (row.turn !== previous.turn + 1) return `turn ${row.turn} after turn ${previous.turn}`;
  const before = previous.input_tokens + previous.output_tokens;
  if (row.input_tokens <= before) return `${row.input_tokens} tokens after ${before}`;
  if (row.delay_ns < 0) return "a turn without a delay";
  if (row.arrival_ns < previous.arrival_ns + row.delay_ns) return "a turn before its delay is over";
  const full = previous.blocks.slice(0, Math.floor(previous.input_tokens / BLOCK_TOKENS));
  const at = full.findIndex((block, place) => row.blocks[place] !== block);
  return at < 0 ? undefined : `block ${at} is not the one of the turn before`;
};

const firstFault = (rows: readonly Row[]): Finding | undefined => {
  const latest = new Map<number, Row>();
  for (const [at, row] of rows.entries()) {
    const previous = latest.get(row.session);
    if (previous === undefined) {
      if (row.session !== latest.size)
        return finding(at, latest.size, row.session, "session number");
      if (row.turn !== 0) return finding(at, 0, row.turn, "first turn");
    } else {
      const fault = faultOf(previous, row);
      if (fault !== undefined) return finding(at, "a turn that goes on from the one before", fault);
    }
    latest.set(row.session, row);
  }
  return undefined;
};

export default property<Order, Order, readonly Row[]>({
  id: "TRC-6",
  part: "trace",
  statement:
    "a session's turn is the whole prompt before it, its answer and something new: it extends the full blocks of the turn before, and comes after its delay",
  given: values(
    fc.record({
      shape: fc.constant("sessions" as const),
      seed: fc.nat({ max: 1000 }),
      requests: fc.integer({ min: 1, max: 60 }),
    }),
  ),
  subject: generator,
  scripts: (order) => [[order]],
  holds: (_, [[rows = []] = []]) => firstFault(rows),

  witnesses: {
    "a session of three turns or more": (_, [[rows = []] = []]) =>
      rows.some(({ turn }) => turn >= 2),
    "two sessions whose turns take turns": (_, [[rows = []] = []]) =>
      rows.some((row, at) => row.turn > 0 && rows[at - 1]?.session !== row.session),
  },

  mutants: {
    "forgets the answer": breaking((rows) =>
      rows.map((row) => (row.turn > 0 ? { ...row, input_tokens: row.input_tokens - 400 } : row)),
    ),
    "sends only the new turn": breaking((rows) =>
      rows.map((row) => (row.turn > 0 ? { ...row, blocks: row.blocks.slice(-1) } : row)),
    ),
    "goes on from another session's prompt": breaking((rows) =>
      rows.map((row, at) =>
        row.turn > 0 ? { ...row, blocks: rows[at - 1]?.blocks ?? row.blocks } : row,
      ),
    ),
    "counts the turns of all sessions together": breaking((rows) =>
      rows.map((row, at) => ({ ...row, turn: at })),
    ),
    "does not wait": breaking((rows) =>
      rows.map((row) =>
        row.turn > 0 ? { ...row, arrival_ns: row.arrival_ns - row.delay_ns - 4e10 } : row,
      ),
    ),
  },
});
