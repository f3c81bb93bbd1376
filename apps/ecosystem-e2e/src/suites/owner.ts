import { generateKeyPairSync } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createEntraClient } from '@touchstone/entra-client';
import { rsaSelfSigned, toPem } from '@touchstone/pki';
import { systemClock } from '@touchstone/runtime';
import { WORKSPACE } from '../bundles';
import type { StandOf } from './stand';

const WALK = path.join(WORKSPACE, 'apps/ecosystem-e2e/src/__fixtures__/owner-walk.mjs');
const PROVIDER = 'treasury';
const POLICY =
  'version=1.0; authorizationrules{ [type=="x-ms-sgx-svn", value>=99] => permit(); }; issuancerules{};\n';

interface Refused {
  readonly statusCode: number;
  readonly code: string;
  readonly requestId: string;
}

/** What the program of the owner prints. */
interface Walk {
  readonly found: string;
  readonly denied: Refused;
  readonly reset: string;
  readonly granted: number;
  readonly set: string;
  readonly unsigned: Refused;
  readonly kept: boolean;
  readonly signers: number;
  readonly tpm: Refused;
  readonly shared: Refused;
}

/** Whoever owns an isolated provider, from the command line and with Microsoft's clients. */
export function ownerSuite(standOf: StandOf): void {
  let walk: Walk;
  const file = (name: string): string => standOf().folder(`owner-${name}`);

  async function run(...args: readonly string[]): Promise<string> {
    const ran = await standOf().touchstone(...args);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    return ran.stdout;
  }

  /** As a pipeline does it that was given a signed document and a token. */
  async function put(jws: string): Promise<number> {
    const { party } = standOf();
    const { tenant, client } = party.endpoints;
    const entra = createEntraClient({
      authority: party.url('identity'),
      tenant,
      clientId: client.id,
      secret: client.secret,
      http: party.http,
      clock: systemClock(),
    });
    const token = await entra.token('https://attest.azure.net/.default');
    const { status } = await party.http.request({
      method: 'PUT',
      url: `${party.url('attestation-service')}/${PROVIDER}/policies/SgxEnclave?api-version=2020-10-01`,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'text/plain' },
      body: jws,
    });
    return status;
  }

  beforeAll(async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const certificate = rsaSelfSigned({
      commonName: 'treasurer',
      privateKeyPkcs8: new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' })),
      serial: Uint8Array.of(1),
      notBefore: new Date('2024-01-01T00:00:00Z'),
      notAfter: new Date('2049-01-01T00:00:00Z'),
    });
    await writeFile(file('key.pem'), privateKey.export({ format: 'pem', type: 'pkcs8' }));
    await writeFile(file('signer.pem'), toPem(certificate));
    await writeFile(file('policy.txt'), POLICY);
    await writeFile(file('quote.bin'), await standOf().party.quote());
  });

  it('makes a provider of their own, which is then listed and shown', async () => {
    const made = await run(
      ...['provider', 'create', PROVIDER, '--location', 'eastus2'],
      ...['--trust', 'isolated', '--signers', file('signer.pem')],
    );
    expect(made).toMatch(
      /^treasury +eastus2 +Isolated +Ready +https:\/\/localhost:\d+\/treasury\n$/,
    );
    expect(await run('provider', 'list')).toBe(made);
    expect(JSON.parse(await run('provider', 'show', PROVIDER, '--json'))).toMatchObject([
      { name: PROVIDER, trustModel: 'Isolated', signers: 1, policies: [] },
    ]);
  });

  it('signs a policy, which the provider takes, and none that nobody signed', async () => {
    await run('policy', 'wrap', file('policy.txt'), '--out', file('unsigned.jws'));
    expect(await put((await readFile(file('unsigned.jws'), 'utf8')).trim())).toBe(400);
    await run(
      ...['policy', 'sign', file('policy.txt'), '--out', file('policy.jws')],
      ...['--key', file('key.pem'), '--cert', file('signer.pem')],
    );
    expect(await put((await readFile(file('policy.jws'), 'utf8')).trim())).toBe(200);
  });

  it('manages the provider with Microsoft’s client', async () => {
    const { party, touchstone } = standOf();
    const ran = await touchstone(
      ...['run', '--', process.execPath, WALK],
      ...[`${party.url('attestation-service')}/${PROVIDER}`, party.providerUrl],
      ...['key.pem', 'signer.pem', 'policy.txt', 'quote.bin'].map(file),
    );
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    walk = JSON.parse(ran.stdout) as Walk;
    expect(walk).toMatchObject({
      found: POLICY,
      denied: { statusCode: 400, code: 'PolicyEvaluationError' },
      reset: 'Removed',
      set: 'Updated',
      unsigned: { statusCode: 400, code: 'InvalidOperation' },
      kept: true,
      signers: 1,
      tpm: { statusCode: 400, code: 'Bad request' },
      shared: { statusCode: 400, code: 'InvalidOperation' },
    });
  });

  it('is told which rule refused an attestation, by which claim', async () => {
    const explained = await run('explain', walk.denied.requestId);
    expect(explained).toContain('attest refused: 400 PolicyEvaluationError');
    expect(explained).toMatch(
      /✗ policy-authorization-rule-1 .*POLICY_REFUSED.*← decided\n +read +x-ms-sgx-svn=\d+ \(AttestationService\)\n +expected +value>=99\n/,
    );
  });

  it('is told who should have signed a policy', async () => {
    const explained = await run('explain', walk.unsigned.requestId);
    expect(explained).toContain('policy refused: 400 InvalidOperation');
    expect(explained).toMatch(
      /✗ policy-document .*← decided\n +read +no signature\n +expected +CN=treasurer \([0-9A-F]{40}\)\n/,
    );
  });

  it('is told that a shared provider is nobody’s', async () => {
    expect(await run('explain', walk.shared.requestId)).toMatch(
      /✗ policy-set .*shared provider cannot be changed.*← decided/,
    );
  });

  it('takes the provider away', async () => {
    expect(await run('provider', 'delete', PROVIDER)).toBe('');
    expect(await run('provider', 'list')).toBe('');
    const { code, stderr } = await standOf().touchstone('provider', 'show', PROVIDER);
    expect(code).toBe(1);
    expect(stderr).toContain('PROVIDER_REFUSED');
  });
}
