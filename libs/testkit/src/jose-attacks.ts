import { createHmac, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { aStranger } from './stranger';

/** A JWS that is good, in its parts, and the RSA key that signs it. */
export interface GoodJws {
  readonly privateKey: KeyObject;
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Where nobody may ever ask for a key: an origin of the test. */
  readonly elsewhere: string;
}

type Attack = (good: GoodJws) => string;

const encode = (value: object | string): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** RS256 over the parts as they stand: text is taken for JSON, whatever it says twice. */
export function compactRs256(
  privateKey: KeyObject,
  header: object | string,
  payload: object | string,
): string {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`;
}

const unsignedAs =
  (alg: string): Attack =>
  ({ header, payload }) =>
    `${encode({ ...header, alg })}.${encode(payload)}.`;

const macUnder =
  (secret: (key: KeyObject) => string | Buffer): Attack =>
  ({ privateKey, header, payload }) => {
    const input = `${encode({ ...header, alg: 'HS256' })}.${encode(payload)}`;
    const mac = createHmac('sha256', secret(createPublicKey(privateKey))).update(input);
    return `${input}.${mac.digest('base64url')}`;
  };

/** Under the right key, with a header that would change what the rest means. */
const withHeader =
  (changes: object): Attack =>
  ({ privateKey, header, payload }) =>
    compactRs256(privateKey, { ...header, ...changes }, payload);

/** By a stranger, who brings the key along or says where it is. */
const byStranger =
  (own: (elsewhere: string) => object): Attack =>
  ({ header, payload, elsewhere }) => {
    const { x5c: _theirs, ...bare } = header;
    return compactRs256(aStranger().privateKey, { ...bare, ...own(elsewhere) }, payload);
  };

/** The good one, written in another way: who compares or revokes by text would not know it again. */
const rewritten =
  (rewrite: (jws: string) => string): Attack =>
  ({ privateKey, header, payload }) =>
    rewrite(compactRs256(privateKey, header, payload));

function claimSaidTwice({ privateKey, header, payload }: GoodJws): string {
  const [first = ['', '']] = Object.entries(payload);
  const again = JSON.stringify(Object.fromEntries([first])).slice(1, -1);
  return compactRs256(privateKey, header, JSON.stringify(payload).replace('{', `{${again},`));
}

/** Over a payload whose signature has a digit that the two alphabets write differently. */
function otherAlphabet({ privateKey, header, payload }: GoodJws): string {
  for (let attempt = 0; ; attempt += 1) {
    const jws = compactRs256(privateKey, header, attempt === 0 ? payload : { ...payload, attempt });
    const other = jws.replaceAll('-', '+').replaceAll('_', '/');
    if (other !== jws) return other;
  }
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** 256 bytes of a signature leave four bits of the last digit over. */
const strayBits = (jws: string): string =>
  jws.slice(0, -1) + DIGITS[DIGITS.indexOf(jws.slice(-1)) + 1];

/** What nobody may take for the good JWS; RFC 8725 section 2 has most of them. Each breaks one thing. */
export const JOSE_ATTACKS = {
  'alg none': unsignedAs('none'),
  'alg None': unsignedAs('None'),
  'alg nOnE': unsignedAs('nOnE'),
  'alg NONE': unsignedAs('NONE'),
  'alg none, a signature left on': withHeader({ alg: 'none' }),
  'HS256 under the public key as PEM': macUnder((key) =>
    key.export({ type: 'spki', format: 'pem' }),
  ),
  'HS256 under the public key as DER': macUnder((key) =>
    key.export({ type: 'spki', format: 'der' }),
  ),
  'HS256 under nothing': macUnder(() => ''),
  'another hash than the one signed': withHeader({ alg: 'RS512' }),
  'another padding than the one signed': withHeader({ alg: 'PS256' }),
  'an elliptic alg': withHeader({ alg: 'ES256' }),
  crit: withHeader({ crit: ['exp'], exp: 1 }),
  'crit and b64': withHeader({ crit: ['b64'], b64: false }),
  'an empty crit': withHeader({ crit: [] }),
  'a second alg': ({ privateKey, header, payload }) =>
    compactRs256(privateKey, JSON.stringify(header).replace('{', '{"alg":"none",'), payload),
  'a claim said twice': claimSaidTwice,
  'a signature of somebody else': ({ header, payload }) =>
    compactRs256(aStranger().privateKey, header, payload),
  'a jwk of somebody else': byStranger(() => ({ jwk: aStranger().jwk })),
  'an x5c of somebody else': byStranger(() => ({ x5c: aStranger().x5c })),
  'a kid and a jwk of somebody else': byStranger(() => ({ kid: 'else', jwk: aStranger().jwk })),
  'a jku that leads elsewhere': byStranger((elsewhere) => ({ jku: `${elsewhere}/certs` })),
  'an x5u that leads elsewhere': byStranger((elsewhere) => ({ x5u: `${elsewhere}/x5u.pem` })),
  padding: rewritten((jws) => `${jws}==`),
  'the other alphabet': otherAlphabet,
  'stray bits in the last digit': rewritten(strayBits),
  'bytes behind the signature': rewritten((jws) => `${jws}AA`),
  'a fourth part': rewritten((jws) => `${jws}.AAAA`),
  'a fourth part with nothing in it': rewritten((jws) => `${jws}.`),
  'no signature': rewritten((jws) => jws.slice(0, jws.lastIndexOf('.') + 1)),
  'no third part': rewritten((jws) => jws.slice(0, jws.lastIndexOf('.'))),
  'another claim': ({ privateKey, header, payload }) =>
    compactRs256(privateKey, header, payload).replace(
      /\.[^.]+\./,
      `.${encode({ ...payload, more: true })}.`,
    ),
} as const satisfies Readonly<Record<string, Attack>>;

export type JoseAttack = keyof typeof JOSE_ATTACKS;

export const JOSE_ATTACK_NAMES = Object.keys(JOSE_ATTACKS) as readonly JoseAttack[];
