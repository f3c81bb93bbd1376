import type { EnclaveIdentityId } from '@touchstone/collateral';
import type { HttpResponse } from '@touchstone/http-client';
import { ask, type AskOptions, type Question } from './ask';
import { assertCrl, assertIdentity, assertTcbInfo, type Tee } from './checked';
import { issuerChain, type IssuerChain } from './issuer-chain';
import { MAX_CRL_BYTES, MAX_JSON_BYTES, MAX_PCK_LIST_BYTES } from './limits';
import { PcsError } from './pcs-error';
import { parsePckList, type PckListEntry } from './pck-list';

export type PcsVersion = 3 | 4;
export type PckCa = 'processor' | 'platform';
export type TcbUpdate = 'early' | 'standard';

/** A document exactly as the service sent it. */
export interface PcsDocument {
  readonly body: Uint8Array;
  readonly contentType: string;
  readonly issuerChain: IssuerChain;
}

export interface PckCertificates {
  /** In the service's order. */
  readonly entries: readonly PckListEntry[];
  /** 12 upper-case hex digits. */
  readonly fmspc: string;
  readonly ca: PckCa;
  readonly issuerChain: IssuerChain;
}

/** Intel's provisioning certification service, from outside. Every method may throw a PcsError. */
export interface PcsClient {
  /** `encryptedPpid`: 768 hex digits; `pceId`: 4, little-endian. */
  pckCertificates(platform: { encryptedPpid: string; pceId: string }): Promise<PckCertificates>;
  /** DER. */
  pckCrl(ca: PckCa, version?: PcsVersion): Promise<PcsDocument>;
  tcbInfo(
    fmspc: string,
    options?: { update?: TcbUpdate; version?: PcsVersion; tee?: Tee },
  ): Promise<PcsDocument>;
  enclaveIdentity(
    id: EnclaveIdentityId,
    options?: { update?: TcbUpdate; version?: PcsVersion },
  ): Promise<PcsDocument>;
  /** DER, from the root CRL's own address. */
  rootCaCrl(): Promise<Uint8Array>;
  /** DER, from a CRL distribution point. */
  crl(url: string): Promise<Uint8Array>;
}

export interface PcsClientOptions extends AskOptions {
  /** Origin of the service; a path such as `/sgx/certification/v4/` may follow and is passed over. */
  readonly baseUrl: string;
  /** Where the root CRL is published. */
  readonly rootCrlUrl?: string;
  readonly subscriptionKey?: string;
}

export const INTEL_PCS_URL = 'https://api.trustedservices.intel.com';
export const INTEL_ROOT_CRL_URL =
  'https://certificates.trustedservices.intel.com/IntelSGXRootCA.der';

const IDENTITY_PATHS: Readonly<Record<EnclaveIdentityId, readonly [tee: Tee, path: string]>> = {
  QE: ['sgx', 'qe/identity'],
  QVE: ['sgx', 'qve/identity'],
  QAE: ['sgx', 'qae/identity'],
  TD_QE: ['tdx', 'qe/identity'],
};

export const TCB_CHAIN_HEADERS = ['TCB-Info-Issuer-Chain', 'SGX-TCB-Info-Issuer-Chain'] as const;
export const IDENTITY_CHAIN_HEADER = 'SGX-Enclave-Identity-Issuer-Chain';
export const CRL_CHAIN_HEADER = 'SGX-PCK-CRL-Issuer-Chain';
export const PCK_CHAIN_HEADER = 'SGX-PCK-Certificate-Issuer-Chain';

/** A client of Intel's PCS, v4 unless asked otherwise. */
export function createPcsClient(options: PcsClientOptions): PcsClient {
  const origin = originOf(options.baseUrl);
  const { subscriptionKey, rootCrlUrl = INTEL_ROOT_CRL_URL } = options;
  const asking: AskOptions = {
    ...options,
    headers: {
      ...options.headers,
      ...(subscriptionKey ? { 'Ocp-Apim-Subscription-Key': subscriptionKey } : {}),
    },
  };
  const url = (
    tee: Tee,
    version: PcsVersion,
    path: string,
    query: Record<string, string>,
  ): string =>
    `${origin}/${tee}/certification/v${version}/${path}?${new URLSearchParams(query).toString()}`;
  const fetch = (question: Question): Promise<HttpResponse> => ask(asking, question);
  const crl = async (address: string): Promise<Uint8Array> => {
    const { body } = await fetch({ url: address, what: 'crl', maxBytes: MAX_CRL_BYTES });
    assertCrl(body);
    return body;
  };

  return {
    pckCertificates: async ({ encryptedPpid, pceId }) => {
      const query = { encrypted_ppid: encryptedPpid, pceid: pceId };
      const { body, headers } = await fetch({
        url: url('sgx', 4, 'pckcerts', query),
        what: 'pckcerts',
        maxBytes: MAX_PCK_LIST_BYTES,
      });
      const entries = parsePckList(body);
      return {
        entries,
        ...platformOf(headers),
        issuerChain: issuerChain(headers, [PCK_CHAIN_HEADER]),
      };
    },
    pckCrl: async (ca, version = 4) => {
      const address = url('sgx', version, 'pckcrl', { ca, encoding: 'der' });
      const answer = await fetch({ url: address, what: 'pckcrl', maxBytes: MAX_CRL_BYTES });
      assertCrl(answer.body);
      return documentOf(answer, [CRL_CHAIN_HEADER]);
    },
    tcbInfo: async (fmspc, { update = 'standard', version = 4, tee = 'sgx' } = {}) => {
      const query = version === 4 ? { fmspc, update } : { fmspc };
      const address = url(tee, version, 'tcb', query);
      const answer = await fetch({ url: address, what: 'tcb', maxBytes: MAX_JSON_BYTES });
      assertTcbInfo(answer.body, tee, fmspc);
      return documentOf(answer, TCB_CHAIN_HEADERS);
    },
    enclaveIdentity: async (id, { update = 'standard', version = 4 } = {}) => {
      const [tee, path] = IDENTITY_PATHS[id];
      const address = url(tee, version, path, version === 4 ? { update } : {});
      const answer = await fetch({ url: address, what: 'identity', maxBytes: MAX_JSON_BYTES });
      assertIdentity(answer.body, id);
      return documentOf(answer, [IDENTITY_CHAIN_HEADER]);
    },
    rootCaCrl: () => crl(rootCrlUrl),
    crl,
  };
}

export const documentOf = (
  { body, headers }: HttpResponse,
  chainHeaders: readonly string[],
): PcsDocument => ({
  body,
  contentType: headers['content-type'] ?? 'application/octet-stream',
  issuerChain: issuerChain(headers, chainHeaders),
});

/** FMSPC and CA from the headers of a PCK answer. */
export function platformOf(headers: Readonly<Record<string, string>>): {
  fmspc: string;
  ca: PckCa;
} {
  const fmspc = headers['sgx-fmspc'] ?? '';
  const ca = headers['sgx-pck-certificate-ca-type'];
  if (/^[0-9a-fA-F]{12}$/.test(fmspc) && (ca === 'processor' || ca === 'platform')) {
    return { fmspc: fmspc.toUpperCase(), ca };
  }
  throw new PcsError('PCS_BAD_ANSWER', 'the platform headers are missing', { field: 'SGX-FMSPC' });
}

export function originOf(baseUrl: string): string {
  if (URL.canParse(baseUrl)) return new URL(baseUrl).origin;
  throw new PcsError('PCS_UNREACHABLE', 'the address of the service is no URL', {
    field: 'baseUrl',
  });
}
