/** What a run was given, for a terminal: on what, by whom, how quickly, and what went wrong. */
import type { ReplayOptions, ReplayResult } from "#replay";
import { decimals, showCount, showDuration, showSize } from "./show.ts";
import { line } from "./text-line.ts";

const few = (value: number): string => decimals(value, Number.isInteger(value) ? 0 : 2);

const deployedTexts = ({ rack }: ReplayResult): readonly string[] =>
  rack.deployments.map(({ kind, role, workers, capacity_blocks, block_bytes }) => {
    const what = role === "both" ? "" : role === "prefill" ? " that prefill" : " that decode";
    const pool = `${showCount(capacity_blocks)} blocks of ${showCount(rack.block_tokens)} tokens each (${showSize(block_bytes)} a block)`;
    return `${showCount(workers)} × ${kind}${what}; ${pool}`;
  });

const routedText = ({ policy, remote_hits, event_delay_ns }: ReplayOptions): string => {
  const late = event_delay_ns > 0 ? `, hears of blocks ${showDuration(event_delay_ns)} late` : "";
  const other = remote_hits === "fetch" ? "fetched when that is quicker" : "computed again";
  return `${policy}${late}; a longer run elsewhere is ${other}`;
};

/** When requests were sent, as far as it is not simply when the trace says. */
const loadTexts = ({ load }: ReplayOptions): readonly string[] => {
  const { mode, rate_per_s, concurrency, speedup, jitter_ns, from_ns, to_ns } = load;
  const isCut = from_ns !== null || to_ns !== null;
  const parts = [
    ...(mode === "poisson" ? [`${few(rate_per_s ?? 0)} requests/s at random`] : []),
    ...(mode === "concurrency" ? [`${showCount(concurrency ?? 0)} requests at a time`] : []),
    ...(speedup === 1 ? [] : [`${few(speedup)} × as quick as the trace`]),
    ...(jitter_ns > 0 ? [`each put off by up to ${showDuration(jitter_ns)}`] : []),
    ...(isCut
      ? [
          `of the trace from ${showDuration(from_ns ?? 0)} ${to_ns === null ? "on" : `to ${showDuration(to_ns)}`}`,
        ]
      : []),
  ];
  return parts.length === 0 ? [] : [parts.join(", ")];
};

type Fault = ReplayOptions["faults"][number];

const HOW = { drop: "dropped", delay: "delayed", duplicate: "told twice" } as const;

const faultText = (fault: Fault): string => {
  const at = showDuration(fault.at_ns);
  if (fault.kind === "lose") {
    const [what, number] = Object.entries(fault.what)[0] ?? [];
    const back = fault.back_ns === null ? "for good" : `back at ${showDuration(fault.back_ns)}`;
    return `${what} ${number} lost at ${at}, ${back}`;
  }
  const until = `from ${at} to ${showDuration(fault.until_ns)}`;
  if (fault.kind === "slow")
    return `links of the ${fault.link} at ${few(fault.factor)} of their rate ${until}`;
  const whose = fault.worker === null ? "every worker" : `worker ${fault.worker}`;
  return `events of ${whose} ${HOW[fault.how]} ${until}`;
};

/** What a run was given. */
export const givenText = (result: ReplayResult): string => {
  const { options } = result;
  return [
    line("deployed", ...deployedTexts(result)),
    line("routed", routedText(options)),
    line("load", ...loadTexts(options)),
    line("faults", ...options.faults.map(faultText)),
  ].join("");
};
