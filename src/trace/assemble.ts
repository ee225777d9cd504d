import type { Nanos } from "#base";
import type { BlockId } from "./blocks/id-list.ts";
import type { Row } from "./formats/row.ts";
import type { FormatRules } from "./formats/rules.ts";
import { createNames } from "./names.ts";
import type { Faults } from "./reading/faults.ts";
import type { TraceRequest } from "./request.ts";
import { createPrompts, createSessions, type Session } from "./sessions.ts";
import { createTimeline, type Start, type TimelineRules } from "./timeline.ts";

/** How a trace's rows become requests. */
export type Assembly = TimelineRules & {
  readonly conventions: FormatRules["conventions"];
  /** The source's id for the id that a row has. */
  nameOf(id: BlockId): BlockId;
};

/** What became of a file's lines. */
export type TraceCounts = {
  readonly requests: number;
  /** Lines with at least one fault; passed over on request. */
  readonly rejectedRows: number;
  /** Sound rows outside the window. */
  readonly outsideWindow: number;
  /** Sound lines that are other events than a request's. */
  readonly otherLines: number;
  /** Sound rows that arrive before one that stands above them in the file. */
  readonly outOfOrder: number;
};

/** Takes a file's sound rows in turn, and knows afterwards what was in them. */
export type Assembler = {
  take(row: Row): void;
  counts(): Pick<TraceCounts, "requests" | "outsideWindow" | "outOfOrder">;
  start(): Start | null;
  readonly models: readonly string[];
  readonly sessions: readonly string[];
  hasSessions(): boolean;
  blockIds(): BigUint64Array;
};

/** Starts a trace. `keep` is given each request; faults that only the rows above make are named in `faults`. */
export const createAssembler = (
  assembly: Assembly,
  faults: Faults,
  keep: (request: TraceRequest) => void,
): Assembler => {
  const { conventions } = assembly;
  const timeline = createTimeline(assembly, faults);
  const prompts = createPrompts(conventions, assembly.nameOf);
  const sessions = createSessions();
  const sessionNames = createNames();
  const modelNames = createNames();
  let requests = 0;

  /** The session when it was begun. Asking begins none. */
  const known = (name: string | null): Session | null =>
    name === null ? null : sessions.find(name);
  const sessionOf = (name: string | null): Session | null => {
    if (name === null) return null;
    if (conventions.sessionRows === null) {
      const must = "sessionRows must say whether a session's later row is whole or a delta";
      faults.file("TRACE-16", `${must}, found a session and nothing said`, faults.line);
    }
    return sessions.of(name);
  };
  /** The tokens of the whole prompt; −1 with a fault. Asking begins no session. */
  const inputTokensOf = (row: Row): number => {
    const tokens = prompts.tokensOf(row, known(row.session));
    if (tokens < 0) {
      const must = `a row must name a block for each ${conventions.blockTokens} of its ${row.inputTokens} tokens`;
      faults.row("TRACE-17", `${must}, found ${row.ids.length}`);
    } else if (tokens > prompts.tokensMax) {
      const must = `a joined prompt must be at most ${prompts.tokensMax} tokens`;
      faults.row("TRACE-1", `${must}, found ${tokens}`);
      return -1;
    }
    return tokens;
  };
  const request = (
    row: Row,
    arrivalNs: number,
    inputTokens: number,
    session: Session | null,
  ): TraceRequest => {
    const counted = session === null ? 0 : session.kept;
    const turn = row.turn < 0 ? counted : row.turn;
    if (session !== null) session.kept += 1;
    return {
      arrivalNs: arrivalNs as Nanos,
      inputTokens,
      outputTokens: row.outputTokens,
      blocks: prompts.blocks(row, session),
      session: sessionNames.numberOf(row.session),
      turn,
      // A counted first turn has none before it that it could wait for.
      delayNs: row.turn < 0 && turn === 0 ? -1 : row.delayNs,
      priority: row.priority,
      model: modelNames.numberOf(row.model),
      failed: row.failed,
      extra: row.extra,
    };
  };
  return {
    take(row) {
      const at = timeline.instantOf(row, known(row.session)?.last ?? null);
      if (at === null || !timeline.isInOrder(row, at)) return;
      const inputTokens = inputTokensOf(row);
      if (inputTokens < 0) return;
      // Only now is anything remembered: a faulty row leaves nothing behind.
      row.remember?.();
      const session = sessionOf(row.session);
      prompts.add(row, session);
      if (session !== null) session.last = at;
      const arrivalNs = timeline.offsetOf(row, at);
      if (arrivalNs < 0) return;
      requests += 1;
      keep(request(row, arrivalNs, inputTokens, session));
    },
    counts: () => ({ requests, ...timeline.counts() }),
    start: timeline.start,
    models: modelNames.names,
    sessions: sessionNames.names,
    hasSessions: () => sessions.size() > 0,
    blockIds: prompts.blockIds,
  };
};
