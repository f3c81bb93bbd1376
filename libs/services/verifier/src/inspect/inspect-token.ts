import { toHex } from '@touchstone/bytes';
import type { JsonObject, JsonValue } from '@touchstone/claims';
import { jwtClaims, parseCompactJws } from '@touchstone/token';
import { attempt } from '../attempt';
import { jsonOf, textOf, withoutComment } from '../text-forms';
import { VerifierError } from '../verifier-error';
import type { InspectedField, Inspection } from './inspection';
import { field } from './inspection';

/** Claims that are seconds since 1970. */
const TIMES: ReadonlySet<string> = new Set(['iat', 'nbf', 'exp']);

/** Characters of a value that is shown in one piece. */
const MAX_VALUE_CHARACTERS = 4096;

/**
 * Header and claims of a JWT, as they stand: nothing is verified.
 * @throws VerifierError INSPECT_UNREADABLE
 */
export function inspectToken(file: Uint8Array): Inspection {
  const text = tokenText(file);
  const jws =
    text === undefined ? undefined : attempt(() => parseCompactJws(text, { allowUnsecured: true }));
  const claims = jws && attempt(() => jwtClaims(jws));
  if (jws === undefined || claims === undefined) {
    throw new VerifierError('INSPECT_UNREADABLE', 'this is no JSON web token', { field: 'token' });
  }
  return {
    sections: [
      { title: 'Header', fields: fieldsOf(jws.header) },
      { title: 'Claims, not verified', fields: fieldsOf(claims) },
      {
        title: 'Signature',
        fields: [field('signature', toHex(jws.signature), `${jws.signature.length} bytes`)],
      },
    ],
  };
}

/** A token alone, quoted, or as the `token` of an attestation service's answer; undefined for what is no text. */
export function tokenText(file: Uint8Array): string | undefined {
  const text = textOf(withoutComment(file));
  if (text === undefined || !/^["{]/.test(text)) return text;
  const value = jsonOf(text);
  if (typeof value === 'string') return value;
  const holdsToken = typeof value === 'object' && value !== null && 'token' in value;
  return holdsToken && typeof value.token === 'string' ? value.token : undefined;
}

const fieldsOf = (object: JsonObject): InspectedField[] =>
  Object.entries(object).map(([name, value]) =>
    field(name, valueText(value), timeText(name, value)),
  );

function valueText(value: JsonValue): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= MAX_VALUE_CHARACTERS ? text : `${text.slice(0, MAX_VALUE_CHARACTERS)}…`;
}

function timeText(name: string, value: JsonValue): string | undefined {
  if (!TIMES.has(name) || typeof value !== 'number') return undefined;
  const at = new Date(value * 1000);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
