export { TOKEN_CLOCK_TOLERANCE_SECONDS, checkToken, readToken } from './check-token';
export type { CheckExpectations, ReadToken } from './check-token';
export {
  MAX_TOKEN_CHARACTERS,
  compactJws,
  jwtClaims,
  parseCompactJws,
  signingInput,
} from './compact-jws';
export type { ParseJwsOptions, UnverifiedJws } from './compact-jws';
export { jwkPublicKey, maaJwks, rsaMembers } from './jwks';
export type { Jwk, Jwks, MaaJwksOptions } from './jwks';
export { jwksUri, metadataDocument } from './metadata';
export type { MetadataDocument } from './metadata';
export {
  EXTENSION_METADATA_PATH,
  MAX_REVOKED_TOKENS,
  REVOCATIONS_PATH,
  RevocationError,
  checkRevocation,
  extensionMetadata,
  parseRevocationList,
  revocationDigest,
  revocationList,
  revocationListUri,
} from './revocation';
export type { ExtensionMetadata } from './revocation';
export { MIN_RSA_BITS, createTokenSigner, jwtHeader, signJwt, unsecuredJwt } from './signer';
export type { TokenSigner, TokenSignerOptions, UnsignedJwt } from './signer';
export { TokenError } from './token-error';
export type { TokenErrorCode } from './token-error';
export { verifyToken } from './verify-token';
export type { TokenAlgorithm, TokenExpectations, VerifiedToken } from './verify-token';
