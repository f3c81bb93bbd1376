import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { fromUtf8, toBase64, toBase64Url } from '@touchstone/bytes';
import { rsaSelfSigned } from '@touchstone/pki';
import type { AttestationProviderRecord, AttestationProviderStore } from '@touchstone/ports';

export interface PolicySigner {
  readonly privateKey: KeyObject;
  readonly certificate: Uint8Array;
}

export function aSigner(commonName: string): PolicySigner {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const certificate = rsaSelfSigned({
    commonName,
    privateKeyPkcs8: new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' })),
    serial: Uint8Array.of(1),
    notBefore: new Date('2024-01-01T00:00:00Z'),
    notAfter: new Date('2034-01-01T00:00:00Z'),
  });
  return { privateKey, certificate };
}

export const part = (value: object | string): string =>
  toBase64Url(fromUtf8(typeof value === 'string' ? value : JSON.stringify(value)));

export const unsigned = (payload: object | string = ''): string =>
  `${part({ alg: 'none' })}.${part(payload)}.`;

export const x5cOf = (...certificates: readonly Uint8Array[]): string[] =>
  certificates.map((der) => toBase64(der));

export function signedBy(
  { privateKey, certificate }: PolicySigner,
  payload: object | string,
  header: Readonly<Record<string, unknown>> = {},
): string {
  const whole = { alg: 'RS256', x5c: x5cOf(certificate), ...header };
  const input = `${part(whole)}.${part(payload)}`;
  return `${input}.${toBase64Url(sign('sha256', fromUtf8(input), privateKey))}`;
}

export const POLICY_TEXT = 'version=1.0; authorizationrules{=> permit();}; issuancerules{};';
export const policyBody = (text = POLICY_TEXT) => ({ AttestationPolicy: part(text) });

export function aRecord(
  changes: Partial<AttestationProviderRecord> = {},
): AttestationProviderRecord {
  return {
    id: 'id-1',
    name: 'contoso',
    region: 'eastus2',
    trustModel: 'AAD',
    state: 'Ready',
    signers: [],
    policies: {},
    createdAt: new Date(0),
    revision: 0,
    ...changes,
  };
}

/** Keeps its promises, but on no disk. */
export function memoryProviders(
  ...records: readonly AttestationProviderRecord[]
): AttestationProviderStore {
  const byName = new Map(records.map((record) => [record.name, record]));
  return {
    add: async (record) => {
      if (byName.has(record.name)) return 'exists';
      byName.set(record.name, record);
      return 'inserted';
    },
    find: async (name) => byName.get(name),
    list: async () => [...byName.values()],
    replace: async (record) => {
      const held = byName.get(record.name);
      if (held?.id !== record.id || held.revision !== record.revision) return 'stale';
      byName.set(record.name, { ...record, revision: record.revision + 1 });
      return 'replaced';
    },
    remove: async (id) => {
      const found = [...byName.values()].find((record) => record.id === id);
      return found && byName.delete(found.name) ? 'removed' : 'absent';
    },
  };
}
