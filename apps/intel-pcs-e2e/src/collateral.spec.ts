import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseEnclaveIdentity, parseTcbInfo } from '@touchstone/collateral';
import {
  parseCertificate,
  parseCrl,
  parsePemChain,
  verifyCrlSignature,
  verifyEcdsaP256,
} from '@touchstone/pki';
import { pemOfHeader, World } from './world';

let world: World;

beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

const FMSPC = 'E3A067110000';
const names = (pem: string) => parsePemChain(pem).map(({ subject }) => subject.commonName);

describe('GET tcb', () => {
  it.each([
    ['v4', 3, 'tcb-info-issuer-chain'],
    ['v3', 2, 'sgx-tcb-info-issuer-chain'],
  ])('answers under %s with version %i of the document', async (version, number, header) => {
    const { status, headers, body } = await world.ask(
      `/sgx/certification/${version}/tcb?fmspc=${FMSPC}`,
    );
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/json');
    expect(headers['request-id']).toMatch(/^[0-9a-f]{32}$/);
    const info = parseTcbInfo(body);
    expect(info.version).toBe(number);
    expect(info.fmspc).toBe(FMSPC.toLowerCase());
    const chain = parsePemChain(pemOfHeader(headers[header]));
    expect(names(pemOfHeader(headers[header]))).toEqual([
      'Intel SGX TCB Signing',
      'Intel SGX Root CA',
    ]);
    const signer = chain[0]?.publicKey;
    if (!signer) throw new Error('no signer');
    expect(verifyEcdsaP256(signer, info.signedBytes, info.signature, 'ieee-p1363')).toBe(true);
  });

  it('takes hex of either case', async () => {
    const { status } = await world.ask(`/sgx/certification/v4/tcb?fmspc=${FMSPC.toLowerCase()}`);
    expect(status).toBe(200);
  });

  it('follows update and evaluation number', async () => {
    const number = async (query: string) => {
      const { body } = await world.ask(`/sgx/certification/v4/tcb?fmspc=${FMSPC}&${query}`);
      return parseTcbInfo(body).tcbEvaluationDataNumber;
    };
    expect(await number('update=early')).toBe(20);
    expect(await number('tcbEvaluationDataNumber=18')).toBe(18);
  });

  it.each([
    ['no FMSPC', 'v4/tcb', 400],
    ['a short FMSPC', 'v4/tcb?fmspc=E3A0', 400],
    ['an FMSPC that is not hex', 'v4/tcb?fmspc=E3A06711000G', 400],
    ['an FMSPC twice', `v4/tcb?fmspc=${FMSPC}&fmspc=${FMSPC}`, 400],
    ['an unknown update', `v4/tcb?fmspc=${FMSPC}&update=late`, 400],
    ['update and number', `v4/tcb?fmspc=${FMSPC}&update=early&tcbEvaluationDataNumber=19`, 400],
    ['a number that is none', `v4/tcb?fmspc=${FMSPC}&tcbEvaluationDataNumber=x`, 400],
    ['an unknown FMSPC', 'v4/tcb?fmspc=00906ED50000', 404],
    ['a number that never was', `v4/tcb?fmspc=${FMSPC}&tcbEvaluationDataNumber=99`, 404],
    ['a number that is gone', `v4/tcb?fmspc=${FMSPC}&tcbEvaluationDataNumber=12`, 410],
    ['an unknown API version', `v5/tcb?fmspc=${FMSPC}`, 404],
    ['broken encoding', 'v4/tcb?fmspc=%E0%A4%A', 400],
  ])('refuses %s', async (_name, query, expected) => {
    const { status, headers, body } = await world.ask(`/sgx/certification/${query}`);
    expect(status).toBe(expected);
    expect(headers['request-id']).toMatch(/^[0-9a-f]{32}$/);
    expect(headers['error-code']).toBe(expected === 400 ? 'InvalidRequestSyntax' : undefined);
    expect(body).toHaveLength(0);
  });

  it('knows no TDX platform', async () => {
    const { status } = await world.ask(`/tdx/certification/v4/tcb?fmspc=${FMSPC}`);
    expect(status).toBe(404);
  });

  it('has no other method', async () => {
    const { status, headers } = await world.ask(`/sgx/certification/v4/tcb`, { method: 'DELETE' });
    expect(status).toBe(405);
    expect(headers['allow']).toBe('GET, HEAD');
  });
});

