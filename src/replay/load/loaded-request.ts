import type { TraceRequest } from "#trace";

/** A request as it is sent, and its place in the trace, from 0: results name the trace's rows by it. */
export type LoadedRequest = { readonly number: number; readonly request: TraceRequest };
