import { fromUtf8, toHex } from '@touchstone/bytes';
import {
  CHAIN,
  CRL,
  ENCODED_CHAIN,
  FMSPC,
  identity,
  PCK_PEM,
  TCBM,
  tcbInfo,
} from './__fixtures__/documents';
import { fakeHttp, type Answer } from './__fixtures__/fake-http';
import { createPccsClient } from './pccs-client';

const clientOf = (...answers: readonly Answer[]) => {
  const fake = fakeHttp(...answers);
  const options = { baseUrl: 'https://localhost:8081', http: fake.http, retries: 0 };
  return { client: createPccsClient(options), ...fake };
};

const tcb: Answer = { body: tcbInfo(), headers: { 'tcb-info-issuer-chain': ENCODED_CHAIN } };
const qe: Answer = {
  body: identity(),
  headers: { 'sgx-enclave-identity-issuer-chain': ENCODED_CHAIN },
};
const crl: Answer = { body: CRL, headers: { 'sgx-pck-crl-issuer-chain': ENCODED_CHAIN } };

describe('pckCertificate', () => {
  const platform = {
    qeId: new Uint8Array(16).fill(0xab),
    cpuSvn: new Uint8Array(16).fill(1),
    pceSvn: 15,
    pceId: 0,
  };
  const headers = {
    'sgx-tcbm': TCBM.toLowerCase(),
    'sgx-fmspc': FMSPC,
    'sgx-pck-certificate-ca-type': 'processor',
    'sgx-pck-certificate-issuer-chain': ENCODED_CHAIN,
  };

  it('asks with little-endian SVNs in hex', async () => {
    const { client, requests } = clientOf({ body: fromUtf8(PCK_PEM), headers });
    const served = await client.pckCertificate({
      ...platform,
      encryptedPpid: new Uint8Array(384).fill(0xcd),
    });
    expect(Object.fromEntries(new URL(requests[0]?.url ?? '').searchParams)).toEqual({
      qeid: 'AB'.repeat(16),
      encrypted_ppid: 'CD'.repeat(384),
      cpusvn: '01'.repeat(16),
      pcesvn: '0F00',
      pceid: '0000',
    });
    expect(served).toEqual({
      certificate: PCK_PEM,
      issuerChain: CHAIN,
      tcbm: TCBM,
      fmspc: FMSPC,
      ca: 'processor',
    });
  });

  it.each([
    ['no certificate', { body: fromUtf8('No'), headers }],
    [
      'a certificate of another kind',
      { body: fromUtf8(CHAIN.slice(0, CHAIN.length / 2)), headers },
    ],
    ['no TCBM', { body: fromUtf8(PCK_PEM), headers: { ...headers, 'sgx-tcbm': '' } }],
    ['no FMSPC', { body: fromUtf8(PCK_PEM), headers: { ...headers, 'sgx-fmspc': '' } }],
  ])('refuses an answer with %s', async (_name, answer) => {
    const { client } = clientOf(answer);
    await expect(client.pckCertificate(platform)).rejects.toMatchObject({
      code: 'PCS_BAD_ANSWER',
    });
  });

  it.each([
    [461, 'PCS_NOT_FOUND'],
    [462, 'PCS_NOT_AVAILABLE'],
    [502, 'PCS_UNREACHABLE'],
  ])('knows the status %i of a PCCS', async (status, code) => {
    const { client } = clientOf({ status });
    await expect(client.pckCertificate(platform)).rejects.toMatchObject({ code });
  });
});

describe('collateral', () => {
  it('is everything that a verifier needs', async () => {
    const { client } = clientOf(tcb, qe, crl, { body: fromUtf8(toHex(CRL)) });
    expect(await client.collateral({ fmspc: FMSPC, ca: 'processor' })).toEqual({
      tcbInfo: tcbInfo(),
      tcbInfoIssuerChain: CHAIN,
      qeIdentity: identity(),
      qeIdentityIssuerChain: CHAIN,
      pckCrl: CRL,
      pckCrlIssuerChain: CHAIN,
      rootCaCrl: CRL,
    });
  });

  it('is refused when a part is', async () => {
    const { client } = clientOf(tcb, qe, crl, { body: fromUtf8('no CRL') });
    await expect(client.collateral({ fmspc: FMSPC, ca: 'processor' })).rejects.toMatchObject({
      code: 'PCS_BAD_ANSWER',
    });
  });
});
