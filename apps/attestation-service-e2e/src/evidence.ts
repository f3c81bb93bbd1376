import { fromUtf8, sha256, toBase64Url } from '@touchstone/bytes';
import { aQuote, type QuoteOptions, type TestPlatform } from '@touchstone/testkit';

export const RUNTIME_TEXT = ' {"keys":[{"kty":"RSA","kid":"k1","n":"AQAB","e":"AQAB"}]}\n';
export const RUNTIME_BYTES = fromUtf8(RUNTIME_TEXT);

/** A quote whose enclave committed to `RUNTIME_TEXT`. */
export const aBoundQuote = (platform: TestPlatform, options: QuoteOptions = {}): Uint8Array =>
  aQuote(platform, { reportData: sha256(RUNTIME_BYTES), ...options });

export const runtimeData = (dataType: string) => ({ data: toBase64Url(RUNTIME_BYTES), dataType });
