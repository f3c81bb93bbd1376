import { fromUtf8, sha256, toBase64Url } from '@touchstone/bytes';
import type { CheckLog } from '@touchstone/decision';
import { CodedError } from '@touchstone/errors';
import type { ReadToken } from './check-token';
import type { UnverifiedJws } from './compact-jws';

/**
 * Revocation of attestation tokens, which Azure has no list for: a provider of ours names its list in a document beside
 * its OpenID metadata, so that Azure's own documents stay as they are. Nobody else has that document.
 */
export const EXTENSION_METADATA_PATH = '/.well-known/touchstone-configuration';
export const REVOCATIONS_PATH = '/revocations';
/** Tokens that one provider has revoked and that are not over by themselves. */
export const MAX_REVOKED_TOKENS = 4096;

export class RevocationError extends CodedError<
  | 'TOKEN_REVOKED'
  /** A list of revoked tokens, or the document that names it, that cannot be read. */
  | 'TOKEN_REVOCATIONS_INVALID'
> {}

export interface ExtensionMetadata {
  readonly issuer: string;
  readonly revocation_list_uri: string;
}

export const extensionMetadata = (attestUri: string): ExtensionMetadata => ({
  issuer: attestUri,
  revocation_list_uri: `${attestUri}${REVOCATIONS_PATH}`,
});

/**
 * Where an authority's list is; undefined when it has none. It cannot send its readers to another origin.
 *
 * @param metadata its extension document; undefined when there is none
 * @throws RevocationError TOKEN_REVOCATIONS_INVALID
 */
export function revocationListUri(metadata: unknown, authority: string): string | undefined {
  if (metadata === undefined) return undefined;
  const uri = members(metadata, 'metadata')['revocation_list_uri'];
  if (uri === undefined) return undefined;
  if (typeof uri === 'string' && URL.canParse(uri) && sameOrigin(uri, authority)) return uri;
  throw invalid('the list of revoked tokens is not at the origin of the authority', 'metadata');
}

const sameOrigin = (a: string, b: string): boolean => new URL(a).origin === new URL(b).origin;

/** What a list holds of a token: base64url of SHA-256 over what its signature covers. */
export const revocationDigest = ({ signingInput }: UnverifiedJws): string =>
  toBase64Url(sha256(fromUtf8(signingInput)));

/** The list as it is published: `{"revoked":["<digest>", …]}`. */
export const revocationList = (digests: readonly string[]): object => ({ revoked: digests });

/** @throws RevocationError TOKEN_REVOCATIONS_INVALID: a list that cannot be read must not pass for an empty one */
export function parseRevocationList(value: unknown): ReadonlySet<string> {
  const { revoked } = members(value, 'list');
  if (!Array.isArray(revoked) || revoked.length > MAX_REVOKED_TOKENS)
    throw invalid(`the list does not hold ${MAX_REVOKED_TOKENS} digests at most`, 'revoked');
  if (!revoked.every((digest): digest is string => typeof digest === 'string'))
    throw invalid('the list holds what is no digest', 'revoked');
  return new Set(revoked);
}

/**
 * Looks the token up, and says so in the log.
 *
 * @param revoked undefined when the authority has no list
 * @throws RevocationError TOKEN_REVOKED
 */
export function checkRevocation(
  { jws }: ReadToken,
  revoked: ReadonlySet<string> | undefined,
  log: CheckLog,
): void {
  const name = 'token-revocation';
  if (!revoked) {
    log.skipped(name, { detail: 'the authority has no list of revoked tokens' });
    return;
  }
  const digest = revocationDigest(jws);
  if (!revoked.has(digest)) {
    log.passed(name, { detail: `${revoked.size} revoked tokens` });
    return;
  }
  log.failed(name, { read: digest, code: 'TOKEN_REVOKED' });
  throw new RevocationError('TOKEN_REVOKED', 'the token was revoked by who issued it', {
    field: 'token',
  });
}

function members(value: unknown, field: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw invalid('the document is no JSON object', field);
}

const invalid = (message: string, field: string): RevocationError =>
  new RevocationError('TOKEN_REVOCATIONS_INVALID', message, { field });
