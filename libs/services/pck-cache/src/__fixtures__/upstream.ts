import {
  encodeEnclaveIdentity,
  encodePckExtension,
  encodeTcbInfo,
  SGX_EXTENSION_OID,
  signedDocument,
  type PckExtension,
} from '@touchstone/collateral';
import { CodedError } from '@touchstone/errors';
import { ecSignerFromScalar, issueCertificate, issueCrl, toPem } from '@touchstone/pki';
import type { CachedDocument, DocumentCache, Logger } from '@touchstone/ports';
import { createPckCache, type PckCache, type PckCacheOptions } from '../pck-cache';
import type { PckQuery } from '../platforms';
import type { PcsUpstream, UpstreamDocument } from '../upstream';

export const AT = new Date('2026-11-22T10:00:00Z');
export const NEXT_UPDATE = new Date('2026-12-22T00:00:00Z');
export const FMSPC = 'E3A067110000';

const key = ecSignerFromScalar(new Uint8Array(32).fill(7));
const issueDate = new Date('2026-11-22T00:00:00Z');

/** Levels and certificates by the SVN of the first two components; the third is a configuration that may be absent. */
export type Svns = readonly [microcode: number, configuration: number, pceSvn: number];
export const LEVELS: readonly Svns[] = [
  [13, 1, 15],
  [13, 0, 15],
  [12, 1, 13],
];

export const componentsOf = ([microcode, configuration]: Svns): number[] => [
  microcode,
  microcode,
  configuration,
  ...new Array<number>(13).fill(0),
];

export function tcbmOf(svns: Svns): string {
  const pceSvn = Buffer.from([svns[2], 0]);
  return Buffer.concat([Buffer.from(componentsOf(svns)), pceSvn])
    .toString('hex')
    .toUpperCase();
}

export function pckPem(svns: Svns, change: Partial<PckExtension> = {}): string {
  const components = componentsOf(svns);
  const value = encodePckExtension({
    ppid: new Uint8Array(16),
    tcb: { components, pceSvn: svns[2], cpuSvn: Uint8Array.from(components) },
    pceId: new Uint8Array(2),
    fmspc: new Uint8Array(Buffer.from(FMSPC, 'hex')),
    sgxType: 'Standard',
    ...change,
  });
  const name = [{ type: 'CN', value: 'Intel SGX PCK Certificate' }] as const;
  return toPem(
    issueCertificate(
      {
        subject: name,
        issuer: name,
        serial: Uint8Array.of(1),
        notBefore: issueDate,
        notAfter: NEXT_UPDATE,
        publicKeyBytes: key.publicKeyBytes,
        isCa: false,
        keyUsage: ['digitalSignature'],
        extra: [{ oid: SGX_EXTENSION_OID, critical: false, value }],
      },
      key,
    ),
  );
}

export function tcbInfoBody(
  levels: readonly Svns[] = LEVELS,
  nextUpdate = NEXT_UPDATE,
): Uint8Array {
  const inner = encodeTcbInfo({
    id: 'SGX',
    version: 3,
    issueDate,
    nextUpdate,
    fmspc: FMSPC,
    pceId: '0000',
    tcbType: 0,
    tcbEvaluationDataNumber: 20,
    tcbLevels: levels.map((svns) => ({
      sgxComponents: componentsOf(svns),
      pceSvn: svns[2],
      tcbDate: issueDate,
      tcbStatus: 'UpToDate',
      advisoryIds: [],
    })),
  });
  return signedDocument('tcbInfo', inner, key.signRaw(inner));
}

function identityBody(): Uint8Array {
  const inner = encodeEnclaveIdentity({
    id: 'QE',
    version: 2,
    issueDate,
    nextUpdate: NEXT_UPDATE,
    tcbEvaluationDataNumber: 20,
    miscselect: new Uint8Array(4),
    miscselectMask: new Uint8Array(4),
    attributes: new Uint8Array(16),
    attributesMask: new Uint8Array(16),
    mrsigner: new Uint8Array(32),
    isvProdId: 1,
    tcbLevels: [{ isvSvn: 10, tcbDate: issueDate, tcbStatus: 'UpToDate', advisoryIds: [] }],
  });
  return signedDocument('enclaveIdentity', inner, key.signRaw(inner));
}

