import type { Judged } from "./audit.ts";

/** A claim of which the audit does not say what is recorded. */
export type Change = {
  readonly judged: Judged;
  /** `consistent`, `inconsistent (unit)`: as recorded and as found; or what is wrong with its route. */
  readonly recorded: string;
  readonly found: string;
};

const said = (verdict: string, cause: string): string =>
  cause === "" ? verdict : `${verdict} (${cause})`;

/**
 * The claims whose verdict or cause is not the recorded one, and those whose route does not give the stated figure. One that nobody has
 * recorded a verdict for is taken for sound.
 */
export const changesOf = (judged: readonly Judged[]): readonly Change[] =>
  judged.flatMap((one): readonly Change[] => {
    const { claim, verdict, cause, isReconstructed } = one;
    const found = said(verdict, cause ?? "");
    const isNew = claim.verdict === "";
    if (isNew && verdict === "inconsistent") return [{ judged: one, recorded: "nothing", found }];
    const recorded = isNew ? found : said(claim.verdict, claim.cause);
    if (recorded !== found) return [{ judged: one, recorded, found }];
    if (isReconstructed !== false) return [];
    return [{ judged: one, recorded: "a route to the figure", found: "the route gives another" }];
  });
