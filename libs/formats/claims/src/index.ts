export { canonicalJson } from './canonical-json';
export { ClaimsError } from './claims-error';
export type { ClaimsErrorCode } from './claims-error';
export { HELD_DATA_TYPES, heldDataType, heldObject } from './held-data';
export type { HeldData, HeldDataType } from './held-data';
export { MAX_JSON_DEPTH, isJsonObject, parseJson, parseJsonObject } from './json';
export type { JsonObject, JsonValue } from './json';
export {
  CollateralMember,
  DeprecatedSgxClaim,
  PreviewInputClaim,
  REGISTERED_CLAIMS,
  SgxClaim,
  TokenClaim,
} from './names';
