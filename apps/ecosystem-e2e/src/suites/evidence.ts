import { readFile, writeFile } from 'node:fs/promises';
import { sha256, toHex } from '@touchstone/bytes';
import { isDebug, parseOeReport, parseQuote } from '@touchstone/quote';
import { jwtClaims, parseCompactJws } from '@touchstone/token';
import { RUNTIME_DATA } from '../relying-party';
import type { StandOf } from './stand';

/** `touchstone evidence make`. */
export function evidenceSuite(standOf: StandOf): void {
  async function make(...args: readonly string[]): Promise<Uint8Array> {
    const { touchstone, folder } = standOf();
    const [data, out] = [folder('runtime-data'), folder('evidence')];
    await writeFile(data, RUNTIME_DATA);
    const ran = await touchstone(
      ...['evidence', 'make', '--runtime-data', data, '--out', out],
      ...args,
    );
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    return new Uint8Array(await readFile(out));
  }

  it('is a quote over data of one’s own, of the enclave that was asked for', async () => {
    const { party } = standOf();
    const bytes = await make('--format', 'sgx-quote', '--product-id', '7', '--svn', '3');
    const quote = parseQuote(bytes);
    if (quote.teeType !== 'sgx') throw new Error('no SGX quote');
    const { images } = await party.host.getPlatformInfo({});
    expect(quote.body).toMatchObject({ isvProdId: 7, isvSvn: 3 });
    expect(toHex(quote.body.mrSigner)).toBe(toHex(images[0]?.mrSigner ?? new Uint8Array()));
    expect(toHex(quote.body.reportData)).toBe(`${toHex(sha256(RUNTIME_DATA))}${'00'.repeat(32)}`);
    expect(isDebug(quote.body.attributes)).toBe(false);
    const { granted, token } = await party.attest(bytes);
    expect(granted).toBe(true);
    expect(claimsOf(token)).toMatchObject({
      'x-ms-sgx-product-id': 7,
      'x-ms-sgx-svn': 3,
      'x-ms-sgx-is-debuggable': false,
    });
  });

  it('is an Open Enclave report, of a debug enclave where that is wanted', async () => {
    const report = await make('--format', 'oe-report', '--debug');
    const { quote } = parseOeReport(report);
    expect(parseQuote(quote).teeType).toBe('sgx');
    const { token } = await standOf().party.maa.attestOpenEnclave({
      report,
      runtimeData: { bytes: RUNTIME_DATA, dataType: 'JSON' },
    });
    expect(claimsOf(token)).toMatchObject({ 'x-ms-sgx-is-debuggable': true });
  });

  it('is not made of an enclave that there cannot be', async () => {
    const { touchstone, folder } = standOf();
    const { code, stdout, stderr } = await touchstone(
      ...['evidence', 'make', '--runtime-data', folder('runtime-data'), '--out', folder('none')],
      ...['--format', 'sgx-quote', '--product-id', '65536'],
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('from 0 to 65535');
  });
}

const claimsOf = (token: string): unknown => jwtClaims(parseCompactJws(token));
