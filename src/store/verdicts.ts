import { assert } from "#base";
import type { Connection } from "./connection.ts";

/** What became of proving a property: `unproven` held but met too little or caught too little; `unknown` could not be tried. */
export type Verdict = "holds" | "broken" | "unproven" | "unknown";

/** A property's verdict and what it rests on. Holds no time: the same proof gives the same record. */
export type VerdictRecord = {
  /** The property's id. */
  readonly id: string;
  readonly part: string;
  readonly statement: string;
  readonly seed: number;
  /** How hard was tried, by name. */
  readonly profile: string;
  readonly casesAsked: number;
  readonly casesDone: number;
  /** Of the small scope: how many histories were done, and whether those were all. */
  readonly small: { readonly done: number; readonly complete: boolean };
  readonly witnesses: readonly {
    readonly name: string;
    readonly count: number;
    readonly minimum: number;
  }[];
  readonly mutants: readonly {
    readonly name: string;
    readonly caught: boolean;
    readonly cases: number;
  }[];
  readonly verdict: Verdict;
};

/** Keeps the verdicts on properties. */
export type VerdictShelf = {
  /**
   * Keeps all of the verdicts or none. A `SpecViolation` for one that says `holds` with fewer cases done than asked, a witness below its
   * minimum or a mutant not caught.
   */
  saveVerdicts(batch: readonly VerdictRecord[]): void;
  /** The latest verdict on each property, by property id. Earlier ones stay in the database. */
  verdicts(): readonly VerdictRecord[];
};

type Row = {
  readonly verdict_id: number;
  readonly property_id: string;
  readonly part: string;
  readonly statement: string;
  readonly seed: number;
  readonly profile: string;
  readonly cases_asked: number;
  readonly cases_done: number;
  readonly small_done: number;
  readonly small_complete: number;
  readonly verdict: Verdict;
};

const isEarned = ({ casesAsked, casesDone, witnesses, mutants }: VerdictRecord): boolean =>
  casesDone >= casesAsked &&
  witnesses.every(({ count, minimum }) => count >= minimum) &&
  mutants.every(({ caught }) => caught);

const insert = ({ db }: Connection, record: VerdictRecord): void => {
  assert(
    record.verdict !== "holds" || isEarned(record),
    "a property holds when its cases were done, its witnesses came up and its mutants were caught",
    record.id,
  );
  const { lastInsertRowid: verdictId } = db
    .prepare(
      `INSERT INTO verdicts (property_id, part, statement, seed, profile, cases_asked, cases_done,
        small_done, small_complete, verdict) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      record.id,
      record.part,
      record.statement,
      record.seed,
      record.profile,
      record.casesAsked,
      record.casesDone,
      record.small.done,
      Number(record.small.complete),
      record.verdict,
    );
  const witness = db.prepare("INSERT INTO verdict_witnesses VALUES (?, ?, ?, ?, ?)");
  for (const [position, { name, count, minimum }] of record.witnesses.entries()) {
    witness.run(verdictId, position, name, count, minimum);
  }
  const mutant = db.prepare("INSERT INTO verdict_mutants VALUES (?, ?, ?, ?, ?)");
  for (const [position, { name, caught, cases }] of record.mutants.entries()) {
    mutant.run(verdictId, position, name, Number(caught), cases);
  }
};

const fromRow = ({ db }: Connection, row: Row): VerdictRecord => ({
  id: row.property_id,
  part: row.part,
  statement: row.statement,
  seed: row.seed,
  profile: row.profile,
  casesAsked: row.cases_asked,
  casesDone: row.cases_done,
  small: { done: row.small_done, complete: row.small_complete === 1 },
  witnesses: db
    .prepare<[number], VerdictRecord["witnesses"][number]>(
      `SELECT name, count, minimum FROM verdict_witnesses WHERE verdict_id = ? ORDER BY position`,
    )
    .all(row.verdict_id),
  mutants: db
    .prepare<[number], { name: string; caught: number; cases: number }>(
      `SELECT name, caught, cases FROM verdict_mutants WHERE verdict_id = ? ORDER BY position`,
    )
    .all(row.verdict_id)
    .map((mutant) => ({ ...mutant, caught: mutant.caught === 1 })),
  verdict: row.verdict,
});

/** The shelf of verdicts of a database. */
export const verdictShelf = (connection: Connection): VerdictShelf => ({
  saveVerdicts: (batch) =>
    connection.write(() => {
      for (const record of batch) insert(connection, record);
    }),
  verdicts: () =>
    connection.read(() =>
      connection.db
        .prepare<[], Row>("SELECT * FROM verdicts_latest ORDER BY property_id")
        .all()
        .map((row) => fromRow(connection, row)),
    ),
});
