import { LATER_CLAIMS } from '../recorded-attestations';
import { tokenOf, type NamedExchange } from '../recordings';
import { jwtParts, shapeOf, withoutValues } from './shapes';

/** What the live service chose by itself, or read of documents that were fetched on another day. */
const VOLATILE = new Set([
  ...['iss', 'jku', 'kid', 'iat', 'nbf', 'exp', 'jti'],
  ...['qeidhash', 'qeidcertshash', 'qeidcrlhash'],
  ...['tcbinfohash', 'tcbinfocertshash', 'tcbinfocrlhash'],
]);

/** Beside what the live service publishes of a key: generic libraries for JWT ask for them. */
const KEY_EXTRAS = ['n', 'e', 'use', 'alg'];

const without = (names: readonly string[], members: object): object =>
  Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)));

/** Members and types are the same, and values too where they are not the live service's own. */
export function expectSameBody(exchange: NamedExchange, ours: object, address: string): void {
  const recorded = JSON.parse(exchange.response.body) as object;
  if (tokenOf(exchange) !== undefined) return expectSameToken(exchange, ours);
  if ('keys' in recorded) return expectSameKeys(recorded, ours);
  if ('issuer' in recorded) {
    const text = exchange.response.body.replaceAll(String(recorded.issuer), address);
    return expect(ours).toEqual(JSON.parse(text));
  }
  expect(shapeOf(ours)).toEqual(shapeOf(recorded));
  if ('error' in recorded)
    expect(ours).toMatchObject({ error: { code: (recorded.error as { code: string }).code } });
}

function expectSameToken(exchange: NamedExchange, ours: object): void {
  expect(Object.keys(ours)).toEqual(['token']);
  const { header, payload } = jwtParts(String((ours as { token: unknown }).token));
  const recorded = jwtParts(tokenOf(exchange) ?? '');
  expect(withoutValues(header, VOLATILE)).toEqual(withoutValues(recorded.header, VOLATILE));
  const version = exchange.response.headers['x-ms-maa-service-version'] ?? '';
  const later = exchange.request.path.startsWith('/attest') ? (LATER_CLAIMS[version] ?? []) : [];
  const claims = without(
    later.filter((name) => !(name in recorded.payload)),
    payload,
  );
  expect(withoutValues(claims, VOLATILE)).toEqual(withoutValues(recorded.payload, VOLATILE));
  expect(lifetimeOf(payload)).toEqual(lifetimeOf(recorded.payload));
}

const lifetimeOf = ({ exp, iat, nbf }: Record<string, unknown>): readonly number[] => [
  Number(exp) - Number(iat),
  Number(nbf) - Number(iat),
];

/** How many keys there are, and chains of how many certificates, is Azure's; what a key consists of is not. */
function expectSameKeys(recorded: object, ours: object): void {
  expect(Object.keys(ours)).toEqual(Object.keys(recorded));
  const keysOf = (set: object): object[] => (set as { keys: object[] }).keys;
  const [example = {}] = keysOf(recorded).map(shapeOf) as object[];
  expect(keysOf(ours).length).toBeGreaterThan(0);
  for (const key of keysOf(ours)) {
    const bare = without(KEY_EXTRAS, key);
    expect(Object.keys(bare)).toEqual(Object.keys(example));
    expect(shapeOf(bare)).toEqual(example);
  }
}
