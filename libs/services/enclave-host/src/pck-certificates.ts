import { fromHex, fromUtf8, toHex, toUtf8 } from '@touchstone/bytes';
import type { PckRequest, QuoteCertification } from '@touchstone/enclave';
import { parsePemChain } from '@touchstone/pki';
import type { CachedDocument, Clock, DocumentCache, Logger } from '@touchstone/ports';
import { EnclaveHostError } from './enclave-host-error';
import type { PckSource, ServedPckCertificate } from './ports';

/** What certifies this platform's quotes. */
export interface PlatformCertificate {
  readonly certification: Extract<QuoteCertification, { type: 5 }>;
  /** 6 bytes. */
  readonly fmspc: Uint8Array;
  readonly ca: string;
  readonly notAfter: Date;
}

export interface PckCertificates {
  /** The certificate for the platform as it is now. @throws EnclaveHostError HOST_PCK_UNAVAILABLE */
  current(): Promise<PlatformCertificate>;
  /** Asks for it anew, however long the held one lasts. @throws EnclaveHostError HOST_PCK_UNAVAILABLE; the held one stays */
  renew(): Promise<PlatformCertificate>;
}

export interface PckCertificatesOptions {
  readonly request: () => PckRequest;
  readonly source: PckSource;
  readonly documents: DocumentCache;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A certificate is asked for anew this long before it ends. */
const RENEW_BEFORE_MS = 7 * 24 * 60 * 60 * 1000;
const CPU_SVN_BYTES = 16;

/** The PCK certificate of the platform's TCB, kept in memory and in the store; asked for once, however many wait for it. */
export function createPckCertificates(options: PckCertificatesOptions): PckCertificates {
  const { clock } = options;
  let known: PlatformCertificate | undefined;
  let asking: Promise<PlatformCertificate> | undefined;
  const isFresh = ({ notAfter }: PlatformCertificate): boolean =>
    notAfter.getTime() - RENEW_BEFORE_MS > clock.now().getTime();
  return {
    current: async () => {
      if (known !== undefined && isFresh(known)) return known;
      asking ??= obtain(options, isFresh).finally(() => (asking = undefined));
      known = await asking;
      return known;
    },
    renew: async () => {
      known = await fetchCertificate(options, options.request());
      return known;
    },
  };
}

async function obtain(
  options: PckCertificatesOptions,
  isFresh: (certificate: PlatformCertificate) => boolean,
): Promise<PlatformCertificate> {
  const request = options.request();
  const document = await options.documents.get(documentKey(request));
  const kept = document && readDocument(document);
  if (kept !== undefined && isFresh(kept)) return kept;
  try {
    return await fetchCertificate(options, request);
  } catch (error) {
    // An ageing certificate is better than none: the verifier decides whether it still holds.
    if (kept !== undefined) return kept;
    throw error;
  }
}

async function fetchCertificate(
  { source, documents, clock, logger }: PckCertificatesOptions,
  request: PckRequest,
): Promise<PlatformCertificate> {
  try {
    const served = await source.pckCertificate(request);
    const certificate = readServed(served);
    await documents.put([documentOf(documentKey(request), served, clock.now())]);
    logger.info('PCK certificate obtained', { fmspc: served.fmspc, tcbm: served.tcbm });
    return certificate;
  } catch (cause) {
    throw new EnclaveHostError('HOST_PCK_UNAVAILABLE', 'no PCK certificate is to be had', {
      cause,
    });
  }
}

const documentKey = ({ cpuSvn, pceSvn }: PckRequest): string => `pck/${toHex(cpuSvn)}/${pceSvn}`;

/** @throws PkiError when the chain is none */
function readServed({
  certificate,
  issuerChain,
  tcbm,
  fmspc,
  ca,
}: ServedPckCertificate): PlatformCertificate {
  const svn = fromHex(tcbm, 'tcbm');
  const pckChain = withFinalNewline(certificate) + issuerChain;
  const leaf = parsePemChain(pckChain)[0];
  if (leaf === undefined || svn.length !== CPU_SVN_BYTES + 2) {
    throw new EnclaveHostError('HOST_PCK_UNAVAILABLE', 'the served certificate is none', {
      field: 'tcbm',
    });
  }
  return {
    certification: {
      type: 5,
      pckChain,
      svn: {
        cpuSvn: svn.slice(0, CPU_SVN_BYTES),
        pceSvn: (svn[CPU_SVN_BYTES] ?? 0) | ((svn[CPU_SVN_BYTES + 1] ?? 0) << 8),
      },
    },
    fmspc: fromHex(fmspc, 'fmspc'),
    ca,
    notAfter: leaf.notAfter,
  };
}

const withFinalNewline = (pem: string): string => (pem.endsWith('\n') ? pem : `${pem}\n`);

const documentOf = (key: string, served: ServedPckCertificate, at: Date): CachedDocument => ({
  key,
  body: fromUtf8(served.certificate),
  contentType: 'application/x-pem-file',
  headers: {
    'issuer-chain': served.issuerChain,
    'sgx-tcbm': served.tcbm,
    'sgx-fmspc': served.fmspc,
    'sgx-pck-certificate-ca-type': served.ca,
  },
  fetchedAt: at,
});

function readDocument({ body, headers }: CachedDocument): PlatformCertificate | undefined {
  try {
    return readServed({
      certificate: toUtf8(body),
      issuerChain: headers['issuer-chain'] ?? '',
      tcbm: headers['sgx-tcbm'] ?? '',
      fmspc: headers['sgx-fmspc'] ?? '',
      ca: headers['sgx-pck-certificate-ca-type'] ?? '',
    });
  } catch {
    return undefined;
  }
}
