import { isKeyWrapAlgorithm } from '@touchstone/key-wrap';
import type { KeyWrapAlgorithm } from '@touchstone/key-wrap';
import { z } from 'zod';
import { CURVES, KEY_TYPES, hsmType, keyOperation } from './key-types';
import type { Curve, KeyOperation, KeyType } from './key-types';
import { VaultWireError } from './wire-error';

/** Create, import and update: a policy of 32 KiB in base64 and an RSA-4096 JWK fit. */
export const MAX_KEY_BODY_BYTES = 128 * 1024;
/** Release: attestation tokens with nested evidence claims have some tens of KiB. */
export const MAX_RELEASE_BODY_BYTES = 256 * 1024;
export const MAX_TAGS = 15;
export const MAX_TAG_CHARACTERS = 256;
export const MAX_RELEASE_NONCE_CHARACTERS = 1024;
/** 9999-12-31T23:59:59Z in Unix seconds. */
const LAST_SECOND = 253_402_300_799;
/** Of one JWK member: RSA-4096 takes 683. */
const MAX_JWK_MEMBER_CHARACTERS = 1024;

export interface KeyAttributes {
  readonly enabled?: boolean | undefined;
  readonly notBefore?: Date | undefined;
  readonly expires?: Date | undefined;
  readonly exportable?: boolean | undefined;
}

/** `data` is base64 of either alphabet, not looked into here. */
export interface ReleasePolicyMember {
  readonly contentType?: string | undefined;
  readonly data: string;
  readonly immutable?: boolean | undefined;
}

/** What create, import and update have in common. */
export interface KeyProperties {
  readonly keyOps?: readonly KeyOperation[] | undefined;
  readonly attributes: KeyAttributes;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly releasePolicy?: ReleasePolicyMember | undefined;
}

export interface CreateKeyRequest extends KeyProperties {
  readonly kty: KeyType;
  /** Bits. */
  readonly keySize?: number | undefined;
  readonly crv?: Curve | undefined;
  readonly publicExponent?: number | undefined;
}

/** A private or symmetric JWK; which members it needs depends on `kty`. */
export interface ImportKeyRequest extends KeyProperties {
  readonly kty: KeyType;
  readonly jwk: Readonly<Partial<Record<JwkMember, string>>>;
}

export interface ReleaseKeyRequest {
  /** Compact JWS, unverified. */
  readonly target: string;
  readonly nonce?: string | undefined;
  readonly enc: KeyWrapAlgorithm;
}

export const JWK_MEMBERS = [
  'crv',
  'n',
  'e',
  'd',
  'p',
  'q',
  'dp',
  'dq',
  'qi',
  'x',
  'y',
  'k',
] as const;
export type JwkMember = (typeof JWK_MEMBERS)[number];

const seconds = z.int().min(0).max(LAST_SECOND);
const instant = seconds.transform((value) => new Date(value * 1000)).optional();
const attributes = z
  .object({
    enabled: z.boolean().optional(),
    nbf: instant,
    exp: instant,
    exportable: z.boolean().optional(),
  })
  .transform(({ nbf, exp, ...rest }): KeyAttributes => ({ ...rest, notBefore: nbf, expires: exp }))
  .default({});
const operation = z.string().transform((value, context) => {
  const known = keyOperation(value);
  if (known === undefined) context.addIssue({ code: 'custom', message: 'unknown operation' });
  return known ?? z.NEVER;
});
const keyOps = z
  .array(operation)
  .max(16)
  .transform((operations) => [...new Set(operations)])
  .optional();
const tagText = z.string().max(MAX_TAG_CHARACTERS);
const tags = z
  .record(tagText, tagText)
  .refine((value) => Object.keys(value).length <= MAX_TAGS)
  .optional();
const releasePolicy = z
  .object({
    contentType: z.string().min(1).max(MAX_TAG_CHARACTERS).optional(),
    data: z.string().min(1),
    immutable: z.boolean().optional(),
  })
  .optional();

const properties = { attributes, tags, release_policy: releasePolicy };

