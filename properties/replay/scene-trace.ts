import { nanos } from "#base";
import type { TraceRequest } from "#trace";
import type { Scene } from "./scene.ts";

/** Tokens a block in every scene. */
export const BLOCK_TOKENS = 4;

/** The trace of a scene: every prefix has a number, in order of first appearance. */
export const traceOf = ({ requests }: Scene): readonly TraceRequest[] => {
  const numbers = new Map<string, number>();
  const numberOf = (prefix: string): number => {
    const number = numbers.get(prefix) ?? numbers.size;
    numbers.set(prefix, number);
    return number;
  };
  let nowNs = 0;
  return requests.map(({ gapNs, path, spare, outputTokens, session, delayNs, priority }) => {
    nowNs += gapNs;
    return {
      arrivalNs: nanos(nowNs),
      inputTokens: Math.max(0, path.length * BLOCK_TOKENS - spare),
      outputTokens,
      blocks: Uint32Array.from(path, (_, index) => numberOf(path.slice(0, index + 1).join("/"))),
      session,
      turn: 0,
      delayNs: session < 0 ? -1 : delayNs,
      priority,
      model: -1,
      failed: false,
      extra: "",
    };
  });
};
