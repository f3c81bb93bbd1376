/** API generation of a signed JSON document: TCB infos of v3 and v4 differ, and so do their signatures. */
export type ApiVersion = 3 | 4;
export type PckCa = 'processor' | 'platform';
export type TcbUpdate = 'early' | 'standard';
export type Tee = 'sgx' | 'tdx';
export type IdentityId = 'QE' | 'QVE' | 'QAE' | 'TD_QE';

/** Names a document of the upstream that the cache keeps as it came. */
export type DocumentName =
  | {
      readonly kind: 'tcb';
      readonly tee: Tee;
      readonly version: ApiVersion;
      /** 12 upper-case hex digits. */
      readonly fmspc: string;
      readonly update: TcbUpdate;
    }
  | {
      readonly kind: 'identity';
      readonly id: IdentityId;
      readonly version: ApiVersion;
      readonly update: TcbUpdate;
    }
  | { readonly kind: 'pckcrl'; readonly ca: PckCa }
  | { readonly kind: 'rootcacrl' }
  /** A CRL by its distribution point. */
  | { readonly kind: 'crl'; readonly url: string };

export const DOCUMENT_KINDS = ['tcb', 'identity', 'pckcrl', 'rootcacrl', 'crl'] as const;

/** The key that a document is kept under. */
export function keyOf(name: DocumentName): string {
  switch (name.kind) {
    case 'tcb':
      return `tcb/${name.tee}/v${name.version}/${name.fmspc}/${name.update}`;
    case 'identity':
      return `identity/${name.id}/v${name.version}/${name.update}`;
    case 'pckcrl':
      return `pckcrl/${name.ca}`;
    case 'rootcacrl':
      return 'rootcacrl';
    case 'crl':
      return `crl/${name.url}`;
  }
}

const TCB_KEY = /^tcb\/(sgx|tdx)\/v([34])\/([0-9A-F]{12})\/(early|standard)$/;
const IDENTITY_KEY = /^identity\/(QE|QVE|QAE|TD_QE)\/v([34])\/(early|standard)$/;

/** The name that a key was made of; undefined for keys of anything else. */
export function nameOf(key: string): DocumentName | undefined {
  if (key === 'rootcacrl') return { kind: 'rootcacrl' };
  if (key === 'pckcrl/processor') return { kind: 'pckcrl', ca: 'processor' };
  if (key === 'pckcrl/platform') return { kind: 'pckcrl', ca: 'platform' };
  if (key.startsWith('crl/')) return { kind: 'crl', url: key.slice('crl/'.length) };
  return tcbName(key) ?? identityName(key);
}

const versionOf = (digit: string): ApiVersion => (digit === '3' ? 3 : 4);
const updateOf = (text: string): TcbUpdate => (text === 'early' ? 'early' : 'standard');

function tcbName(key: string): DocumentName | undefined {
  const [, tee, version = '', fmspc = '', update = ''] = TCB_KEY.exec(key) ?? [];
  if (tee === undefined) return undefined;
  return {
    kind: 'tcb',
    tee: tee === 'tdx' ? 'tdx' : 'sgx',
    version: versionOf(version),
    fmspc,
    update: updateOf(update),
  };
}

function identityName(key: string): DocumentName | undefined {
  const [, id, version = '', update = ''] = IDENTITY_KEY.exec(key) ?? [];
  const known = (['QE', 'QVE', 'QAE', 'TD_QE'] as const).find((one) => one === id);
  if (known === undefined) return undefined;
  return { kind: 'identity', id: known, version: versionOf(version), update: updateOf(update) };
}
