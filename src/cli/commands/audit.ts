import { InputError, type Json, shown } from "#base";
import {
  auditClaims,
  type Change,
  changesOf,
  explain,
  FUNCTIONS,
  type Judged,
  prepare,
  tablesOf,
  VERDICTS,
} from "#claims";
import {
  type AuditResult,
  auditCsv,
  auditPage,
  auditText,
  changesText,
  claimsText,
  explanationText,
  table,
} from "#report";
import { figures, type Reference, supposed, withFigures } from "#spec";
import { command, flag, nothing, option, optionMany, optionOr } from "../command.ts";
import { besideTheDocument, claimsOf, documentClaims, referenceNamed } from "../document.ts";
import { EXIT } from "../exit.ts";
import { type Kind, oneOf, text } from "../kinds.ts";
import { didYouMean } from "../parse.ts";
import { printJson, printRows } from "../print.ts";
import type { World } from "../world.ts";

/** `b200.hbm_bytes=186e9` */
const setting: Kind<{ readonly address: string; readonly value: number | string }> = {
  placeholder: "ADDRESS=VALUE",
  must: "be an address and a value, such as b200.hbm_bytes=186e9",
  read(found) {
    const [, address, value] = /^([^=\s]+)=(\S+)$/.exec(found) ?? [];
    if (address === undefined || value === undefined) return undefined;
    const number = Number(value);
    return { address, value: Number.isFinite(number) ? number : value };
  },
};

const jsonOf = ({ claim, ...one }: Judged): Json => {
  const { id, section, place, states, unit, kind, formula, because } = claim;
  const { stated, computed, relativeError, verdict, cause, inherits, corrected } = one;
  return {
    id,
    section,
    place,
    states,
    stated,
    unit,
    kind,
    formula,
    computed,
    relative_error: relativeError,
    verdict,
    cause,
    inherits,
    corrected,
    because,
  };
};

const functionTable = () =>
  table({
    columns: [
      { name: "call", title: "Function" },
      { name: "unit", title: "Gives" },
      { name: "about", title: "What it is" },
    ],
    rows: FUNCTIONS.map(({ name, takes, unit, about }) => ({
      call: `${name}(${takes.join(", ")})`,
      unit: unit || null,
      about,
    })),
    empty: "There is no function.",
  });

const figureTable = (reference: Reference) =>
  table({
    columns: [
      { name: "address", title: "Figure" },
      { name: "value", title: "Value", align: "right", show: String },
      { name: "kind", title: "Given by" },
      { name: "where", title: "Where" },
    ],
    rows: figures(reference).map(({ address, fact }) => ({
      address,
      value: typeof fact.value === "number" ? fact.value : String(fact.value),
      kind: fact.source.kind,
      where: fact.source.where,
    })),
    empty: "There is no figure.",
  });

/** What is printed of an audit, and in which form. */
type Wanted = {
  readonly json: boolean;
  readonly csv: boolean;
  readonly markdown: boolean;
  readonly only: Judged["verdict"] | undefined;
};

const print = (
  world: World,
  wanted: Wanted,
  all: AuditResult,
  changes: readonly Change[],
  isWhatIf: boolean,
): void => {
  const judged =
    wanted.only === undefined
      ? all.judged
      : all.judged.filter(({ verdict }) => verdict === wanted.only);
  if (wanted.json) printJson(world, judged.map(jsonOf));
  else if (wanted.csv) world.out(auditCsv(judged));
  else if (wanted.markdown) world.out(auditPage({ ...all, judged }));
  else if (wanted.only !== undefined) world.out(claimsText(judged));
  else if (isWhatIf) world.out(changesText(changes));
  else world.out(auditText(judged, changes));
  const isBare = wanted.json || wanted.csv || wanted.markdown || wanted.only !== undefined;
  if (isBare && changes.length > 0) world.err(changesText(changes));
};

/** What one claim is computed from. Throws an `InputError` (CLI-2) that names the nearest ids when there is none of that id. */
const printExplanation = (
  world: World,
  json: boolean,
  judged: readonly Judged[],
  id: string,
): void => {
  const byId = new Map(judged.map((one) => [one.claim.id, one]));
  const found = byId.get(id);
  if (found === undefined) {
    const message = `--explain must be the id of a claim, found ${shown(id)}${didYouMean(id, [...byId.keys()])}`;
    throw new InputError([{ code: "CLI-2", message }]);
  }
  const explained = explain(found, byId);
  if (json) printJson(world, { ...(jsonOf(found) as object), explained } as unknown as Json);
  else world.out(explanationText(found, explained));
};

/** Recomputes what a document states. */
export const audit = command({
  description:
    "Recomputes every figure that the document states from the reference, and gives each a verdict: input (taken as given), consistent (exact), rounded (right to the printed digits), or inconsistent, with its cause, the right figure, and why. Exit status 1 when a verdict is not the one recorded, so that an audit can guard a document.",
  operand: nothing,
  options: {
    claims: optionMany(
      text("FILE"),
      "audit these claims instead of the document's; may be repeated",
    ),
    profile: optionOr(text("PROFILE"), "document", "document, datasheet, or a file of your own"),
    set: optionMany(setting, "suppose another figure, and see what turns; may be repeated"),
    only: option(oneOf("VERDICT", VERDICTS), "only the claims with this verdict"),
    explain: option(text("ID"), "how one claim is computed, down to what is given"),
    csv: flag("print the claims as CSV"),
    markdown: flag("print the report as Markdown"),
    functions: flag("list the functions that formulas may call"),
    figures: flag("list the figures of the reference, with their addresses and sources"),
  },
  examples: [
    { line: "rackproof audit", does: "what holds, and what does not" },
    {
      line: "rackproof audit --explain capacity.nvl72.sessions",
      does: "one figure, down to what is given",
    },
    {
      line: "rackproof audit --profile datasheet",
      does: "which conclusions change on public figures",
    },
    { line: "rackproof audit --set b200.hbm_bytes=186e9", does: "what if" },
    {
      line: "rackproof audit --claims ours.csv --profile ours.json",
      does: "a document of your own",
    },
  ],
  async run(args, world) {
    const named = referenceNamed(args.profile, world.cwd);
    const put = args.set.map(({ address, value }) => [address, supposed(value)] as const);
    const reference = withFigures(named, new Map(put));
    if (args.functions || args.figures) {
      const listed = args.functions ? functionTable() : figureTable(reference);
      printRows(world, args, listed.rows as unknown as Json, listed);
      return EXIT.ok;
    }
    const isOwn = args.claims.length > 0;
    const { claims, tables } = isOwn ? claimsOf(args.claims, world.cwd) : documentClaims();
    // Verdicts are recorded for the profile that a document comes with.
    const recorded = isOwn ? named : referenceNamed("document", world.cwd);
    const prepared = prepare(claims);
    const judged = auditClaims(prepared, reference, recorded);
    if (args.explain !== undefined) {
      printExplanation(world, args.json, judged, args.explain);
      return EXIT.ok;
    }
    const changes = changesOf(judged);
    const isWhatIf = args.set.length > 0 || reference.name !== recorded.name;
    // Only the page has room for it, and it takes another audit.
    const isShown = args.markdown && !isOwn && !isWhatIf;
    const beside = isShown
      ? besideTheDocument(prepared, recorded)
      : { notes: [], onPublicFigures: [] };
    const result = { judged, tables: tablesOf(judged, tables), profile: reference.name, ...beside };
    print(world, args, result, changes, isWhatIf);
    return changes.length === 0 ? EXIT.ok : EXIT.finding;
  },
});
