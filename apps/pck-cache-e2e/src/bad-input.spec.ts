import fc from 'fast-check';
import { Intel, World } from './world';

let intel: Intel;
let world: World;

beforeAll(async () => {
  intel = await Intel.open();
  world = await World.open(intel);
});
afterAll(async () => {
  await world.close();
  await intel.close();
});

const PATHS = [
  '/sgx/certification/v4/pckcert',
  '/sgx/certification/v3/pckcert',
  '/sgx/certification/v4/pckcrl',
  '/sgx/certification/v4/tcb',
  '/tdx/certification/v4/tcb',
  '/sgx/certification/v4/qe/identity',
  '/sgx/certification/v4/rootcacrl',
  '/sgx/certification/v4/crl',
  '/sgx/certification/v4/refresh',
];
const NAMES = [
  'qeid',
  'cpusvn',
  'pcesvn',
  'pceid',
  'encrypted_ppid',
  'fmspc',
  'update',
  'ca',
  'encoding',
  'uri',
  'type',
];

const value = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEFG%&=#/\0'), maxLength: 40 }),
  fc.constantFrom(
    'E3A067110000',
    '0'.repeat(32),
    '0000',
    'processor',
    'early',
    'der',
    'certs',
    'https://',
    '%',
    '%zz',
  ),
);
const query = fc.array(fc.tuple(fc.constantFrom(...NAMES), value, fc.boolean()), { maxLength: 6 });

describe.each(['cache', 'upstream'] as const)('whatever is sent to the %s', (target) => {
  it('is answered, and never with a failure of ours', async () => {
    const ask = (path: string) => (target === 'cache' ? world.ask(path) : intel.ask(path));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...PATHS), query, async (path, parameters) => {
        const text = parameters
          .map(
            ([name, given, raw]) => `${name}=${raw ? printable(given) : encodeURIComponent(given)}`,
          )
          .join('&');
        const { status, headers } = await ask(`${path}?${text}`);
        expect(status).toBeLessThan(500);
        expect(headers['request-id']).toMatch(/^[0-9a-f]{32}$/);
      }),
      { numRuns: 150 },
    );
  });
});

/** What a request line can carry as it is: broken percent-encoding is among it. */
const printable = (text: string): string => text.replace(/[^!-"$-~]/g, '_');

describe('a request that is too long', () => {
  it('is refused by its headers', async () => {
    const { status } = await world.ask('/sgx/certification/v4/rootcacrl', {
      headers: { 'x-long': 'a'.repeat(40_000) },
    });
    expect(status).toBe(431);
  });
});
