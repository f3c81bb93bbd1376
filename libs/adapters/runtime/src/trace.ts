import { AsyncLocalStorage } from 'node:async_hooks';
import { toHex } from '@touchstone/bytes';
import type { Random } from '@touchstone/ports';

/** Where a request stands in a distributed trace (W3C Trace Context, Level 1). */
export interface Trace {
  /** 32 lower-case hex digits, not all zero. */
  readonly traceId: string;
  /** 16 lower-case hex digits, not all zero. */
  readonly spanId: string;
  readonly sampled: boolean;
}

const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;
const SAMPLED = 0x01;

// version, trace-id, parent-id, trace-flags; a later version may append members after another dash
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const ALL_ZERO = /^0+$/;

/** Reads a `traceparent` header; `undefined` when it is absent or malformed, as the standard asks (section 3.2.2). */
export function parseTraceparent(header: string | undefined): Trace | undefined {
  const match = header === undefined ? null : TRACEPARENT.exec(header);
  const [, version, traceId, spanId, flags, rest] = match ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  if (version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (ALL_ZERO.test(traceId) || ALL_ZERO.test(spanId)) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & SAMPLED) !== 0 };
}

export function formatTraceparent(trace: Trace): string {
  return `00-${trace.traceId}-${trace.spanId}-${trace.sampled ? '01' : '00'}`;
}

export function newTrace(random: Random): Trace {
  return {
    traceId: toHex(random.bytes(TRACE_ID_BYTES)),
    spanId: toHex(random.bytes(SPAN_ID_BYTES)),
    sampled: true,
  };
}

/** The same trace, one hop further. */
export function nextSpan(trace: Trace, random: Random): Trace {
  return { ...trace, spanId: toHex(random.bytes(SPAN_ID_BYTES)) };
}

const storage = new AsyncLocalStorage<Trace>();

/** Runs `action`, and everything it starts, within `trace`. */
export function withTrace<Result>(trace: Trace, action: () => Result): Result {
  return storage.run(trace, action);
}

export function currentTrace(): Trace | undefined {
  return storage.getStore();
}
