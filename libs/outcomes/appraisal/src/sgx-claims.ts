import { toBase64Url, toHex } from '@touchstone/bytes';
import {
  DeprecatedSgxClaim,
  PreviewInputClaim,
  SgxClaim,
  TokenClaim,
  canonicalJson,
  heldObject,
  type HeldData,
} from '@touchstone/claims';
import { serviceClaim, type Claim } from '@touchstone/policy';
import { AttributeFlag, hasFlag, isDebug, type SgxReportBody } from '@touchstone/quote';

export const SGX_ATTESTATION_TYPE = 'sgx';
export const CLAIMS_VERSION = '1.0';

type BodyClaims = Readonly<Record<string, unknown>>;

/** What the report says of the enclave. */
export function reportClaims(
  body: SgxReportBody,
): Readonly<Record<string, string | number | boolean>> {
  return {
    [TokenClaim.attestationType]: SGX_ATTESTATION_TYPE,
    [SgxClaim.isDebuggable]: isDebug(body.attributes),
    [SgxClaim.mrEnclave]: toHex(body.mrEnclave),
    [SgxClaim.mrSigner]: toHex(body.mrSigner),
    [SgxClaim.productId]: body.isvProdId,
    [SgxClaim.svn]: body.isvSvn,
    [SgxClaim.reportData]: toHex(body.reportData),
    ...(hasKss(body) && {
      [SgxClaim.configId]: toHex(body.configId),
      [SgxClaim.configSvn]: body.configSvn,
      [SgxClaim.extendedProductId]: toHex(body.isvExtProdId),
      [SgxClaim.familyId]: toHex(body.isvFamilyId),
    }),
  };
}

/** Key separation and sharing: only then do the fields behind these claims mean anything. */
export const hasKss = (body: SgxReportBody): boolean => hasFlag(body.attributes, AttributeFlag.KSS);

/**
 * Runtime data that the report commits to: text for `Binary`, an object for `JSON`, never both.
 *
 * @throws ClaimsError CLAIMS_JSON_*
 */
export function runtimeClaims(runtimeData: HeldData | undefined): BodyClaims {
  if (!runtimeData) return {};
  if (runtimeData.dataType === 'JSON')
    return { [TokenClaim.runtime]: heldObject(runtimeData, 'runtimeData') };
  const text = toBase64Url(runtimeData.bytes);
  return {
    [SgxClaim.heldData]: text,
    [DeprecatedSgxClaim.maaHeldData]: text,
    [DeprecatedSgxClaim.aasHeldData]: text,
  };
}

/** @throws ClaimsError CLAIMS_JSON_* */
export function initTimeClaims(initTimeData: HeldData | undefined): BodyClaims {
  if (initTimeData?.dataType !== 'JSON') return {};
  return { [TokenClaim.initTime]: heldObject(initTimeData, 'initTimeData') };
}

/** Under today's name and the one that is still emitted. */
export function collateralClaims(collateral: Readonly<Record<string, string>>): BodyClaims {
  return { [SgxClaim.collateral]: collateral, [DeprecatedSgxClaim.maaCollateral]: collateral };
}

const PREVIEW_NAMES: readonly (readonly [string, string])[] = [
  [SgxClaim.isDebuggable, PreviewInputClaim.isDebuggable],
  [SgxClaim.productId, PreviewInputClaim.productId],
  [SgxClaim.mrSigner, PreviewInputClaim.mrSigner],
  [SgxClaim.mrEnclave, PreviewInputClaim.mrEnclave],
  [SgxClaim.svn, PreviewInputClaim.svn],
  [TokenClaim.attestationType, PreviewInputClaim.tee],
  [DeprecatedSgxClaim.maaHeldData, PreviewInputClaim.maaHeldData],
  [DeprecatedSgxClaim.aasHeldData, PreviewInputClaim.aasHeldData],
  [DeprecatedSgxClaim.maaCollateral, PreviewInputClaim.maaCollateral],
];

/** Not for policies: rules see facts about the evidence, and its data only as text. */
const NOT_INCOMING: ReadonlySet<string> = new Set([TokenClaim.runtime, TokenClaim.initTime]);

/** The service's claims as a policy sees them, each also under its name of the preview where it had one. */
export function incomingClaims(body: BodyClaims): readonly Claim[] {
  const asClaimValue = claimValues();
  const today = Object.entries(body)
    .filter(([name]) => !NOT_INCOMING.has(name))
    .map(([name, value]) => serviceClaim(name, asClaimValue(value)));
  const preview = PREVIEW_NAMES.filter(([name]) => Object.hasOwn(body, name)).map(([name, old]) =>
    serviceClaim(old, asClaimValue(body[name])),
  );
  return [...today, ...preview];
}

/** Rules know no objects: they see the canonical text. An object that stands under several names is written once. */
function claimValues(): (value: unknown) => string | number | boolean {
  const texts = new Map<unknown, string>();
  return (value) => {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      return value;
    const text = texts.get(value) ?? canonicalJson(value);
    texts.set(value, text);
    return text;
  };
}
