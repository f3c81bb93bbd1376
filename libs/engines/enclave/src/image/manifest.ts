import { fromHex, toHex } from '@touchstone/bytes';
import { AttributeFlag } from '@touchstone/quote';
import { EnclaveError } from '../enclave-error';

/** Attributes that a manifest may ask for beside 64-bit mode; launch control decides who gets the first two. */
export type ManifestAttribute = 'PROVISION_KEY' | 'EINITTOKEN_KEY' | 'AEX_NOTIFY';

/** `enclave.json`: what the author states about an enclave beside its code. */
export interface EnclaveManifest {
  readonly name: string;
  /** ISVPRODID. */
  readonly productId: number;
  /** ISVSVN. */
  readonly svn: number;
  /** Whether the enclave may be read from outside. */
  readonly debug: boolean;
  readonly heapPages: number;
  /** Calls that may be inside at a time. */
  readonly threads: number;
  readonly attributes: readonly ManifestAttribute[];
  /** Key separation and sharing; its presence sets KSS. 16 bytes each. */
  readonly kss?: { readonly extendedProductId: Uint8Array; readonly familyId: Uint8Array };
}

export const MAX_MANIFEST_CHARACTERS = 16 * 1024;
/** 512 MiB. */
export const MAX_HEAP_PAGES = 131_072;
export const MAX_THREADS = 64;

const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;
const U16_MAX = 0xffff;
const HEX_ID = /^[0-9a-f]{32}$/;
const ATTRIBUTE_NAMES: readonly string[] = ['PROVISION_KEY', 'EINITTOKEN_KEY', 'AEX_NOTIFY'];
const MEMBERS = new Set([
  'name',
  'productId',
  'svn',
  'debug',
  'heapPages',
  'threads',
  'attributes',
  'kss',
]);

/** JSON text to a manifest. @throws EnclaveError ENCLAVE_MANIFEST_INVALID, naming every member at fault */
export function parseManifest(text: string): EnclaveManifest {
  if (text.length > MAX_MANIFEST_CHARACTERS) throw invalid(['manifest']);
  const value = parseObject(text);
  const bad = [...badMembers(value)];
  if (bad.length > 0) throw invalid(bad);
  const { attributes = [], kss, ...rest } = value as unknown as ManifestJson;
  return {
    ...rest,
    attributes,
    ...(kss && {
      kss: {
        extendedProductId: fromHex(kss.extendedProductId),
        familyId: fromHex(kss.familyId),
      },
    }),
  };
}

/** The same manifest as JSON text; what `parseManifest` reads. */
export function manifestToJson(manifest: EnclaveManifest): string {
  const { kss, ...rest } = manifest;
  const hex = kss && {
    extendedProductId: toHex(kss.extendedProductId),
    familyId: toHex(kss.familyId),
  };
  return `${JSON.stringify({ ...rest, ...(hex && { kss: hex }) }, undefined, 2)}\n`;
}

/** ATTRIBUTES.flags that the manifest asks for, without INIT and DEBUG. */
export function attributeFlags(manifest: EnclaveManifest): bigint {
  const asked = manifest.attributes.reduce((flags, name) => flags | AttributeFlag[name], 0n);
  return asked | AttributeFlag.MODE64BIT | (manifest.kss ? AttributeFlag.KSS : 0n);
}

type ManifestJson = Omit<EnclaveManifest, 'kss' | 'attributes'> & {
  readonly attributes?: readonly ManifestAttribute[];
  readonly kss?: { readonly extendedProductId: string; readonly familyId: string };
};

function* badMembers(value: Record<string, unknown>): Generator<string> {
  const inRange = (member: unknown, min: number, max: number): boolean =>
    Number.isInteger(member) && (member as number) >= min && (member as number) <= max;
  if (typeof value.name !== 'string' || !NAME.test(value.name)) yield 'name';
  if (!inRange(value.productId, 0, U16_MAX)) yield 'productId';
  if (!inRange(value.svn, 0, U16_MAX)) yield 'svn';
  if (typeof value.debug !== 'boolean') yield 'debug';
  if (!inRange(value.heapPages, 1, MAX_HEAP_PAGES)) yield 'heapPages';
  if (!inRange(value.threads, 1, MAX_THREADS)) yield 'threads';
  if (value.attributes !== undefined && !isAttributeList(value.attributes)) yield 'attributes';
  if (value.kss !== undefined && !isKss(value.kss)) yield 'kss';
  for (const member of Object.keys(value)) if (!MEMBERS.has(member)) yield member;
}

const isAttributeList = (value: unknown): boolean =>
  Array.isArray(value) &&
  new Set(value).size === value.length &&
  value.every((name) => ATTRIBUTE_NAMES.includes(name as string));

const isKss = (value: unknown): boolean =>
  isObject(value) &&
  Object.keys(value).length === 2 &&
  [value.extendedProductId, value.familyId].every(
    (id) => typeof id === 'string' && HEX_ID.test(id),
  );

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new EnclaveError('ENCLAVE_MANIFEST_INVALID', 'the manifest is not JSON', { cause });
  }
  if (!isObject(value)) throw invalid(['manifest']);
  return value;
}

function invalid(fields: readonly string[]): EnclaveError {
  const field = fields.join(', ');
  return new EnclaveError('ENCLAVE_MANIFEST_INVALID', `the manifest has bad members: ${field}`, {
    field,
  });
}
