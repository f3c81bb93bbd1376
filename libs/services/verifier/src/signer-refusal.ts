import { CodedError } from '@touchstone/errors';

/** Why a signer is not whom it should be, beside what a quote is refused for. */
export type SignerRefusalCode =
  /** It is not signed by its own key. */
  | 'SIGNER_CERTIFICATE_SIGNATURE'
  /** It is in the name of another issuer. */
  | 'SIGNER_CERTIFICATE_NAME'
  /** It is not valid at that instant. */
  | 'SIGNER_CERTIFICATE_DATES'
  /** It carries no quote: the key is a plain one, for all that can be said. */
  | 'SIGNER_NOT_ATTESTED'
  /** The quote is not that of an SGX enclave. */
  | 'SIGNER_NOT_SGX'
  /** The quote is over another key. */
  | 'SIGNER_KEY_UNBOUND'
  /** The enclave's memory can be read from outside. */
  | 'SIGNER_DEBUG'
  | 'SIGNER_MRENCLAVE'
  | 'SIGNER_MRSIGNER';

export class SignerRefusal extends CodedError<SignerRefusalCode> {}
