import { createHash } from 'node:crypto';
import { toBase64Url } from '@touchstone/bytes';
import { aPlatform, breakOneThing, collateralOf } from '@touchstone/testkit';
import { jsonOf, openBench, postAttest, type Bench } from './bench';
import { aBoundQuote } from './evidence';

jest.setTimeout(60_000);

const DAY_MS = 86_400_000;
const DOCUMENTS = 4;

describe('collateral', () => {
  const platform = aPlatform({ at: new Date() });
  let bench: Bench;
  let quote: string;

  beforeEach(async () => {
    bench = await openBench({ platform });
    quote = toBase64Url(aBoundQuote(bench.platform));
  });
  afterEach(() => bench.close());

  const status = async (): Promise<number> => (await postAttest(bench, { quote })).status;

  it('is asked for once, however many attest at the same time', async () => {
    expect(await Promise.all([status(), status(), status(), status()])).toEqual([
      200, 200, 200, 200,
    ]);
    expect(bench.stand.asked()).toHaveLength(DOCUMENTS);
    expect(await status()).toBe(200);
    expect(bench.stand.asked()).toHaveLength(DOCUMENTS);
  });

  it('that is held serves while the cache is down, and over a restart', async () => {
    expect(await status()).toBe(200);
    bench.stand.outage(true);
    await bench.service().refreshCollateral();
    expect(await status()).toBe(200);
    await bench.restart();
    expect(await status()).toBe(200);
  });

  it('that cannot be had is our trouble, not the caller’s', async () => {
    bench.stand.outage(true);
    const response = await postAttest(bench, { quote });
    expect(response.status).toBe(503);
    expect(response.headers['retry-after']).toBeDefined();
    expect(jsonOf(response)).toMatchObject({ error: { code: 'ServiceUnavailable' } });
  });

  it('of a platform that the cache does not know is an error of the quote', async () => {
    bench.stand.serve(undefined);
    const response = await postAttest(bench, { quote });
    expect(response.status).toBe(400);
    expect(jsonOf(response)).toMatchObject({ error: { code: 'InvalidParameter' } });
  });

  it('that goes back in time is not followed', async () => {
    expect(await status()).toBe(200);
    const { authority, model, at } = bench.platform;
    const older = authority.collateral(model, new Date(at.getTime() - 2 * DAY_MS));
    bench.stand.serve(older);
    await bench.service().refreshCollateral();
    const token = (jsonOf(await postAttest(bench, { quote })) as { token: string }).token;
    const claims = JSON.parse(
      Buffer.from(token.split('.')[1] ?? '', 'base64url').toString(),
    ) as object;
    const { tcbInfo } = collateralOf(bench.platform);
    expect(claims).toMatchObject({
      'x-ms-sgx-collateral': { tcbinfohash: createHash('sha256').update(tcbInfo).digest('hex') },
    });
  });

  it('that does not verify does not displace what did', async () => {
    expect(await status()).toBe(200);
    bench.stand.serve(breakOneThing(bench.platform, 'root-crl-without-number').collateral);
    await bench.service().refreshCollateral();
    expect(await status()).toBe(200);
    expect(await status()).toBe(200);
  });

  it('that revokes the platform takes effect with the next refresh', async () => {
    expect(await status()).toBe(200);
    bench.stand.serve(breakOneThing(bench.platform, 'pck-revoked').collateral);
    await bench.service().refreshCollateral();
    expect(await status()).toBe(400);
  });

  it('whose CRLs are past their date judges nobody', async () => {
    expect(await status()).toBe(200);
    bench.stand.outage(true);
    bench.clock.advance(400 * DAY_MS);
    const response = await postAttest(bench, { quote });
    expect(response.status).toBe(400);
    expect(jsonOf(response)).toMatchObject({
      error: {
        message: expect.stringContaining(
          'TCBInfo or QEID provided by the PCK Cache Service was invalid',
        ),
      },
    });
  });
});
