import { createPublicKey, verify } from 'node:crypto';
import { fromUtf8, toHex } from '@touchstone/bytes';
import {
  acceptKeyBirth,
  agreeCallKey,
  channelPublicKey,
  encodeCall,
  keyReportData,
} from '@touchstone/attested-key';
import { createEnclave } from '@touchstone/enclave-sdk';
import { toPem } from '@touchstone/pki';
import { quoteOver } from '../__fixtures__/quote';
import { createTokenSigner } from './token-signer';

const SECRET = new Uint8Array(32).fill(7);
const CONTROLLER = channelPublicKey(SECRET);
const DATA = fromUtf8('header.payload');

/** On a host whose Quoting Enclave puts the report data into a quote. */
function anEnclave() {
  const enclave = createEnclave({
    ocall: async (name, payload) =>
      name === 'qe-target-info' ? new Uint8Array(512) : quoteOver(payload.slice(0, 64)),
    report: (_targetInfo, reportData) => reportData,
    getKey: () => new Uint8Array(16),
    yield: async () => undefined,
  });
  return { enclave, signer: createTokenSigner() };
}

async function bornIn({ enclave, signer }: ReturnType<typeof anEnclave>) {
  const birth = acceptKeyBirth(await signer.bear(CONTROLLER, enclave), CONTROLLER);
  const ends = { controller: CONTROLLER, enclave: birth.channelKey };
  return { birth, callKey: agreeCallKey(SECRET, ends) };
}

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'done',
    (error: { code?: string }) => error.code,
  );

describe('the token signer', () => {
  it('bears a key for its controller, quoted over the key', async () => {
    const { birth } = await bornIn(anEnclave());
    expect(toHex(birth.quote)).toBe(toHex(quoteOver(keyReportData(birth.spki))));
  });

  it('signs what its controller sends', async () => {
    const inside = anEnclave();
    const { birth, callKey } = await bornIn(inside);
    const signature = await inside.signer.sign(encodeCall(callKey, DATA), inside.enclave);
    const key = createPublicKey(toPem(birth.spki, 'PUBLIC KEY'));
    expect(verify('sha256', DATA, key, signature)).toBe(true);
  });

  it('signs nothing for anybody else, its host included', async () => {
    const inside = anEnclave();
    await bornIn(inside);
    const forged = encodeCall(new Uint8Array(32), DATA);
    expect(await codeOf(inside.signer.sign(forged, inside.enclave))).toBe(
      'ATTESTED_KEY_CALL_REFUSED',
    );
  });

  it('signs nothing before it has a key', async () => {
    const { signer, enclave } = anEnclave();
    expect(await codeOf(signer.sign(DATA, enclave))).toBe('TOKEN_SIGNER_UNBORN');
  });

  it('obeys no second controller', async () => {
    const inside = anEnclave();
    await bornIn(inside);
    const other = channelPublicKey(new Uint8Array(32).fill(8));
    expect(await codeOf(inside.signer.bear(other, inside.enclave))).toBe('TOKEN_SIGNER_BORN');
  });

  it('obeys nobody who is no controller', async () => {
    const { signer, enclave } = anEnclave();
    expect(await codeOf(signer.bear(new Uint8Array(32), enclave))).toBe('ATTESTED_KEY_CHANNEL');
  });
});
