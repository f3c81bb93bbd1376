import { writeFile } from 'node:fs/promises';
import { AttestationClient } from '@azure/attestation';
import { toHex } from '@touchstone/bytes';
import { createHttpClient } from '@touchstone/http-client';
import { createMaaClient } from '@touchstone/maa-client';
import { RUNTIME_DATA, type RelyingParty } from '../relying-party';
import type { Ran } from '../touchstone';
import type { StandOf } from './stand';

/** A region that signs inside an enclave, and two that do not. */
const TEE_PROVIDER = 'shareduks';
const PLAIN_PROVIDER = 'sharedeus2';
/** Of which the vault has not asked for keys: it keeps what it has for half a minute, which announcements are for. */
const UNASKED_PROVIDER = 'https://sharedcus.cus.attest.azure.net';
const IMAGE = 'token-signer';

/** Microsoft's client, its own validation switched on. It keeps the keys that it saw first. */
function clientOf(party: RelyingParty, provider: string): AttestationClient {
  const endpoint = `${party.url('attestation-service')}/${provider}`;
  return new AttestationClient(endpoint, {
    tlsOptions: { ca: party.ca },
    validationOptions: {
      validateToken: true,
      validateIssuer: true,
      expectedIssuer: endpoint,
      validateExpirationTime: true,
    },
  });
}

interface Judged {
  readonly code: number | null;
  readonly verdict: string;
  readonly reason: string | null;
  readonly attester?: { readonly verdict: string; readonly facts: Record<string, unknown> };
}

function judged({ code, stdout }: Ran): Judged {
  const { verdict, code: reason, attester } = JSON.parse(stdout);
  return { code, verdict, reason, ...(attester && { attester }) };
}

