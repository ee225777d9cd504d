import { createHash } from "node:crypto";
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { InputError } from "#base";
import type { Faults } from "./faults.ts";
import type { FileHash, TraceFile } from "./file.ts";

/** One pass over a file's content, and what the pass saw of its bytes. */
export type Unpacking = {
  /** The content, unpacked when the file begins with gzip's mark. Ends early on a damaged file, which the faults then tell. */
  content(): AsyncGenerator<Buffer, void, undefined>;
  readonly isCompressed: boolean;
  /** The bytes that have been read, hashed; whole once the content has been. Undefined when the content ended early. */
  hash(): FileHash | undefined;
};

const isGzip = (start: Buffer): boolean => start[0] === 0x1f && start[1] === 0x8b;

const DAMAGE: { readonly [code: string]: string } = {
  Z_BUF_ERROR: "one that ends too early",
  Z_DATA_ERROR: "one that is damaged",
};

/** Prepares a pass. `progress` is told the bytes of the file that were read so far, about once a chunk. */
export const unpack = async (
  file: TraceFile,
  faults: Faults,
  progress: (doneBytes: number) => void,
): Promise<Unpacking> => {
  const hash = createHash("sha256");
  let doneBytes = 0;
  let isWhole = false;
  let isDamaged = false;
  const raw = file.bytes();
  const start = await raw.next();
  const first = start.done === true ? Buffer.alloc(0) : start.value;

  const counted = (chunk: Buffer): Buffer => {
    hash.update(chunk);
    doneBytes += chunk.length;
    progress(doneBytes);
    return chunk;
  };
  async function* packed(): AsyncGenerator<Buffer, void, undefined> {
    if (first.length > 0) yield counted(first);
    for await (const chunk of raw) yield counted(chunk);
    isWhole = true;
  }
  async function* unzipped(): AsyncGenerator<Buffer, void, undefined> {
    const gunzip = createGunzip({ chunkSize: 2 ** 17 });
    // What goes wrong comes out of the loop below; here it would only come twice.
    pipeline(Readable.from(packed()), gunzip, () => {});
    try {
      for await (const chunk of gunzip) yield chunk as Buffer;
    } catch (error) {
      if (error instanceof InputError) throw error;
      isDamaged = true;
      const what = DAMAGE[(error as { code?: string }).code ?? ""] ?? `the fault ${String(error)}`;
      faults.file("TRACE-12", `a compressed file must be whole, found ${what}`);
    }
    const rest = file.sizeBytes - gunzip.bytesWritten;
    if (!isDamaged && rest > 0) {
      isDamaged = true;
      faults.file(
        "TRACE-12",
        `a compressed file must end with its last member, found ${rest} bytes after it`,
      );
    }
  }
  const isCompressed = isGzip(first);
  return {
    isCompressed,
    content: isCompressed ? unzipped : packed,
    hash: () =>
      isWhole && !isDamaged ? { sha256: hash.digest("hex"), sizeBytes: doneBytes } : undefined,
  };
};
