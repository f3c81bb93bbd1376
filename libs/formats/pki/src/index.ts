export { MAX_CERTIFICATE_BYTES, parseCertificate } from './certificate';
export type { Certificate } from './certificate';
export { MAX_CRL_BYTES, MAX_CRL_ENTRIES, parseCrl } from './crl';
export type { Crl } from './crl';
export { DerReader, MAX_DER_DEPTH, MAX_OID_OCTETS, Tag, assertDer, contextTag } from './der-reader';
export type { DerElement } from './der-reader';
export {
  readBits,
  readBoolean,
  readMagnitude,
  readOctets,
  readOid,
  readSmall,
  readTime,
} from './der-values';
export { derBoolean, derElement, derInteger, derOctets, derOid, derSequence } from './der-writer';
export { MAX_NAME_ATTRIBUTES } from './distinguished-name';
export type { DistinguishedName } from './distinguished-name';
export { EC_SCALAR_BYTES, ecSignerFromPkcs8, ecSignerFromScalar, newEcScalar } from './ec-signer';
export type { EcSigner } from './ec-signer';
export { ExtensionOid, KEY_USAGES, MAX_EXTENSIONS } from './extensions';
export type { BasicConstraints, Extension, Extensions, KeyUsage } from './extensions';
export { issueCertificate } from './issue-certificate';
export type { CertificateRequest } from './issue-certificate';
export { issueCrl } from './issue-crl';
export type { CrlRequest, RevokedEntry } from './issue-crl';
export { CLIENT_AUTH, SERVER_AUTH } from './issue-extensions';
export type { ExtraExtension } from './issue-extensions';
export { encodeName } from './issue-names';
export type { NamePart, NameSource } from './issue-names';
export { Oid } from './algorithm';
export type { SignatureScheme } from './algorithm';
export { MAX_CHAIN_CERTIFICATES, MAX_PEM_CHARACTERS, parsePemChain, toPem } from './pem';
export { MAX_PKCS12_BYTES, parsePkcs12 } from './pkcs12';
export type { Identity } from './pkcs12';
export { PkiError } from './pki-error';
export type { PkiErrorCode } from './pki-error';
export { P256_POINT_BYTES, p256PublicKey } from './public-key';
export { rsaCertificateChain, rsaSelfSigned, rsaSelfSignedBody } from './rsa-certificates';
export type {
  RsaChainRequest,
  RsaParty,
  RsaSelfSignedBodyRequest,
  RsaSelfSignedRequest,
  SelfSignedLayout,
} from './rsa-certificates';
export type { UnsignedCertificate } from './rsa-issuing';
export {
  verifyCertificateSignature,
  verifyCrlSignature,
  verifyEcdsaP256,
} from './verify-signature';
export type { Issuer } from './verify-signature';