describe('GET identity', () => {
  it.each([
    ['/sgx/certification/v4/qe/identity', 'QE'],
    ['/sgx/certification/v3/qe/identity', 'QE'],
    ['/sgx/certification/v4/qve/identity', 'QVE'],
    ['/sgx/certification/v4/qae/identity', 'QAE'],
    ['/tdx/certification/v4/qe/identity', 'TD_QE'],
  ])('answers %s', async (url, id) => {
    const { status, headers, body } = await world.ask(url);
    expect(status).toBe(200);
    expect(parseEnclaveIdentity(body).id).toBe(id);
    expect(names(pemOfHeader(headers['sgx-enclave-identity-issuer-chain']))).toHaveLength(2);
  });

  it('leaves advisories out under v3 only', async () => {
    const levels = async (version: string) => {
      const { body } = await world.ask(`/sgx/certification/${version}/qe/identity`);
      return parseEnclaveIdentity(body).tcbLevels.flatMap(({ advisoryIds }) => advisoryIds);
    };
    expect(await levels('v3')).toEqual([]);
    expect(await levels('v4')).not.toEqual([]);
  });

  it.each([
    ['update=late', 400],
    ['tcbEvaluationDataNumber=12', 410],
    ['tcbEvaluationDataNumber=99', 404],
  ])('refuses %s', async (query, expected) => {
    const { status } = await world.ask(`/sgx/certification/v4/qe/identity?${query}`);
    expect(status).toBe(expected);
  });
});

describe('GET pckcrl', () => {
  it.each(['processor', 'platform'])('gives the CRL of the %s CA in both encodings', async (ca) => {
    const pem = await world.ask(`/sgx/certification/v4/pckcrl?ca=${ca}`);
    const der = await world.ask(`/sgx/certification/v4/pckcrl?ca=${ca}&encoding=der`);
    expect(pem.headers['content-type']).toBe('application/x-pem-file');
    expect(der.headers['content-type']).toBe('application/pkix-crl');
    expect(pem.body.toString()).toMatch(/^-----BEGIN X509 CRL-----\n/);
    expect(parseCrl(pem.body).der).toEqual(new Uint8Array(der.body));
    const [issuer] = parsePemChain(pemOfHeader(der.headers['sgx-pck-crl-issuer-chain']));
    if (!issuer) throw new Error('no issuer');
    expect(verifyCrlSignature(parseCrl(der.body), issuer)).toBe(true);
  });

  it.each(['', 'ca=root', 'ca=platform&encoding=hex'])('refuses "%s"', async (query) => {
    const { status, headers } = await world.ask(`/sgx/certification/v4/pckcrl?${query}`);
    expect(status).toBe(400);
    expect(headers['error-message']).not.toBe('');
  });
});

describe('what the root publishes', () => {
  it('is a CRL and the certificate, and the latter stands in the state folder', async () => {
    const crl = await world.ask('/IntelSGXRootCA.der');
    const cer = await world.ask('/Intel_SGX_Provisioning_Certification_RootCA.cer');
    const pem = await world.ask('/Intel_SGX_Provisioning_Certification_RootCA.pem');
    const root = parseCertificate(cer.body);
    expect(verifyCrlSignature(parseCrl(crl.body), root)).toBe(true);
    expect(crl.headers['content-type']).toBe('application/pkix-crl');
    expect(new Uint8Array(new X509Certificate(pem.body).raw)).toEqual(root.der);
    const file = await readFile(path.join(world.home, 'simulated-root.pem'), 'utf8');
    expect(file).toBe(pem.body.toString());
  });
});

describe('lists', () => {
  it.each([
    ['', 3],
    ['?platform=all', 3],
    ['?platform=E3', 1],
    ['?platform=client', 1],
  ])('give FMSPCs for "%s"', async (query, count) => {
    const { body } = await world.ask(`/sgx/certification/v4/fmspcs${query}`);
    expect(JSON.parse(body.toString())).toHaveLength(count);
  });

  it('refuse an unknown platform', async () => {
    expect((await world.ask('/sgx/certification/v4/fmspcs?platform=E7')).status).toBe(400);
  });

  it.each(['sgx', 'tdx'])('give evaluation data numbers of %s', async (tee) => {
    const { status, headers, body } = await world.ask(
      `/${tee}/certification/v4/tcbevaluationdatanumbers`,
    );
    expect(status).toBe(200);
    expect(names(pemOfHeader(headers['tcb-evaluation-data-numbers-issuer-chain']))).toHaveLength(2);
    expect(JSON.parse(body.toString())).toMatchObject({
      tcbEvaluationDataNumbers: { id: tee.toUpperCase() },
    });
  });
});

describe('the authority', () => {
  it('outlives a restart', async () => {
    const before = await world.ask('/Intel_SGX_Provisioning_Certification_RootCA.cer');
    await world.stop();
    await world.start();
    const after = await world.ask('/Intel_SGX_Provisioning_Certification_RootCA.cer');
    expect(after.body).toEqual(before.body);
  });
});
