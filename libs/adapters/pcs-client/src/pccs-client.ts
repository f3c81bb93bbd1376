import { toHex, toUtf8 } from '@touchstone/bytes';
import { parsePckExtension, type Collateral } from '@touchstone/collateral';
import { parseCrl, parsePemChain } from '@touchstone/pki';
import { ask, type AskOptions } from './ask';
import { assertIdentity, assertTcbInfo } from './checked';
import { issuerChain } from './issuer-chain';
import { MAX_CERTIFICATE_BYTES, MAX_CRL_BYTES, MAX_JSON_BYTES } from './limits';
import { PcsError } from './pcs-error';
import {
  CRL_CHAIN_HEADER,
  documentOf,
  IDENTITY_CHAIN_HEADER,
  originOf,
  PCK_CHAIN_HEADER,
  platformOf,
  TCB_CHAIN_HEADERS,
  type PckCa,
  type PcsDocument,
  type TcbUpdate,
} from './pcs-client';

/** What a platform says of itself to get its PCK certificate. */
export interface PlatformQuery {
  /** QE_ID, 16 bytes. */
  readonly qeId: Uint8Array;
  /** 384 bytes; without it only a cached platform is served. */
  readonly encryptedPpid?: Uint8Array;
  /** 16 bytes. */
  readonly cpuSvn: Uint8Array;
  readonly pceSvn: number;
  readonly pceId: number;
}

export interface ServedPckCertificate {
  /** PEM of the leaf. */
  readonly certificate: string;
  /** PEM, intermediate then root. */
  readonly issuerChain: string;
  /** 36 upper-case hex digits. */
  readonly tcbm: string;
  /** 12 upper-case hex digits. */
  readonly fmspc: string;
  readonly ca: PckCa;
}

/** A PCK caching service, from outside. Every method may throw a PcsError. */
export interface PccsClient {
  pckCertificate(platform: PlatformQuery): Promise<ServedPckCertificate>;
  /** DER. */
  pckCrl(ca: PckCa): Promise<PcsDocument>;
  tcbInfo(fmspc: string, update?: TcbUpdate): Promise<PcsDocument>;
  qeIdentity(update?: TcbUpdate): Promise<PcsDocument>;
  /** DER. */
  rootCaCrl(): Promise<Uint8Array>;
  /** All that a verifier needs for SGX quotes of platforms with this FMSPC. */
  collateral(platform: { fmspc: string; ca: PckCa; update?: TcbUpdate }): Promise<Collateral>;
}

export interface PccsClientOptions extends AskOptions {
  /** Origin of the cache; a path may follow and is passed over. */
  readonly baseUrl: string;
}

/** A client of a PCCS, API v4. */
export function createPccsClient(options: PccsClientOptions): PccsClient {
  const base = `${originOf(options.baseUrl)}/sgx/certification/v4`;
  const fetch = (path: string, query: Record<string, string>, maxBytes: number) =>
    ask(options, {
      url: `${base}/${path}?${new URLSearchParams(query).toString()}`,
      what: path,
      maxBytes,
    });

  const client: PccsClient = {
    pckCertificate: async (platform) => {
      const { body, headers } = await fetch('pckcert', queryOf(platform), MAX_CERTIFICATE_BYTES);
      const certificate = pemOf(body);
      const { pem } = issuerChain(headers, [PCK_CHAIN_HEADER]);
      const tcbm = headers['sgx-tcbm'] ?? '';
      if (!/^[0-9a-fA-F]{36}$/.test(tcbm)) throw bad('SGX-TCBm');
      return { certificate, issuerChain: pem, tcbm: tcbm.toUpperCase(), ...platformOf(headers) };
    },
    pckCrl: async (ca) => {
      const answer = await fetch('pckcrl', { ca, encoding: 'der' }, MAX_CRL_BYTES);
      return documentOf({ ...answer, body: crlDer(answer.body) }, [CRL_CHAIN_HEADER]);
    },
    tcbInfo: async (fmspc, update = 'standard') => {
      const answer = await fetch('tcb', { fmspc, update }, MAX_JSON_BYTES);
      assertTcbInfo(answer.body, 'sgx', fmspc);
      return documentOf(answer, TCB_CHAIN_HEADERS);
    },
    qeIdentity: async (update = 'standard') => {
      const answer = await fetch('qe/identity', { update }, MAX_JSON_BYTES);
      assertIdentity(answer.body, 'QE');
      return documentOf(answer, [IDENTITY_CHAIN_HEADER]);
    },
    // The cache answers with hex text of the DER under this path.
    rootCaCrl: async () => crlDer((await fetch('rootcacrl', {}, MAX_CRL_BYTES * 2)).body),
    collateral: async ({ fmspc, ca, update = 'standard' }) => {
      const [tcbInfo, qeIdentity, pckCrl, rootCaCrl] = await Promise.all([
        client.tcbInfo(fmspc, update),
        client.qeIdentity(update),
        client.pckCrl(ca),
        client.rootCaCrl(),
      ]);
      return {
        tcbInfo: tcbInfo.body,
        tcbInfoIssuerChain: tcbInfo.issuerChain.pem,
        qeIdentity: qeIdentity.body,
        qeIdentityIssuerChain: qeIdentity.issuerChain.pem,
        pckCrl: pckCrl.body,
        pckCrlIssuerChain: pckCrl.issuerChain.pem,
        rootCaCrl,
      };
    },
  };
  return client;
}

function queryOf({ qeId, encryptedPpid, cpuSvn, pceSvn, pceId }: PlatformQuery) {
  return {
    qeid: upper(qeId),
    ...(encryptedPpid ? { encrypted_ppid: upper(encryptedPpid) } : {}),
    cpusvn: upper(cpuSvn),
    pcesvn: littleEndian(pceSvn),
    pceid: littleEndian(pceId),
  };
}

const upper = (bytes: Uint8Array): string => toHex(bytes).toUpperCase();
const littleEndian = (value: number): string => upper(Uint8Array.of(value & 0xff, value >> 8));

/** CRL bytes in any of the forms of the trade (DER, hex of DER, PEM) to DER. */
function crlDer(body: Uint8Array): Uint8Array {
  try {
    return parseCrl(body).der;
  } catch (cause) {
    throw bad('crl', cause);
  }
}

function pemOf(body: Uint8Array): string {
  try {
    const pem = toUtf8(body);
    for (const leaf of parsePemChain(pem, 1)) parsePckExtension(leaf);
    return pem;
  } catch (cause) {
    throw bad('pckcert', cause);
  }
}

const bad = (field: string, cause?: unknown): PcsError =>
  new PcsError(
    'PCS_BAD_ANSWER',
    `${field} is malformed`,
    cause === undefined ? { field } : { field, cause },
  );
