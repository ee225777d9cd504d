/** Which requests of a trace are sent, and when. */
import * as v from "valibot";
import { above, among, type Frozen, fields, otherwise, whole, wholeOrNull } from "./fields.ts";

/** When requests are sent: when the trace says, at random at a rate, or whenever one of so many has ended. */
const LOAD_MODES = ["trace", "poisson", "concurrency"] as const;

/** The load as a file gives it. */
export const loadSchema = fields({
  mode: otherwise(
    "when requests are sent: when the trace says, at random at a rate, or whenever one of so many has ended",
    among(LOAD_MODES),
    "trace",
  ),
  rate_per_s: otherwise(
    "requests a second on average, for mode poisson",
    v.nullable(above(0, 1e9)),
    null,
  ),
  concurrency: otherwise(
    "requests at a time, for mode concurrency",
    wholeOrNull(1, 2 ** 32 - 1),
    null,
  ),
  speedup: otherwise(
    "by how much the trace's times are divided, delays within sessions included",
    above(0, 1e6),
    1,
  ),
  from_ns: otherwise(
    "only what the trace has from here on, which is then the start; null for all",
    wholeOrNull(0),
    null,
  ),
  to_ns: otherwise("only what the trace has before here; null for all", wholeOrNull(1), null),
  jitter_ns: otherwise("arrivals are put off at random, by up to so much", whole(0), 0),
});

/** Which requests are sent, and when. */
export type LoadOptions = Frozen<v.InferOutput<typeof loadSchema>>;
