import fc from "fast-check";
import { encode } from "#spec";
import { finding, property, values } from "#verify";
import { type Layout, layouts, widthOf } from "./layouts.ts";
import { complemented, roundedDown, tiesUp, unsignedZero } from "./mistakes.ts";
import {
  type Call,
  numberAt,
  type Point,
  points,
  type Reply,
  type Store,
  storing,
  text,
} from "./numbers.ts";
import { tableOf } from "./tables.ts";

type Case = { readonly layout: Layout; readonly point: Point };

/** The size of a number: negative below, positive above. */
const size = ({ layout, point }: Case): number => Math.abs(numberAt(layout, point));

/** Whether two's complement ends on this side of what a number rounds to. */
const isEnd = (layout: Layout, below: Reply): boolean =>
  layout.kind === "integer" && Number(below.value) === tableOf(layout).lowest;

/** The sign is dropped on the way. */
const unsigned: Store = (encoding, number) => encode(encoding, Math.abs(number));

export default property<Case, Call, Reply>({
  id: "FMT-3",
  part: "format",
  statement:
    "minus a number is stored as minus what the number is stored as: the same code but for the sign bit, and in two's complement as far as it reaches",
  given: values(fc.record({ layout: layouts, point: points })),
  subject: storing(),
  scripts: (given) => [
    [
      { layout: given.layout, number: text(size(given)) },
      { layout: given.layout, number: text(-size(given)) },
    ],
  ],

  holds({ layout }, [replies]) {
    const [above, below] = replies as readonly [Reply, Reply];
    const codes = 2 ** widthOf(layout);
    if (layout.kind === "float")
      return below.code === above.code + codes / 2
        ? undefined
        : finding(1, above.code + codes / 2, below.code, "code");
    const reach = isEnd(layout, below) ? codes / 2 - 1 : -Number(below.value);
    return Number(above.value) === reach
      ? undefined
      : finding(0, reach, above.value, "against what its negative is stored as");
  },

  witnesses: {
    "a zero": (given) => given.layout.kind === "float" && size(given) === 0,
    "a number that rounds to zero": (given, [replies]) =>
      size(given) > 0 && Number(replies?.[0]?.value) === 0,
    "the end of two's complement": ({ layout }, [replies]) => isEnd(layout, replies?.[1] as Reply),
    "two's complement before its end": ({ layout }, [replies]) =>
      layout.kind === "integer" &&
      Number(replies?.[1]?.value) < 0 &&
      !isEnd(layout, replies?.[1] as Reply),
  },

  mutants: {
    "of two as near takes the higher": storing(tiesUp),
    "rounds down": storing(roundedDown),
    "loses the sign of zero": storing(unsignedZero),
    "loses every sign": storing(unsigned),
    "counts negative codes down from the top": storing(complemented),
  },
});
