/** Authorities of which something is kept; the one that was asked longest ago gives way. */
export const MAX_AUTHORITIES = 64;

interface Copy<Value> {
  readonly fetchedAt: number;
  readonly value: Value;
}

/** Something that authorities publish, kept for a while. */
export interface AuthorityCopies<Value> {
  /** The copy as long as it is usable at its age, else a new one. */
  get(
    authority: string,
    at: Date,
    usable: (value: Value, ageMs: number) => boolean,
  ): Promise<Value>;
}

/** A failure is not kept: whoever asks next tries again. */
export function createAuthorityCopies<Value>(
  fetch: (authority: string, at: Date) => Promise<Value>,
): AuthorityCopies<Value> {
  const copies = new Map<string, Copy<Value>>();
  const underway = new Map<string, Promise<Value>>();

  async function load(authority: string, at: Date): Promise<Value> {
    const value = await fetch(authority, at);
    copies.delete(authority);
    copies.set(authority, { fetchedAt: at.getTime(), value });
    const [oldest] = copies.keys();
    if (copies.size > MAX_AUTHORITIES && oldest !== undefined) copies.delete(oldest);
    return value;
  }

  /** Callers that want the same at the same time share one fetch. */
  function loadOnce(authority: string, at: Date): Promise<Value> {
    const running = underway.get(authority);
    if (running !== undefined) return running;
    const started = load(authority, at).finally(() => underway.delete(authority));
    underway.set(authority, started);
    return started;
  }

  return {
    get: async (named, at, usable) => {
      const authority = withoutSlash(named);
      const copy = copies.get(authority);
      if (copy && usable(copy.value, Math.abs(at.getTime() - copy.fetchedAt))) return copy.value;
      return loadOnce(authority, at);
    },
  };
}

const withoutSlash = (url: string): string => (url.endsWith('/') ? url.slice(0, -1) : url);
