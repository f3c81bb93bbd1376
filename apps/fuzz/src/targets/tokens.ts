import {
  equal,
  fromBase64Lenient,
  fromBase64Url,
  fromHex,
  fromUtf8,
  toBase64,
  toBase64Url,
  toHex,
  toUtf8,
} from '@touchstone/bytes';
import { canonicalJson, parseJson, parseJsonObject } from '@touchstone/claims';
import { decodeKeyHsm, encodeKeyHsm } from '@touchstone/key-wrap';
import { jwtClaims, parseCompactJws, unsecuredJwt } from '@touchstone/token';
import { mutateJson } from '../json-mutations';
import { type FuzzTarget, orRefusal, promise } from '../target';
import { looseText } from '../text';
import { mutateJws, mutateWrappedJson } from '../wrapped-mutations';

const CLAIMS = {
  iss: 'https://localhost:7010/sharedeus2',
  exp: 1_800_000_000,
  'x-ms-runtime': { keys: [{ kid: 'k', kty: 'RSA', n: 'AQAB', e: 'AQAB' }] },
  'x-ms-sgx-is-debuggable': false,
};

const words = [
  '"alg":"none"',
  '"crit":["b64"],',
  '"kid":',
  '..',
  '.',
  '=',
  '\\u0000',
  '[[',
  '{}',
  '"__proto__":',
];
const tokens = words.map(fromUtf8);

function runJws(input: Uint8Array): string {
  const text = looseText(input);
  const secured = orRefusal(() => parseCompactJws(text));
  const jws = parseCompactJws(text, { allowUnsecured: true });
  const again = `${jws.signingInput}.${toBase64Url(jws.signature)}`;
  promise('an accepted token has one spelling', again === text);
  promise(
    'unsigned tokens need to be allowed',
    (secured !== undefined) === (jws.header.alg !== 'none'),
  );
  const claims = orRefusal(() => jwtClaims(jws));
  return `${jws.header.alg === 'none'} ${claims !== undefined}`;
}

function runJson(input: Uint8Array): string {
  const text = toUtf8(input);
  const value = parseJson(text);
  const plain: unknown = JSON.parse(text);
  promise(
    'the strict reader agrees with the plain one',
    JSON.stringify(plain) === JSON.stringify(value),
  );
  const canonical = canonicalJson(value);
  promise('the canonical form is stable', canonicalJson(parseJson(canonical)) === canonical);
  return orRefusal(() => parseJsonObject(text)) === undefined ? 'a value' : 'an object';
}

function runKeyHsm(input: Uint8Array): string {
  const held = decodeKeyHsm(looseText(input));
  const again = decodeKeyHsm(encodeKeyHsm(held));
  promise('a wrapped key survives a second writing', equal(again.ciphertext, held.ciphertext));
  return held.enc;
}

function runEncodings(input: Uint8Array): string {
  const text = looseText(input);
  promise('hex is read back', equal(fromHex(toHex(input)), input));
  promise('base64url is read back', equal(fromBase64Url(toBase64Url(input)), input));
  promise('base64 is read back', equal(fromBase64Lenient(toBase64(input)), input));
  const hex = orRefusal(() => fromHex(text));
  promise('accepted hex has one reading', hex === undefined || toHex(hex) === text.toLowerCase());
  const strict = orRefusal(() => fromBase64Url(text));
  promise(
    'accepted base64url has one spelling',
    strict === undefined || toBase64Url(strict) === text,
  );
  const lenient = orRefusal(() => fromBase64Lenient(text));
  promise('what is strict is lenient too', strict === undefined || lenient !== undefined);
  const utf8 = orRefusal(() => toUtf8(input));
  promise('accepted text is read back', utf8 === undefined || equal(fromUtf8(utf8), input));
  return [hex, strict, lenient, utf8].map((read) => read !== undefined).join(' ');
}

/** Tokens, and the JSON and encodings that they are made of. */
export function tokenTargets(): readonly FuzzTarget[] {
  const unsecured = unsecuredJwt(CLAIMS);
  const header = Buffer.from('{"alg":"RS256","kid":"k","typ":"JWT"}').toString('base64url');
  const signed = `${header}.${unsecured.split('.')[1] ?? ''}.${'A'.repeat(342)}`;
  const keyHsm = encodeKeyHsm({
    kid: 'k',
    enc: 'CKM_RSA_AES_KEY_WRAP',
    ciphertext: new Uint8Array(300).fill(9),
  });
  return [
    {
      name: 'jws',
      seeds: [unsecured, signed].map(fromUtf8),
      tokens,
      shape: mutateJws,
      run: runJws,
    },
    {
      name: 'json',
      seeds: [JSON.stringify(CLAIMS), '[1,"\\ud83d\\ude00",{"a":{"b":null}}]', '"text"'].map(
        fromUtf8,
      ),
      tokens,
      shape: mutateJson,
      run: runJson,
    },
    {
      name: 'key-hsm',
      seeds: [fromUtf8(keyHsm)],
      tokens,
      shape: mutateWrappedJson,
      run: runKeyHsm,
    },
    {
      name: 'encodings',
      seeds: ['00ff', 'AP8', 'AP8=', '-_8', '+/8=', 'ünïcode \uFEFF'].map(fromUtf8),
      tokens: ['=', '==', '-', '_', '+', '/', '\n', ' ', '\uFEFF'].map(fromUtf8),
      maxBytes: 4096,
      run: runEncodings,
    },
  ];
}
