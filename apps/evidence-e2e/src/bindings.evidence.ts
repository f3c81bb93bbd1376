import { equal, sha256 } from '@touchstone/bytes';
import { isDebug, parseCustomClaims } from '@touchstone/quote';
import { verifyBinding } from '@touchstone/verification';
import { itemsOf, readEvidence, readText } from './manifest';
import { quoteOf } from './quote-items';

const items = itemsOf('sgx-quote-v3', 'oe-report');
const withFile = (ending: string) =>
  items
    .filter(({ files }) => files.some((file) => file.endsWith(ending)))
    .map(
      (item) => [item.id, item, item.files.find((file) => file.endsWith(ending)) ?? ''] as const,
    );

describe.each(withFile('runtime-data.bin'))('%s', (_id, item, file) => {
  const quote = quoteOf(item);
  const runtimeData = readEvidence(file);

  it('was made for the runtime data beside it', () => {
    expect(() => verifyBinding(quote, runtimeData)).not.toThrow();
  });

  it('was made for no other', () => {
    expect(() => verifyBinding(quote, runtimeData.subarray(1))).toThrow(
      expect.objectContaining({ code: 'RUNTIME_DATA_MISMATCH' }),
    );
  });
});

describe.each(withFile('pubkey.hex'))('%s', (_id, item, file) => {
  it('binds its custom claims, which name the public key', () => {
    const { trailing, body } = quoteOf(item);
    expect(() => verifyBinding({ body }, trailing)).not.toThrow();
    const [claim] = parseCustomClaims(trailing);
    expect(claim?.name).toBe('pk');
    expect(equal(claim?.value ?? new Uint8Array(), Buffer.from(readText(file).trim(), 'hex'))).toBe(
      true,
    );
    expect(equal(body.reportData.subarray(0, 32), sha256(trailing))).toBe(true);
  });
});

interface EnclaveInfo {
  readonly MrEnclaveHex: string;
  readonly MrSignerHex: string;
  readonly SecurityVersion: number;
  /** Open Enclave has flags of its own (bit 0 debug, bit 1 remote); the SGX SDK shows those of the report. */
  readonly Attributes: number;
}

describe.each(withFile('enclave.info.json'))('%s', (_id, item, file) => {
  it('is of the enclave that its own tool described', () => {
    const info = JSON.parse(readText(file).replace(/^\uFEFF/, '')) as EnclaveInfo;
    const quote = quoteOf(item);
    const debugBit = item.kind === 'oe-report' ? 1 : 2;
    if (quote.teeType !== 'sgx') throw new Error('an SGX quote is expected');
    expect(Buffer.from(quote.body.mrEnclave).toString('hex').toUpperCase()).toBe(info.MrEnclaveHex);
    expect(Buffer.from(quote.body.mrSigner).toString('hex').toUpperCase()).toBe(info.MrSignerHex);
    expect(quote.body.isvSvn).toBe(info.SecurityVersion);
    expect(isDebug(quote.body.attributes)).toBe((info.Attributes & debugBit) !== 0);
  });
});
