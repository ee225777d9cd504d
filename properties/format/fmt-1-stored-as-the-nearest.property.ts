import fc from "fast-check";
import { finding, property, values } from "#verify";
import { type Layout, layouts } from "./layouts.ts";
import {
  biasOff,
  cutOff,
  noCarry,
  noSubnormals,
  overflows,
  throughFloat32,
  tiesAway,
  tiesUp,
  unsignedZero,
  withInfinity,
  wraps,
} from "./mistakes.ts";
import { type Call, numberAt, type Point, points, type Reply, storing, text } from "./numbers.ts";
import { isTie, tableOf, wantedCode } from "./tables.ts";

type Case = { readonly layout: Layout; readonly point: Point };

export default property<Case, Call, Reply>({
  id: "FMT-1",
  part: "format",
  statement:
    "a number is stored as the nearest one of its format, the even one of two as near, the largest when it is larger still, and zero keeps its sign",
  given: values(fc.record({ layout: layouts, point: points })),
  subject: storing(),
  scripts: ({ layout, point }) => [[{ layout, number: text(numberAt(layout, point)) }]],

  holds({ layout, point }, [replies]) {
    const code = wantedCode(layout, numberAt(layout, point));
    const wanted = { code, value: text(tableOf(layout).byCode[code] as number) };
    const found = replies?.[0] as Reply;
    return found.code === wanted.code && found.value === wanted.value
      ? undefined
      : finding(0, wanted, found);
  },

  witnesses: {
    "a tie": ({ layout, point }) => isTie(layout, numberAt(layout, point)),
    "a number beyond the largest": ({ layout, point }) =>
      Math.abs(numberAt(layout, point)) > (tableOf(layout).upwards.at(-1) as number),
    "a subnormal": ({ layout, point }) => {
      if (layout.kind === "integer") return false;
      const number = Math.abs(numberAt(layout, point));
      return number > 0 && number < 2 ** (1 - layout.bias);
    },
    "something that becomes a negative zero": (_, [replies]) => replies?.[0]?.value === "-0",
    "a double beside a tie that a float32 cannot tell from it": ({ layout, point }) => {
      const number = numberAt(layout, point);
      return isTie(layout, Math.fround(number)) && Math.fround(number) !== number;
    },
  },

  mutants: {
    "of two as near takes the larger": storing(tiesAway),
    "of two as near takes the higher": storing(tiesUp),
    "cuts off instead of rounding": storing(cutOff),
    "has no subnormals": storing(noSubnormals),
    "starts again from zero beyond the largest": storing(wraps),
    "overflows to infinity": storing(overflows),
    "loses the sign of zero": storing(unsignedZero),
    "loses the carry of a mantissa that rounds up": storing(noCarry),
    "has a bias that is one too large": storing(biasOff),
    "keeps the largest exponent for infinity, so that E4M3 ends at 240": storing(withInfinity),
    "rounds twice, once to a float32": storing(throughFloat32),
  },
});
