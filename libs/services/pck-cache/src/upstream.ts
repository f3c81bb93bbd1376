import type { ApiVersion, DocumentName, IdentityId, PckCa, TcbUpdate, Tee } from './document-name';

/** A document as the upstream sent it. */
export interface UpstreamDocument {
  readonly body: Uint8Array;
  readonly contentType: string;
  /** Percent-encoded PEM, as it came; CRLs by address have none. */
  readonly issuerChain: { readonly encoded: string };
}

export interface UpstreamPckCertificates {
  readonly entries: readonly { readonly tcbm: string; readonly certificate?: string }[];
  /** 12 upper-case hex digits. */
  readonly fmspc: string;
  readonly ca: PckCa;
  readonly issuerChain: { readonly encoded: string };
}

/** What the cache needs of a provisioning certification service. Failures carry PCS_ codes. */
export interface PcsUpstream {
  pckCertificates(platform: {
    encryptedPpid: string;
    pceId: string;
  }): Promise<UpstreamPckCertificates>;
  pckCrl(ca: PckCa): Promise<UpstreamDocument>;
  tcbInfo(
    fmspc: string,
    options: { update: TcbUpdate; version: ApiVersion; tee: Tee },
  ): Promise<UpstreamDocument>;
  enclaveIdentity(
    id: IdentityId,
    options: { update: TcbUpdate; version: ApiVersion },
  ): Promise<UpstreamDocument>;
  /** DER. */
  rootCaCrl(): Promise<Uint8Array>;
  /** DER. */
  crl(url: string): Promise<Uint8Array>;
}

const CRL_TYPE = 'application/pkix-crl';

/** Asks the upstream for a document by name. */
export async function fetchDocument(
  upstream: PcsUpstream,
  name: DocumentName,
): Promise<UpstreamDocument> {
  switch (name.kind) {
    case 'tcb':
      return upstream.tcbInfo(name.fmspc, name);
    case 'identity':
      return upstream.enclaveIdentity(name.id, name);
    case 'pckcrl':
      return upstream.pckCrl(name.ca);
    case 'rootcacrl':
      return crlDocument(await upstream.rootCaCrl());
    case 'crl':
      return crlDocument(await upstream.crl(name.url));
  }
}

const crlDocument = (body: Uint8Array): UpstreamDocument => ({
  body,
  contentType: CRL_TYPE,
  issuerChain: { encoded: '' },
});
