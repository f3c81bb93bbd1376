export {
  AnswerHeader,
  attributesMember,
  deletedKeyBundle,
  deletedKeyList,
  errorAnswer,
  keyBundle,
  keyList,
  keyMember,
  keyVersionList,
  releaseAnswer,
} from './answers';
export type { NextLink, VaultView } from './answers';
export {
  API_VERSIONS,
  API_VERSION_PARAMETER,
  LATEST_API_VERSION,
  parseApiVersion,
  supportsRelease,
} from './api-version';
export type { ApiVersion } from './api-version';
export {
  errorAnswerSchema,
  keyBundleSchema,
  releaseAnswerSchema,
  releasedKeySchema,
} from './client-schemas';
export type { KeyBundle } from './client-schemas';
export { CURVES, KEY_OPERATIONS, KEY_TYPES, hsmType, isHsmType, keyOperation } from './key-types';
export type { Curve, KeyOperation, KeyType } from './key-types';
export {
  MAX_PAGE_ENTRIES,
  deletedKeyPath,
  keyPath,
  nextLink,
  parseKeyName,
  parseKeyVersion,
  parsePage,
  releasePath,
} from './paths';
export type { PageRequest } from './paths';
export { releasePayload } from './release-payload';
export type { ReleasePayloadInput } from './release-payload';
export {
  MAX_KEY_BODY_BYTES,
  MAX_RELEASE_BODY_BYTES,
  MAX_RELEASE_NONCE_CHARACTERS,
  MAX_TAGS,
  MAX_TAG_CHARACTERS,
  decodeCreateKey,
  decodeImportKey,
  decodeReleaseKey,
  decodeUpdateKey,
} from './requests';
export type {
  CreateKeyRequest,
  ImportKeyRequest,
  JwkMember,
  KeyAttributes,
  KeyProperties,
  ReleaseKeyRequest,
  ReleasePolicyMember,
} from './requests';
export { VaultWireError } from './wire-error';
export type { VaultWireErrorCode } from './wire-error';