const createSchema = z
  .object({
    kty: z.enum(KEY_TYPES),
    key_size: z.int().optional(),
    crv: z.enum(CURVES).optional(),
    public_exponent: z.int().optional(),
    key_ops: keyOps,
    ...properties,
  })
  .transform(
    ({
      key_size: keySize,
      public_exponent: publicExponent,
      key_ops: ops,
      release_policy: policy,
      ...rest
    }) => ({
      ...rest,
      keySize,
      publicExponent,
      keyOps: ops,
      releasePolicy: policy,
    }),
  );

const jwkMember = z.string().min(1).max(MAX_JWK_MEMBER_CHARACTERS).optional();
const jwkSchema = z.object({
  kty: z.enum(KEY_TYPES),
  key_ops: keyOps,
  ...(Object.fromEntries(JWK_MEMBERS.map((name) => [name, jwkMember])) as Record<
    JwkMember,
    typeof jwkMember
  >),
});
const importSchema = z
  .object({
    Hsm: z.boolean().optional(),
    hsm: z.boolean().optional(),
    key: jwkSchema,
    ...properties,
  })
  .transform(({ Hsm, hsm, key, release_policy: policy, ...rest }): ImportKeyRequest => {
    const { kty, key_ops: ops, ...members } = key;
    const present = Object.entries(members).filter(([, value]) => value !== undefined);
    return {
      ...rest,
      kty: (Hsm ?? hsm ?? false) ? hsmType(kty) : kty,
      keyOps: ops,
      jwk: Object.fromEntries(present),
      releasePolicy: policy,
    };
  });

const updateSchema = z
  .object({ key_ops: keyOps, ...properties })
  .transform(({ key_ops: ops, release_policy: policy, ...rest }) => ({
    ...rest,
    keyOps: ops,
    releasePolicy: policy,
  }));

const releaseSchema = z.object({
  target: z.string().min(1),
  nonce: z.string().max(MAX_RELEASE_NONCE_CHARACTERS).optional(),
  enc: z.custom<KeyWrapAlgorithm>(isKeyWrapAlgorithm).default('CKM_RSA_AES_KEY_WRAP'),
});

export const decodeCreateKey = (body: unknown): CreateKeyRequest => decode(createSchema, body);

export function decodeImportKey(body: unknown): ImportKeyRequest {
  refuseTransferBlob(body);
  return decode(importSchema, body);
}

export const decodeUpdateKey = (body: unknown): KeyProperties => decode(updateSchema, body);
export const decodeReleaseKey = (body: unknown): ReleaseKeyRequest => decode(releaseSchema, body);

/** Keys that are wrapped to an HSM's own exchange key cannot be opened here. */
function refuseTransferBlob(body: unknown): void {
  const key = isRecord(body) ? body['key'] : undefined;
  if (!isRecord(key) || (!Object.hasOwn(key, 'key_hsm') && !Object.hasOwn(key, 't'))) return;
  const message = 'Keys in a transfer blob (key_hsm) cannot be imported.';
  throw new VaultWireError('VAULT_MEMBER_UNSUPPORTED', message, { field: 'key.key_hsm' });
}

/** Unknown members are ignored and `null` counts as absent, as published clients expect. */
function decode<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  if (!isRecord(body))
    throw new VaultWireError('VAULT_BODY_INVALID', 'the body must be a JSON object', {
      field: 'body',
    });
  const present = withoutNulls(body);
  const result = schema.safeParse(present);
  if (result.success) return result.data;
  const path = result.error.issues[0]?.path.map(String) ?? [];
  const field = path.join('.');
  if (path.length > 0 && isMissing(present, path)) {
    throw new VaultWireError('VAULT_MEMBER_MISSING', `Property ${field} is required`, { field });
  }
  throw new VaultWireError('VAULT_MEMBER_INVALID', `Property ${field} has invalid value`, {
    field,
  });
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function withoutNulls(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const present = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(present.map(([name, member]) => [name, withoutNulls(member)]));
}

function isMissing(body: unknown, path: readonly string[]): boolean {
  const [name = '', ...rest] = path;
  if (!isRecord(body)) return false;
  if (!Object.hasOwn(body, name)) return true;
  return rest.length > 0 && isMissing(body[name], rest);
}
