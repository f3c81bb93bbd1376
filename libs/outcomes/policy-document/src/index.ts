export type { DocumentSigner } from './document-header';
export {
  CERTIFICATE_MEMBERS,
  openPolicyDocument,
  openResetDocument,
  openSignerChange,
} from './open-document';
export type {
  OpenPolicyOptions,
  OpenedDocument,
  PolicyDocument,
  SignerChange,
} from './open-document';
export { PolicyDocumentError } from './policy-document-error';
export type { PolicyDocumentErrorCode } from './policy-document-error';
export { encodePolicyText, policyHash, policyTokenHash } from './policy-hash';
export { POLICY_ALGORITHMS, createPolicySigner } from './policy-signer';
export type { PolicyAlgorithm, PolicySigner, PolicySignerOptions } from './policy-signer';
export { certificateJwk, certificateThumbprint } from './signer-jwk';
export { addSigner, removeSigner } from './signers';
export type { DocumentTrust } from './trust';
export {
  CERTIFICATE_MEMBER,
  POLICY_MEMBER,
  RESET_DOCUMENT,
  signPolicy,
  signReset,
  signSignerChange,
  wrapPolicy,
} from './write-document';
