/** A JSON value with every text, number and boolean replaced by the name of its type. */
export type Shape = string | readonly Shape[] | { readonly [name: string]: Shape };

export function shapeOf(value: unknown): Shape {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, shapeOf(member)]),
    );
  }
  return value === null ? 'null' : typeof value;
}

/** The same with the values of the named members, at any depth, given by their shape alone. */
export function withoutValues(value: unknown, names: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((element) => withoutValues(element, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      names.has(name) ? shapeOf(member) : withoutValues(member, names),
    ]),
  );
}

type Members = Readonly<Record<string, unknown>>;

/** Header and payload of a JWT. */
export function jwtParts(token: string): { readonly header: Members; readonly payload: Members } {
  const [header = '', payload = ''] = token
    .split('.')
    .map((part) => Buffer.from(part, 'base64url').toString('utf8'));
  return { header: JSON.parse(header) as Members, payload: JSON.parse(payload) as Members };
}
