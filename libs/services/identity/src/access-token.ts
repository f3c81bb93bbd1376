import { toBase64Url } from '@touchstone/bytes';
import type { Random } from '@touchstone/ports';
import { signJwt, type TokenSigner } from '@touchstone/token';
import type { Application, Tenant } from './directory';
import type { Audience } from './resources';

/** What callers are told, one second less than what the token says, as Entra ID does. */
export const TOKEN_LIFETIME_SECONDS = 3_600;
/** Tokens begin a little before they are made, for servers whose clocks are behind. */
export const BACKDATE_SECONDS = 300;

const UTI_BYTES = 16;
const AIO_BYTES = 36;

export interface AccessTokenRequest {
  /** Origin of this authority, for the issuer of version 2. */
  readonly authority: string;
  readonly tenant: Tenant;
  readonly application: Application;
  readonly audience: Audience;
  readonly at: Date;
}

export interface AccessToken {
  readonly token: string;
  /** Seconds since 1970. */
  readonly notBefore: number;
  readonly expiresOn: number;
}

/** Issuer of tokens of version 1: the same for every authority. */
export const issuerV1 = (tenantId: string): string => `https://sts.windows.net/${tenantId}/`;
export const issuerV2 = (authority: string, tenantId: string): string =>
  `${authority}/${tenantId}/v2.0`;

/** An app-only access token: the client authenticated itself with a secret, and no user takes part. */
export function issueAccessToken(
  request: AccessTokenRequest,
  signer: TokenSigner,
  random: Random,
): AccessToken {
  const seconds = Math.floor(request.at.getTime() / 1_000);
  const notBefore = seconds - BACKDATE_SECONDS;
  const expiresOn = seconds + TOKEN_LIFETIME_SECONDS;
  const { kid } = signer;
  const version1 = request.audience.version === '1.0';
  const payload = {
    ...sharedClaims(request, random),
    iat: notBefore,
    nbf: notBefore,
    exp: expiresOn,
    ...(version1 ? claimsV1(request) : claimsV2(request)),
  };
  return {
    token: signJwt({ header: version1 ? { x5t: kid } : {}, payload }, signer),
    notBefore,
    expiresOn,
  };
}

function sharedClaims({ tenant, application, audience }: AccessTokenRequest, random: Random) {
  const { objectId, roles = [] } = application;
  return {
    aud: audience.audience,
    // Opaque to everyone but Entra ID itself; only their shape is kept.
    aio: toBase64Url(random.bytes(AIO_BYTES)),
    rh: `1.${toBase64Url(random.bytes(AIO_BYTES))}.`,
    uti: toBase64Url(random.bytes(UTI_BYTES)),
    idtyp: 'app',
    oid: objectId,
    sub: objectId,
    tid: tenant.id,
    ...(roles.length > 0 && { roles }),
  };
}

const claimsV1 = ({ tenant, application }: AccessTokenRequest) => ({
  iss: issuerV1(tenant.id),
  idp: issuerV1(tenant.id),
  appid: application.clientId,
  appidacr: '1',
  ver: '1.0',
});

const claimsV2 = ({ authority, tenant, application }: AccessTokenRequest) => ({
  iss: issuerV2(authority, tenant.id),
  idp: issuerV1(tenant.id),
  azp: application.clientId,
  azpacr: '1',
  ver: '2.0',
});
