import { CodedError } from '@touchstone/errors';

export type PkiErrorCode =
  | 'PKI_DER_MALFORMED'
  | 'PKI_CERTIFICATE_MALFORMED'
  | 'PKI_CRL_MALFORMED'
  | 'PKI_PEM_MALFORMED'
  | 'PKI_PKCS12_MALFORMED'
  | 'PKI_PKCS12_PASSWORD'
  | 'PKI_LIMIT_EXCEEDED'
  | 'PKI_KEY_UNSUPPORTED'
  | 'PKI_KEY_NOT_ON_CURVE'
  | 'PKI_SCALAR_OUT_OF_RANGE'
  | 'PKI_ISSUE_INVALID';

/** A certificate, CRL, key or PEM text that is not what its specification says; `field` names the member at fault. */
export class PkiError extends CodedError<PkiErrorCode> {}
