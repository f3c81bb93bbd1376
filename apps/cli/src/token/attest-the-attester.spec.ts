import { generateKeyPairSync } from 'node:crypto';
import { quoteExtensions } from '@touchstone/attested-key';
import { CheckLog } from '@touchstone/decision';
import { rsaSelfSigned, type ExtraExtension } from '@touchstone/pki';
import { INTEL_ANCHORS } from '@touchstone/service-verifier';
import { createTokenSigner, maaJwks } from '@touchstone/token';
import { A_QUOTE } from '../policy/__fixtures__/a-quote';
import { createAttesterQuestion } from './attest-the-attester';
import { TokenUnjudged } from './judge-token';

const ISSUER = 'https://shareduks.uks.attest.example.test';
const AT = new Date('2026-03-15T00:00:00Z');
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const privateKeyPkcs8 = new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' }));
const signer = createTokenSigner({ privateKeyPkcs8 });

const certificateWith = (extensions: readonly ExtraExtension[]): Uint8Array =>
  rsaSelfSigned({
    commonName: ISSUER,
    privateKeyPkcs8,
    serial: Uint8Array.of(1),
    notBefore: new Date('2019-05-01T00:00:00Z'),
    notAfter: new Date('2050-12-31T23:59:59Z'),
    extensions,
  });

/** Asks about a token that verified under a key with these certificates. */
async function asked(certificates: readonly Uint8Array[]) {
  const question = createAttesterQuestion({
    at: AT,
    collateral: [],
    anchors: INTEL_ANCHORS,
    without: [],
  });
  const [jwk] = maaJwks([{ ...signer, certificates }]).keys;
  if (!jwk) throw new Error('there is a key');
  const token = { header: { alg: 'RS256' }, claims: { iss: `${ISSUER}/` }, jwk };
  const sound = { jwt: '', token, authority: { source: '', keys: async () => [jwk] } };
  const log = new CheckLog();
  const error: unknown = await question.ask(sound, log).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { error, checks: log.checks, judgement: question.judgement() };
}

describe('the question after the attester', () => {
  it.each([
    ['no certificate', []],
    ['the certificate of a plain key', [certificateWith([])]],
  ])('is answered with no for a key with %s', async (_name, certificates) => {
    const { error, checks } = await asked(certificates);
    expect(error).toMatchObject({ code: 'SIGNER_NOT_ATTESTED' });
    expect(checks.at(-1)).toMatchObject({ result: 'failed', code: 'SIGNER_NOT_ATTESTED' });
  });

  it('is answered with no for a quote that nobody signed, in one line', async () => {
    const { error, checks, judgement } = await asked([
      certificateWith(quoteExtensions(A_QUOTE, 'report')),
    ]);
    const code = judgement?.document.code;
    expect(code).toEqual(expect.any(String));
    expect(error).toMatchObject({ code });
    expect(error).not.toBeInstanceOf(TokenUnjudged);
    expect(checks.at(-1)).toEqual({ name: 'signer-quote', result: 'failed', code });
    expect(checks.every(({ name }) => name.startsWith('signer-'))).toBe(true);
  });
});