/** Whoever signs tokens: born inside, attested by whoever cares, rotated. */
export function signersSuite(standOf: StandOf): void {
  /** A token that Microsoft's client accepted, and the key that signed it. */
  async function attested(provider: string) {
    const { party } = standOf();
    const client = clientOf(party, provider);
    const { token } = await client.attestSgxEnclave(await party.quote(), {
      runTimeJson: RUNTIME_DATA,
    });
    return { token, kid: token.keyId, jwt: token.serialize() };
  }

  async function verified(jwt: string, ...args: readonly string[]): Promise<Judged> {
    const { touchstone, folder } = standOf();
    const file = folder('token.jwt');
    await writeFile(file, jwt);
    return judged(
      await touchstone('token', 'verify', file, '--attest-the-attester', '--json', ...args),
    );
  }

  const signerImage = async () => {
    const { images } = await standOf().party.host.getPlatformInfo({});
    const image = images.find(({ name }) => name === IMAGE);
    if (!image) throw new Error('the machine has no signer');
    return { mrEnclave: toHex(image.mrEnclave), mrSigner: toHex(image.mrSigner) };
  };

  it('of a TEE region sign inside the enclave that they say', async () => {
    const { jwt } = await attested(TEE_PROVIDER);
    const { mrEnclave, mrSigner } = await signerImage();
    const pins = ['--mrenclave', mrEnclave, '--mrsigner', mrSigner];
    expect(await verified(jwt, ...pins)).toMatchObject({
      code: 0,
      verdict: 'valid',
      attester: { verdict: 'genuine', facts: { mrEnclave, mrSigner, debug: false } },
    });
  });

  it('of one’s own provider there do too', async () => {
    const { touchstone } = standOf();
    const made = await touchstone('provider', 'create', 'thames', '--location', 'uksouth');
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const { jwt } = await attested('thames');
    expect(await verified(jwt)).toMatchObject({ code: 0, attester: { verdict: 'genuine' } });
  });

  it.each([
    ['a plain key', PLAIN_PROVIDER, [], 'SIGNER_NOT_ATTESTED'],
    ['another author', TEE_PROVIDER, ['--mrsigner', '00'.repeat(32)], 'SIGNER_MRSIGNER'],
    ['another enclave', TEE_PROVIDER, ['--mrenclave', '00'.repeat(32)], 'SIGNER_MRENCLAVE'],
    ['a machine of Intel’s', TEE_PROVIDER, ['--anchor', 'intel'], 'PCK_CHAIN_UNTRUSTED'],
  ])('are refused where it is, or has to be, %s', async (_name, provider, args, reason) => {
    const { jwt } = await attested(provider);
    expect(await verified(jwt, ...args)).toMatchObject({ code: 1, verdict: 'rejected', reason });
  });

  it('are rejected when their platform is revoked, and genuine again', async () => {
    const { touchstone } = standOf();
    const { jwt } = await attested(TEE_PROVIDER);
    expect(await touchstone('fault', 'revoke-platform')).toMatchObject({ code: 0 });
    expect(await verified(jwt)).toMatchObject({
      code: 1,
      verdict: 'rejected',
      reason: 'PCK_REVOKED',
    });
    expect(await touchstone('fault', 'clear')).toMatchObject({ code: 0 });
    expect(await verified(jwt)).toMatchObject({ code: 0, verdict: 'valid' });
  });

  it('that are lost with their enclave give way to new ones, and old tokens stay valid', async () => {
    const { party } = standOf();
    const before = await attested(TEE_PROVIDER);
    const { enclaves } = await party.host.listEnclaves({});
    for (const { id, name } of enclaves) {
      if (name === IMAGE) await party.host.terminateEnclave({ enclaveId: id });
    }
    const after = await attested(TEE_PROVIDER);
    expect(after.kid).not.toBe(before.kid);
    expect(await verified(before.jwt)).toMatchObject({ code: 0, verdict: 'valid' });
    expect(await verified(after.jwt)).toMatchObject({ code: 0, verdict: 'valid' });
  });

  it.each([TEE_PROVIDER, PLAIN_PROVIDER])(
    'of %s rotate, and old tokens stay valid',
    async (name) => {
      const { party, touchstone } = standOf();
      const before = await attested(name);
      const ran = await touchstone('keys', 'rotate', '--provider', name, '--announce', '0');
      expect(ran).toMatchObject({ code: 0, stderr: '' });
      expect(ran.stdout).toContain(`  retired    ${before.kid}`);
      const after = await attested(name);
      expect(after.kid).not.toBe(before.kid);
      expect(ran.stdout).toContain(`  signing    ${after.kid}`);
      const client = clientOf(party, name);
      const signers = await client.getAttestationSigners();
      for (const { token } of [before, after]) expect(token.getTokenProblems(signers)).toEqual([]);
    },
  );

  it('announce a new one, which the old one goes on for until it is time', async () => {
    const { touchstone } = standOf();
    const before = await attested(PLAIN_PROVIDER);
    const ran = await touchstone('keys', 'rotate', '--provider', PLAIN_PROVIDER, '--json');
    const { regions } = JSON.parse(ran.stdout) as { regions: { keys: object[] }[] };
    expect(regions[0]?.keys.slice(0, 2)).toMatchObject([
      { state: 'announced' },
      { state: 'signing', kid: before.kid },
    ]);
    expect((await attested(PLAIN_PROVIDER)).kid).toBe(before.kid);
  });

  it('of before and after a rotation both open the vault', async () => {
    const { party, touchstone } = standOf();
    const http = createHttpClient({
      ca: party.ca,
      originMap: { [UNASKED_PROVIDER]: party.url('attestation-service') },
    });
    const maa = createMaaClient({ endpoint: UNASKED_PROVIDER, http });
    const runtimeData = { bytes: RUNTIME_DATA, dataType: 'JSON' } as const;
    const token = async () =>
      (await maa.attestSgx({ quote: await party.quote(), runtimeData })).token;
    try {
      const before = await token();
      await touchstone('keys', 'rotate', '--provider', 'sharedcus', '--announce', '0');
      const after = await token();
      const key = await party.keepKey('rotated', UNASKED_PROVIDER);
      for (const each of [before, after]) {
        expect(toHex(await party.release('rotated', each))).toBe(toHex(key));
      }
    } finally {
      await http.close();
    }
  });
}
