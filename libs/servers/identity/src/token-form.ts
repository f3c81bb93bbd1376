import { fromBase64Lenient, toUtf8 } from '@touchstone/bytes';
import { IdentityError, type TokenRequest } from '@touchstone/service-identity';
import type { EndpointVersion } from './metadata';

interface Credentials {
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
}

const BASIC = /^basic +([A-Za-z0-9+/]+={0,2}) *$/i;

/** Reads a token request from its form and `Authorization` header; fields that we do not know are ignored. */
export function readTokenRequest(
  form: ReadonlyMap<string, string>,
  authorization: string | undefined,
  version: EndpointVersion,
): Omit<TokenRequest, 'tenant' | 'authority'> {
  const field = (name: string): string | undefined => form.get(name) || undefined;
  return {
    grantType: field('grant_type'),
    ...credentialsOf(
      { clientId: field('client_id'), clientSecret: field('client_secret') },
      basicCredentials(authorization),
    ),
    clientAssertion: field('client_assertion'),
    target: version === 'v2' ? { scope: field('scope') } : { resource: field('resource') },
  };
}

/** A client must not use two ways of authentication at once (RFC 6749 section 2.3). */
function credentialsOf(body: Credentials, basic: Credentials | undefined): Credentials {
  if (basic === undefined) return body;
  const contradicts = body.clientId !== undefined && body.clientId !== basic.clientId;
  if (body.clientSecret === undefined && !contradicts) return basic;
  throw new IdentityError(
    'IDENTITY_CREDENTIAL_REPEATED',
    'the client authenticates itself in two ways',
    {
      field: 'Authorization',
    },
  );
}

/** RFC 6749 section 2.3.1: id and secret are form-encoded, joined by a colon, then base64. */
function basicCredentials(authorization: string | undefined): Credentials | undefined {
  const encoded = BASIC.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  try {
    const text = toUtf8(fromBase64Lenient(encoded));
    const colon = text.indexOf(':');
    if (colon < 0) return undefined;
    return {
      clientId: formDecode(text.slice(0, colon)),
      clientSecret: formDecode(text.slice(colon + 1)),
    };
  } catch {
    // What cannot be decoded is no credential; the request then has none.
    return undefined;
  }
}

const formDecode = (text: string): string | undefined =>
  decodeURIComponent(text.replaceAll('+', ' ')) || undefined;
