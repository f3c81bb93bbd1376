export { AttestedKeyError } from './attested-key-error';
export type { AttestedKeyErrorCode } from './attested-key-error';
export { acceptKeyBirth, encodeKeyBirth } from './birth';
export type { KeyBirth } from './birth';
export {
  CHANNEL_KEY_BYTES,
  agreeCallKey,
  channelProofInput,
  channelPublicKey,
  decodeCall,
  encodeCall,
} from './channel';
export type { ChannelEnds } from './channel';
export { keyReportData, maaKeyDigest, maaKeyId } from './key-id';
export {
  MAX_SIGNER_EVIDENCE_BYTES,
  QuoteExtensionOid,
  quoteExtensions,
  readQuoteExtension,
} from './quote-extension';
export type { QuoteExtensionForm, SignerEvidence } from './quote-extension';
