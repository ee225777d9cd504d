import { byText } from "#base";
import type { RequestRow } from "../record.ts";
import type { Goodput, Reasons, RequestCounts, Spread, Tokens } from "./result.ts";
import { Values } from "./values.ts";

/** What is good enough; null for a bound that is not set. */
export type Slo = {
  readonly ttft_ns: number | null;
  readonly tpot_ns: number | null;
  readonly e2e_ns: number | null;
};

const BOUNDS = ["ttft_ns", "tpot_ns", "e2e_ns"] as const;

/** Null for a span of no time. */
const aSecond = (count: number, spanNs: number): number | null =>
  spanNs > 0 ? (count * 1e9) / spanNs : null;

/** What became of requests: how they ended, how long they took, and how many were good enough. */
export class Outcomes {
  readonly #slo: Slo;
  readonly #queueing = new Values();
  readonly #ttft = new Values();
  readonly #tpot = new Values();
  readonly #e2e = new Values();
  readonly #counts = { completed: 0, failed: 0, cancelled: 0 };
  readonly #reasons = { failed: new Map<string, number>(), cancelled: new Map<string, number>() };
  readonly #within = { ttft_ns: 0, tpot_ns: 0, e2e_ns: 0 };
  #good = 0;
  #input = 0;
  #output = 0;
  #computed = 0;
  #preemptions = 0;
  #restarts = 0;

  constructor(slo: Slo) {
    this.#slo = slo;
  }

  ended(row: RequestRow): void {
    const { outcome, arrivalNs, startNs, firstTokenNs } = row;
    this.#counts[outcome] += 1;
    this.#output += row.outputTokens;
    this.#computed += row.computedTokens;
    this.#preemptions += row.preemptions;
    this.#restarts += row.restarts;
    if (startNs >= 0) this.#queueing.add(startNs - arrivalNs);
    if (firstTokenNs >= 0) {
      this.#ttft.add(firstTokenNs - arrivalNs);
      this.#input += row.inputTokens;
    }
    if (outcome === "completed") this.#completed(row);
    else {
      const reasons = this.#reasons[outcome];
      reasons.set(row.reason, (reasons.get(row.reason) ?? 0) + 1);
    }
  }

  counts(failedAtSource: number): RequestCounts {
    const { completed, failed, cancelled } = this.#counts;
    return { total: this.#total, completed, failed, cancelled, failed_at_source: failedAtSource };
  }

  reasons(outcome: "failed" | "cancelled"): Reasons {
    return Object.fromEntries([...this.#reasons[outcome]].toSorted(byText(([reason]) => reason)));
  }

  tokens(): Tokens {
    return { input: this.#input, output: this.#output, computed: this.#computed };
  }

  tokensPerSecond(spanNs: number): Tokens | null {
    const rate = (count: number): number => aSecond(count, spanNs) as number;
    if (spanNs <= 0) return null;
    return {
      input: rate(this.#input),
      output: rate(this.#output),
      computed: rate(this.#computed),
    };
  }

  goodput(spanNs: number): Goodput | null {
    const slo = this.#slo;
    if (BOUNDS.every((bound) => slo[bound] === null)) return null;
    const within = (bound: keyof Slo): number | null =>
      slo[bound] === null ? null : this.#within[bound];
    return {
      requests: this.#good,
      share: this.#total > 0 ? this.#good / this.#total : null,
      requests_per_s: aSecond(this.#good, spanNs),
      within_ttft: within("ttft_ns"),
      within_tpot: within("tpot_ns"),
      within_e2e: within("e2e_ns"),
    };
  }

  latencies(): Readonly<Record<"queueing_ns" | "ttft_ns" | "tpot_ns" | "e2e_ns", Spread>> {
    return {
      queueing_ns: this.#queueing.spread(),
      ttft_ns: this.#ttft.spread(),
      tpot_ns: this.#tpot.spread(),
      e2e_ns: this.#e2e.spread(),
    };
  }

  repetitions(): { readonly preemptions: number; readonly restarts: number } {
    return { preemptions: this.#preemptions, restarts: this.#restarts };
  }

  get #total(): number {
    const { completed, failed, cancelled } = this.#counts;
    return completed + failed + cancelled;
  }

  /** A request of one token has no further ones: it is in no TPOT, and within any bound on it. */
  #completed({ arrivalNs, firstTokenNs, endNs, outputTokens }: RequestRow): void {
    const e2eNs = endNs - arrivalNs;
    const further = outputTokens - 1;
    const tpotNs = further > 0 ? (endNs - firstTokenNs) / further : 0;
    this.#e2e.add(e2eNs);
    if (further > 0) this.#tpot.add(tpotNs);
    const { ttft_ns, tpot_ns, e2e_ns } = this.#slo;
    const isSoon = ttft_ns === null || firstTokenNs - arrivalNs <= ttft_ns;
    const isQuick = tpot_ns === null || tpotNs <= tpot_ns;
    const isShort = e2e_ns === null || e2eNs <= e2e_ns;
    if (isSoon) this.#within.ttft_ns += 1;
    if (isQuick) this.#within.tpot_ns += 1;
    if (isShort) this.#within.e2e_ns += 1;
    if (isSoon && isQuick && isShort) this.#good += 1;
  }
}
