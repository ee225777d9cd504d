import { createHash } from "node:crypto";
import { promises } from "node:fs";
import { basename } from "node:path";
import { InputError } from "#base";

/** What a file's bytes come to: enough to recognise the same file, and to see that it changed. */
export type FileHash = {
  /** In hex, of the bytes as they lie on disk. */
  readonly sha256: string;
  readonly sizeBytes: number;
};

/** A trace file that is open for reading. */
export type TraceFile = {
  /** The name without its folder. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Every byte from the start, in chunks; may be called again. */
  bytes(): AsyncGenerator<Buffer, void, undefined>;
  /** Whether size and time of writing are still those of the moment it was opened. */
  isUnchanged(): Promise<boolean>;
  close(): Promise<void>;
};

/** Small enough that a chunk's rows die young; larger ones were slower to read. */
const CHUNK_BYTES = 2 ** 16;

const REASONS: { readonly [code: string]: string } = {
  ENOENT: "nothing",
  EACCES: "one that may not be read",
  EPERM: "one that may not be read",
  ENOTDIR: "a path through something that is not a folder",
  EISDIR: "a folder",
  ELOOP: "a circle of links",
  ENAMETOOLONG: "a name that is too long",
};

const unreadable = (path: string, what: string): InputError =>
  new InputError([
    {
      code: "TRACE-14",
      message: `a trace must be a file that can be read, found ${what}`,
      file: path,
    },
  ]);

const reasonOf = (error: unknown): string => {
  const code = (error as { code?: string }).code ?? "";
  return REASONS[code] ?? `the fault ${code === "" ? String(error) : code}`;
};

const kindOf = (stat: { isDirectory(): boolean }): string =>
  stat.isDirectory() ? "a folder" : "a device, a pipe or a socket";

/** Throws when the path names no ordinary file. Asked before opening, because opening a pipe waits for its writer. */
const openHandle = async (path: string): Promise<promises.FileHandle> => {
  let found: Awaited<ReturnType<typeof promises.stat>>;
  try {
    found = await promises.stat(path);
  } catch (error) {
    throw unreadable(path, reasonOf(error));
  }
  if (!found.isFile()) throw unreadable(path, kindOf(found));
  try {
    return await promises.open(path, "r");
  } catch (error) {
    throw unreadable(path, reasonOf(error));
  }
};

const readAt = async (handle: promises.FileHandle, at: number, path: string): Promise<Buffer> => {
  try {
    const { bytesRead, buffer } = await handle.read(
      Buffer.allocUnsafe(CHUNK_BYTES),
      0,
      CHUNK_BYTES,
      at,
    );
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw unreadable(path, reasonOf(error));
  }
};

/** Opens a file. Throws an `InputError` (TRACE-14) when it is missing, a folder, or not to be read. */
export const openTraceFile = async (path: string): Promise<TraceFile> => {
  const handle = await openHandle(path);
  const before = await handle.stat({ bigint: true });
  return {
    name: basename(path),
    sizeBytes: Number(before.size),
    async *bytes() {
      for (let at = 0; ; ) {
        // A new buffer each time: what is read is handed on, and lines of it are held.
        const chunk = await readAt(handle, at, path);
        if (chunk.length === 0) return;
        at += chunk.length;
        yield chunk;
      }
    },
    async isUnchanged() {
      const now = await handle.stat({ bigint: true });
      return now.size === before.size && now.mtimeNs === before.mtimeNs;
    },
    close: () => handle.close(),
  };
};

/** The hash of an open file, read once from start to end. */
export const hashOf = async (file: TraceFile): Promise<FileHash> => {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  for await (const chunk of file.bytes()) {
    hash.update(chunk);
    sizeBytes += chunk.length;
  }
  return { sha256: hash.digest("hex"), sizeBytes };
};

/**
 * The hash of a file's bytes as they lie on disk, compressed or not. Throws an `InputError` (TRACE-14) when it cannot be read.
 * Handed to `readTrace` as `expect`, it spares a second pass and catches a change in between.
 */
export const hashFile = async (path: string): Promise<FileHash> => {
  const file = await openTraceFile(path);
  try {
    return await hashOf(file);
  } finally {
    await file.close();
  }
};
