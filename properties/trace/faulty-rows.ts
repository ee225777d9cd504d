/** Which plain rows are faulty, told from the rows themselves: what a reader has to find. */
import type { TraceFormat } from "#trace";
import type { PlainRow } from "./plain-row.ts";

/** A row of a conversation that gives no time of its own, as only Mooncake's may. */
const isUntimed = (format: TraceFormat, { row, above }: Standing): boolean =>
  format === "mooncake" &&
  row.waits &&
  row.fault !== "time" &&
  row.chat >= 0 &&
  above.some(({ chat }) => chat === row.chat);

/** A row, what stands above, and what of that is sound. */
type Standing = {
  readonly row: PlainRow;
  readonly above: readonly PlainRow[];
  readonly sound: readonly PlainRow[];
};

/** Whether a block that the row does not name itself was named above only by faulty rows. */
const lacksNames = ({ row, above, sound }: Standing): boolean =>
  row.blocks.some(
    (block) =>
      above.some(({ blocks }) => blocks.includes(block)) &&
      !sound.some(({ blocks }) => blocks.includes(block)),
  );

const isFaulty = (format: TraceFormat, standing: Standing, timedAbove: boolean): boolean => {
  const { row, sound } = standing;
  if (row.fault !== "" && row.fault !== "late") return true;
  if (isUntimed(format, standing)) return !sound.some(({ chat }) => chat === row.chat);
  if (row.fault === "late" && format !== "dynamo-request" && timedAbove) return true;
  return format === "rackproof" && lacksNames(standing);
};

/** For each row whether it is faulty, in itself or because of what it needs of faulty rows above. */
export const faultyRows = (format: TraceFormat, rows: readonly PlainRow[]): readonly boolean[] => {
  const sound: PlainRow[] = [];
  let timedAbove = false;
  return rows.map((row, number) => {
    const standing = { row, above: rows.slice(0, number), sound };
    const faulty = isFaulty(format, standing, timedAbove);
    if (faulty) return true;
    if (row.fault !== "late" && !isUntimed(format, standing)) timedAbove = true;
    sound.push(row);
    return false;
  });
};
