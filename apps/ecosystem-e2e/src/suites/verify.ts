import { readFile, writeFile } from 'node:fs/promises';
import { concat } from '@touchstone/bytes';
import { parsePckExtension } from '@touchstone/collateral';
import { parsePemChain } from '@touchstone/pki';
import { encodeQuote, parseQuote } from '@touchstone/quote';
import { RUNTIME_DATA } from '../relying-party';
import type { StandOf } from './stand';

/** `touchstone verify --pccs`: the PCK cache of the ecosystem gives what the evidence does not carry. */
export function verifySuite(standOf: StandOf): void {
  let file: string;

  /** The same quote with the name of its platform (type 1) where its PCK chain was: nothing there is signed. */
  async function withoutChain(): Promise<Uint8Array> {
    const quote = parseQuote(new Uint8Array(await readFile(file)));
    const [leaf] = parsePemChain(quote.certificationData.bytes);
    if (leaf === undefined || quote.teeType !== 'sgx') throw new Error('an SGX quote with a chain');
    const { ppid, pceId } = parsePckExtension(leaf);
    const pceSvn = Uint8Array.of(quote.header.pceSvn & 0xff, quote.header.pceSvn >> 8);
    const bytes = concat(ppid, quote.body.cpuSvn, pceSvn, pceId);
    return encodeQuote({ ...quote, certificationData: { type: 1, bytes } });
  }

  async function verify(...args: readonly string[]) {
    const { touchstone, party } = standOf();
    const { code, stdout, stderr } = await touchstone(
      ...['verify', file, '--anchor', party.endpoints.simulatedRoot, '--json'],
      ...args,
    );
    return { code, stderr, document: JSON.parse(stdout) as Readonly<Record<string, unknown>> };
  }

  beforeAll(async () => {
    const { touchstone, folder } = standOf();
    const data = folder('verified-data');
    file = folder('verified-evidence');
    await writeFile(data, RUNTIME_DATA);
    const made = ['evidence', 'make', '--runtime-data', data, '--out', file];
    expect(await touchstone(...made, '--format', 'sgx-quote')).toMatchObject({ code: 0 });
  });

  it('judges a quote of the simulated machine', async () => {
    const { party, folder } = standOf();
    const pccs = ['--pccs', party.url('pck-cache'), '--runtime-data', folder('verified-data')];
    expect(await verify(...pccs)).toMatchObject({
      code: 0,
      stderr: '',
      document: { verdict: 'genuine', tcbStatus: 'UpToDate', missing: [] },
    });
  });

  it('has the certificate of a quote looked up that only names its platform', async () => {
    const { party, folder, touchstone } = standOf();
    const named = folder('named-evidence');
    await writeFile(named, await withoutChain());
    const { simulatedRoot } = party.endpoints;
    const judged = async (...args: readonly string[]) => {
      const options = ['verify', named, '--anchor', simulatedRoot, '--json', ...args];
      const { code, stdout } = await touchstone(...options);
      return { code, document: JSON.parse(stdout) as unknown };
    };
    expect(await judged('--pccs', party.url('pck-cache'))).toMatchObject({
      code: 0,
      document: { verdict: 'genuine', missing: [], facts: { certificationDataType: 1 } },
    });
    expect(await judged()).toMatchObject({
      code: 2,
      document: {
        code: 'COLLATERAL_MISSING',
        missing: expect.arrayContaining(['pck-certificate-chain']) as unknown,
      },
    });
  });

  it('follows what happens at Intel', async () => {
    const { party, touchstone } = standOf();
    const pccs = ['--pccs', party.url('pck-cache')];
    expect(await touchstone('fault', 'revoke-platform')).toMatchObject({ code: 0 });
    expect(await verify(...pccs)).toMatchObject({ code: 1, document: { code: 'PCK_REVOKED' } });
    expect(await touchstone('fault', 'set', 'tcb-out-of-date')).toMatchObject({ code: 0 });
    expect(await touchstone('fault', 'reinstate-platform')).toMatchObject({ code: 0 });
    expect(await verify(...pccs)).toMatchObject({
      code: 0,
      document: { verdict: 'genuine', tcbStatus: 'OutOfDate' },
    });
    expect(await touchstone('fault', 'clear')).toMatchObject({ code: 0 });
  });

  it('names what is missing when there is no cache at the address', async () => {
    expect(await verify('--pccs', 'https://localhost:1')).toMatchObject({
      code: 2,
      document: { verdict: 'not-judged', code: 'COLLATERAL_MISSING' },
    });
  });

  it('gets all but the root CRL from a provisioning service, too', async () => {
    const pcs = standOf().party.url('intel-pcs');
    const { code, document } = await verify('--pccs', pcs);
    // The root CRL is published elsewhere; where, is known of Intel's own alone.
    expect({ code, missing: document['missing'] }).toEqual({ code: 2, missing: ['root-ca-crl'] });
  });
}
