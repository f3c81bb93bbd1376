import type { HttpRequest } from '@touchstone/http-client';
import { INTEL_PCS_URL, INTEL_ROOT_CRL_URL } from '@touchstone/pcs-client';
import type { CollateralSource } from '@touchstone/service-verifier';
import { pccsSource } from './pccs-source';

const PCCS = 'https://localhost:8081';

/** What a source asks for, where nobody has anything. */
async function askedBy(
  baseUrl: string,
  ask: (source: CollateralSource) => Promise<unknown>,
): Promise<readonly string[]> {
  const asked: string[] = [];
  const request = async ({ url }: HttpRequest) => {
    asked.push(url);
    return { status: 404, headers: {}, body: new Uint8Array() };
  };
  await expect(ask(pccsSource(baseUrl, { request }))).rejects.toMatchObject({
    code: 'PCS_NOT_FOUND',
  });
  return asked;
}

describe('a source of collateral', () => {
  it.each(['sgx', 'tdx'] as const)('asks for documents of %s below its own path', async (tee) => {
    const base = `${PCCS}/${tee}/certification/v4`;
    expect(await askedBy(PCCS, (source) => source.tcbInfo(tee, 'b0c06f000000'))).toEqual([
      `${base}/tcb?fmspc=B0C06F000000&update=standard`,
    ]);
    expect(await askedBy(PCCS, (source) => source.qeIdentity(tee))).toEqual([
      `${base}/qe/identity?update=standard`,
    ]);
  });

  it('asks a cache for the root CRL', async () => {
    const [asked] = await askedBy(PCCS, (source) => source.rootCaCrl());
    expect(asked).toMatch(`${PCCS}/sgx/certification/v4/rootcacrl`);
  });

  it('asks Intel for the root CRL where it is published', async () => {
    expect(await askedBy(`${INTEL_PCS_URL}/`, (source) => source.rootCaCrl())).toEqual([
      expect.stringContaining(INTEL_ROOT_CRL_URL),
    ]);
  });
});
