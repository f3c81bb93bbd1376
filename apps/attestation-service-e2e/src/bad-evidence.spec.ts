import { toBase64, toBase64Url, toUtf8 } from '@touchstone/bytes';
import { encodeOeReport } from '@touchstone/quote';
import { openBench, postAttest, type Bench } from './bench';
import { aBoundQuote } from './evidence';
import { COLLATERAL_ERROR, expectRefusal, expectRefusedEvidence } from './refusals';

jest.setTimeout(60_000);

let bench: Bench;
let evidence: Uint8Array;

beforeAll(async () => {
  bench = await openBench();
  evidence = aBoundQuote(bench.platform);
});
afterAll(() => bench.close());

describe('evidence that is not as it should be', () => {
  it.each([0, 1, 47, 48, 431, 432, 435, 436, 600, 1000, 1020, 2000])(
    'cut after %d bytes',
    async (length) => {
      const cut = evidence.slice(0, Math.min(length, evidence.length - 1));
      const response = await postAttest(bench, { quote: toBase64Url(cut) });
      if (length === 0) expect(response.status).toBe(400);
      else expectRefusedEvidence(response);
    },
  );

  it('with a byte behind it', async () => {
    const longer = new Uint8Array([...evidence, 1]);
    expectRefusedEvidence(await postAttest(bench, { quote: toBase64Url(longer) }));
  });

  it('with one bit flipped anywhere', async () => {
    const step = Math.ceil(evidence.length / 150);
    for (let offset = 0; offset < evidence.length; offset += step) {
      const flipped = evidence.slice();
      flipped[offset] = (flipped[offset] ?? 0) ^ (1 << (offset % 8));
      const response = await postAttest(bench, { quote: toBase64Url(flipped) });
      // PEM has white space and a header's version of the QE that nothing depends on: those may pass, nothing may be a 500.
      expect([200, 400]).toContain(response.status);
      const signed = offset < 432 || (offset >= 436 && offset < 436 + 64 + 64 + 384 + 64);
      if (signed) expectRefusedEvidence(response);
    }
  });

  it.each<[string, number, number]>([
    ['of another version', 0, 2],
    ['of a local report', 4, 1],
    ['with a size that is one too small', 8, -1],
    ['with a size that is one too large', 8, 1],
    ['with a size of 2^56', 15, 1],
  ])('behind an Open Enclave header %s', async (_name, offset, change) => {
    const report = encodeOeReport(evidence);
    report[offset] = offset === 8 ? (report[8] ?? 0) + change : change;
    expectRefusedEvidence(await postAttest(bench, { report: toBase64Url(report) }, 'OpenEnclave'));
  });

  it.each([1, 15, 16, 17, 500])('cut after %d bytes of an Open Enclave report', async (length) => {
    const report = encodeOeReport(evidence).slice(0, length);
    expectRefusedEvidence(await postAttest(bench, { report: toBase64Url(report) }, 'OpenEnclave'));
  });

  it('without an Open Enclave header', async () => {
    expectRefusedEvidence(await postAttest(bench, { report: toBase64(evidence) }, 'OpenEnclave'));
  });

  it('of a processor that another root made', async () => {
    const strict = await openBench({ trustSimulator: false });
    try {
      const foreign = toBase64Url(aBoundQuote(strict.platform));
      expectRefusal(
        await postAttest(strict, { quote: foreign }),
        400,
        'InvalidParameter',
        COLLATERAL_ERROR,
      );
    } finally {
      await strict.close();
    }
  });
});

it('never says what went wrong inside', async () => {
  const { body } = await postAttest(bench, { quote: 'AAAA' });
  expect(toUtf8(body)).not.toMatch(/\/|\.ts|QuoteError|at /);
});
