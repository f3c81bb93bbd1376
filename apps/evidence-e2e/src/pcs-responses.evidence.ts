import type { EnclaveIdentityId } from '@touchstone/collateral';
import { createPcsClient } from '@touchstone/pcs-client';
import type { PckCa, Tee } from '@touchstone/pcs-client';
import { parsePemChain, verifyCertificateSignature, verifyEcdsaP256 } from '@touchstone/pki';
import {
  INTEL_SGX_ROOT,
  verifyCrlDocument,
  verifyEnclaveIdentityDocument,
  verifyTcbInfoDocument,
} from '@touchstone/verification';
import { changedFiles, itemsOf } from './manifest';
import { fmspcList, recordedService, signedNumbers } from './pcs-exchanges';

const [item] = itemsOf('intel-pcs-responses');
const at = new Date(item?.now ?? '');
const options = { anchors: [INTEL_SGX_ROOT], at };
const folder = 'pcs-responses';
const baseUrl = 'https://pcs.example';

const TCB_INFOS: readonly (readonly [string, Tee, string, 2 | 3, number])[] = [
  ['sgx_tcb_info_00906ED50000.json', 'sgx', '00906ED50000', 3, 17],
  ['sgx_tcb_info_alt.json', 'sgx', '00906ED50000', 3, 17],
  ['sgx_tcb_info_early.json', 'sgx', '00906ED50000', 3, 19],
  ['sgx_tcb_info_v3.json', 'sgx', '00906ED50000', 2, 17],
  ['tdx_tcb_info.json', 'tdx', '00806F050000', 3, 17],
  ['tdx_tcb_info_00806F050000.json', 'tdx', '00806F050000', 3, 17],
  ['tdx_tcb_info_eval17.json', 'tdx', '00806F050000', 3, 17],
];

const IDENTITIES: readonly (readonly [string, EnclaveIdentityId])[] = [
  ['sgx_qae_identity.json', 'QAE'],
  ['sgx_qe_identity.json', 'QE'],
  ['sgx_qe_identity_v3.json', 'QE'],
  ['sgx_qve_identity.json', 'QVE'],
  ['tdx_qe_identity.json', 'TD_QE'],
];

const CRLS: readonly (readonly [string, PckCa, number])[] = [
  ['pck_crl_platform.json', 'platform', 44],
  ['pck_crl_processor.json', 'processor', 0],
  ['pck_crl_processor_der.json', 'processor', 0],
];

const FMSPCS = ['fmspcs.json', 'fmspcs_all_platforms.json', 'fmspcs_no_filter.json'];

const NUMBERS: readonly (readonly [string, string])[] = [
  ['sgx_tcb_eval_nums.json', 'SGX'],
  ['tdx_tcb_eval_nums.json', 'TDX'],
];

describe(item?.id ?? 'pcs-responses', () => {
  it('has the bytes that the manifest was written for, and each file is judged here', () => {
    expect(item && changedFiles(item)).toEqual([]);
    const judged = [...TCB_INFOS, ...IDENTITIES, ...CRLS, ...NUMBERS].map(([file]) => file);
    expect([...judged, ...FMSPCS].map((file) => `${folder}/${file}`).sort()).toEqual(
      [...(item?.files ?? [])].sort(),
    );
  });

  it.each(TCB_INFOS)('%s is TCB info that Intel signed', async (file, tee, fmspc, ...facts) => {
    const http = recordedService(`${folder}/${file}`);
    const client = createPcsClient({ baseUrl, http });
    const { body, issuerChain } = await client.tcbInfo(fmspc, { tee });
    const { document, dates } = verifyTcbInfoDocument(body, issuerChain.pem, options);
    expect(http.asked).toEqual([
      `${baseUrl}/${tee}/certification/v4/tcb?fmspc=${fmspc}&update=standard`,
    ]);
    expect([document.version, document.tcbEvaluationDataNumber]).toEqual(facts);
    expect(dates.expired).toEqual([]);
  });

  it.each(TCB_INFOS)('%s is not taken for another platform', async (file, tee) => {
    const client = createPcsClient({ baseUrl, http: recordedService(`${folder}/${file}`) });
    await expect(client.tcbInfo('000000000000', { tee })).rejects.toMatchObject({
      code: 'PCS_BAD_ANSWER',
    });
  });

  it.each(IDENTITIES)('%s is an identity that Intel signed', async (file, id) => {
    const client = createPcsClient({ baseUrl, http: recordedService(`${folder}/${file}`) });
    const { body, issuerChain } = await client.enclaveIdentity(id);
    const { document, dates } = verifyEnclaveIdentityDocument(body, issuerChain.pem, options);
    expect([document.id, document.tcbEvaluationDataNumber]).toEqual([id, 17]);
    expect(dates.expired).toEqual([]);
  });

  it.each(CRLS)('%s holds what the %s CA of Intel signed', async (file, ca, revoked) => {
    const client = createPcsClient({ baseUrl, http: recordedService(`${folder}/${file}`) });
    const { body, issuerChain } = await client.pckCrl(ca);
    const { document, dates } = verifyCrlDocument(body, issuerChain.pem, options);
    expect(document.issuer.commonName?.toLowerCase()).toContain(ca);
    expect(document.revoked.size).toBe(revoked);
    expect(dates.expired).toEqual([]);
  });

  it.each(NUMBERS)('%s are evaluation numbers that Intel signed', (file, id) => {
    const { body, chain } = signedNumbers(`${folder}/${file}`);
    const [signer, root] = parsePemChain(chain);
    const [, inner = '', signature = ''] =
      /^\{"tcbEvaluationDataNumbers":(\{.*\}),"signature":"([0-9a-f]{128})"\}$/.exec(body) ?? [];
    if (signer === undefined || root === undefined) throw new Error('a chain of two is expected');
    expect(Buffer.from(root.publicKeyBytes).equals(INTEL_SGX_ROOT.publicKey)).toBe(true);
    expect(verifyCertificateSignature(signer, root)).toBe(true);
    const signed = (text: string): boolean =>
      verifyEcdsaP256(
        signer.publicKey,
        Buffer.from(text),
        Buffer.from(signature, 'hex'),
        'ieee-p1363',
      );
    expect(signed(inner)).toBe(true);
    expect(signed(inner.replace('17', '16'))).toBe(false);
    const numbers = JSON.parse(inner) as { id: string; tcbEvalNumbers: unknown };
    expect(numbers.id).toBe(id);
    expect(numbers.tcbEvalNumbers).toEqual(
      expect.arrayContaining([expect.objectContaining({ tcbEvaluationDataNumber: 17 })]),
    );
  });

  it.each(FMSPCS)('%s lists families of platforms, unsigned', (file) => {
    const list = fmspcList(`${folder}/${file}`) as readonly unknown[];
    expect(list.length).toBeGreaterThan(0);
    for (const entry of list) {
      expect(entry).toEqual({
        fmspc: expect.stringMatching(/^[0-9A-F]{12}$/) as string,
        platform: expect.stringMatching(/^(client|E3|E5)$/) as string,
      });
    }
  });
});
