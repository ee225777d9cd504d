import { createHash } from "node:crypto";

/** How many numbers are gathered before they are hashed: 64 KiB, so that the cost of a call disappears. */
const BATCH = 8192;

/** A running SHA-256 over numbers and text: equal streams have equal digests, in any process and on any machine. */
export type Digest = {
  /** Adds one number, as the eight bytes of a little-endian double. */
  number(value: number): void;
  /** Adds text as UTF-8, preceded by its length so that `ab`+`c` differs from `a`+`bc`. */
  text(value: string): void;
  /** The digest so far, in hex; the stream may go on. */
  hex(): string;
};

/** Starts an empty stream. */
export const createDigest = (): Digest => {
  const hash = createHash("sha256");
  const batch = new DataView(new ArrayBuffer(BATCH * 8));
  const raw = new Uint8Array(batch.buffer);
  let used = 0;
  const flush = (): void => {
    hash.update(raw.subarray(0, used * 8));
    used = 0;
  };
  const number = (value: number): void => {
    batch.setFloat64(used * 8, value, true);
    used += 1;
    if (used === BATCH) flush();
  };
  return {
    number,
    text(value) {
      const encoded = new TextEncoder().encode(value);
      number(encoded.length);
      flush();
      hash.update(encoded);
    },
    hex() {
      flush();
      return hash.copy().digest("hex");
    },
  };
};

/** The SHA-256 of one text, in hex. */
export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
