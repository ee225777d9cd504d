import type { Json } from "#base";
import { showCount, type Table, textTable } from "#report";
import type { CommonArgs } from "./command.ts";
import type { World } from "./world.ts";

/** A result as JSON on stdout, its keys in the order given. */
export const printJson = (world: World, value: Json): void => {
  world.out(`${JSON.stringify(value, null, 2)}\n`);
};

/** A result as JSON or as a table, whichever was asked for. */
export const printRows = (
  world: World,
  args: Pick<CommonArgs, "json">,
  rows: Json,
  table: Table,
): void => {
  if (args.json) printJson(world, rows);
  else world.out(textTable(table));
};

/** A remark on stderr, unless it was asked to be quiet. */
export const remark = (world: World, args: Pick<CommonArgs, "quiet">, text: string): void => {
  if (!args.quiet) world.err(`${text}\n`);
};

/** `1 request`, `12,031 requests`. */
export const counted = (count: number, what: string): string =>
  `${showCount(count)} ${what}${count === 1 ? "" : "s"}`;