const crlBody = (): Uint8Array =>
  issueCrl(
    {
      issuer: [{ type: 'CN', value: 'CA' }],
      thisUpdate: issueDate,
      nextUpdate: NEXT_UPDATE,
      number: 1n,
      authorityKeyId: new Uint8Array(20),
      revoked: [],
    },
    key,
  );

export class PcsFailure extends CodedError<'PCS_UNREACHABLE' | 'PCS_NOT_FOUND'> {}
export const down = (): PcsFailure => new PcsFailure('PCS_UNREACHABLE', 'down');
export const notFound = (): PcsFailure => new PcsFailure('PCS_NOT_FOUND', 'not found');

/** An upstream whose answers a test sets, and which counts what it is asked. */
export class FakeUpstream implements PcsUpstream {
  readonly asked: string[] = [];
  failure: Error | undefined;
  /** Early TCB infos may be missing where standard ones are not. */
  earlyFailure: Error | undefined;
  tcbBody = tcbInfoBody();
  entries: { tcbm: string; certificate?: string }[] = LEVELS.map((svns) => ({
    tcbm: tcbmOf(svns),
    certificate: pckPem(svns),
  }));

  pckCertificates = async (platform: { encryptedPpid: string; pceId: string }) => {
    await this.answer(`pckcerts/${platform.pceId}`);
    const issuerChain = { encoded: 'pck-chain' };
    return { entries: this.entries, fmspc: FMSPC, ca: 'processor' as const, issuerChain };
  };
  pckCrl = (ca: string) => this.document(`pckcrl/${ca}`, crlBody());
  tcbInfo: PcsUpstream['tcbInfo'] = async (fmspc, { update, version, tee }) => {
    if (update === 'early' && this.earlyFailure) throw this.earlyFailure;
    return this.document(`tcb/${tee}/v${version}/${fmspc}/${update}`, this.tcbBody);
  };
  enclaveIdentity: PcsUpstream['enclaveIdentity'] = (id, { update, version }) =>
    this.document(`identity/${id}/v${version}/${update}`, identityBody());
  rootCaCrl = async () => (await this.document('rootcacrl', crlBody())).body;
  crl = async (url: string) => (await this.document(`crl/${url}`, crlBody())).body;

  private async document(name: string, body: Uint8Array): Promise<UpstreamDocument> {
    await this.answer(name);
    return { body, contentType: 'application/json', issuerChain: { encoded: 'chain' } };
  }

  private async answer(name: string): Promise<void> {
    this.asked.push(name);
    await new Promise((resolve) => setImmediate(resolve));
    if (this.failure) throw this.failure;
  }
}

export class MemoryDocuments implements DocumentCache {
  readonly kept = new Map<string, CachedDocument>();
  get = async (key: string) => this.kept.get(key);
  keys = async (prefix: string) =>
    [...this.kept.keys()].filter((one) => one.startsWith(prefix)).toSorted();
  put = async (documents: readonly CachedDocument[]) => {
    for (const document of documents) this.kept.set(document.key, document);
  };
  delete = async (key: string) => void this.kept.delete(key);
}

export const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
};

/** A cache over a fake upstream; `restart` makes another one over the same store. */
export class TestCache {
  readonly upstream = new FakeUpstream();
  readonly store = new MemoryDocuments();
  now = AT;
  cache: PckCache;

  constructor(private readonly options: Pick<PckCacheOptions, 'mode'> = {}) {
    this.cache = this.restart();
  }

  restart(options = this.options): PckCache {
    const clock = { now: () => this.now };
    const { upstream, store } = this;
    this.cache = createPckCache({ upstream, store, clock, logger: silent, ...options });
    return this.cache;
  }
}

export const query = (svns: Svns, change: Partial<PckQuery> = {}): PckQuery => ({
  qeId: 'AB'.repeat(16),
  pceId: '0000',
  cpuSvn: Buffer.from(componentsOf(svns)).toString('hex').toUpperCase(),
  pceSvn: Buffer.from([svns[2], 0]).toString('hex').toUpperCase(),
  encryptedPpid: 'CD'.repeat(384),
  ...change,
});
