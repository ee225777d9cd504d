import type { RequestRow, SpanRow } from "../record.ts";

/** What a request took on workers, as far as it came: from when it was taken up to its first token, and from then, or from when its KV was there, to its end. */
export const requestSpans = (row: RequestRow): readonly SpanRow[] => {
  const { request, worker, decodeWorker, startNs, firstTokenNs, transferredNs, endNs } = row;
  const nobody = { request, from: -1, bytes: 0 };
  const spans: SpanRow[] = [];
  if (worker >= 0 && firstTokenNs >= 0) {
    spans.push({ kind: "prefill", worker, startNs, endNs: firstTokenNs, ...nobody });
  }
  const decodeNs = Math.max(firstTokenNs, transferredNs);
  if (decodeWorker >= 0 && firstTokenNs >= 0 && endNs > decodeNs) {
    spans.push({ kind: "decode", worker: decodeWorker, startNs: decodeNs, endNs, ...nobody });
  }
  return spans;
};
