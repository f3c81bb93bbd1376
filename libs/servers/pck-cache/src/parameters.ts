import type { Request } from 'express';
import {
  PckCacheError,
  type PckCa,
  type PckQuery,
  type TcbUpdate,
} from '@touchstone/service-pck-cache';

export const MAX_QE_ID_CHARACTERS = 260;
export const MAX_CRL_URI_CHARACTERS = 2048;

const HEX = /^[0-9a-fA-F]+$/;

const invalid = (field: string): PckCacheError =>
  new PckCacheError('PCK_CACHE_INVALID_PARAMETER', `${field} is missing or malformed`, { field });

/** A query parameter; of repeated ones the last counts, as in Intel's service. */
export function parameter(request: Request, name: string): string | undefined {
  const value = request.query[name];
  const last: unknown = Array.isArray(value) ? value.at(-1) : value;
  if (last === undefined || typeof last === 'string') return last;
  throw invalid(name);
}

function hex(request: Request, name: string, digits: number): string {
  const value = parameter(request, name);
  if (value?.length === digits && HEX.test(value)) return value.toUpperCase();
  throw invalid(name);
}

export const fmspcOf = (request: Request): string => hex(request, 'fmspc', 12);

/** `standard` when absent. */
export function updateOf(request: Request): TcbUpdate {
  const value = parameter(request, 'update');
  if (value === undefined || value === 'standard') return 'standard';
  if (value === 'early') return 'early';
  throw invalid('update');
}

export function caOf(request: Request): PckCa {
  const value = parameter(request, 'ca')?.toLowerCase();
  if (value === 'processor' || value === 'platform') return value;
  throw invalid('ca');
}

export const wantsDer = (request: Request): boolean =>
  parameter(request, 'encoding')?.toLowerCase() === 'der';

export function pckQueryOf(request: Request): PckQuery {
  const qeId = parameter(request, 'qeid');
  if (!qeId || qeId.length > MAX_QE_ID_CHARACTERS) throw invalid('qeid');
  const encrypted = parameter(request, 'encrypted_ppid');
  return {
    qeId: qeId.toUpperCase(),
    cpuSvn: hex(request, 'cpusvn', 32),
    pceSvn: hex(request, 'pcesvn', 4),
    pceId: hex(request, 'pceid', 4),
    ...(encrypted === undefined ? {} : { encryptedPpid: hex(request, 'encrypted_ppid', 768) }),
  };
}

/** Hosts whose CRLs are fetched on request: nothing else can be reached through this service. */
export const INTEL_CRL_HOSTS: readonly string[] = [
  'certificates.trustedservices.intel.com',
  'api.trustedservices.intel.com',
];

/** The CRL address asked for, in its canonical form: https, a known host, no port and no credentials. */
export function crlUriOf(request: Request, hosts: readonly string[]): string {
  const value = parameter(request, 'uri');
  if (value === undefined || value.length > MAX_CRL_URI_CHARACTERS || !URL.canParse(value)) {
    throw invalid('uri');
  }
  const url = new URL(value);
  const plain = url.protocol === 'https:' && url.username === '' && url.password === '';
  if (!plain || url.hash !== '' || !hosts.includes(url.host)) throw invalid('uri');
  return url.href;
}
