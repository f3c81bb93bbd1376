import type { Request } from 'express';
import type { ErrorDialect } from '@touchstone/http';
import { attestation } from '@touchstone/wire';

/**
 * Refusals as 2018-09-01-preview published them: `{"error":{"code","message"}}` and nothing inside it, and no body at all
 * for a caller who is not known.
 */
export function withPreviewErrors({ table, encode }: ErrorDialect): ErrorDialect {
  return {
    table,
    encode: (refusal) => {
      const answer = encode(refusal);
      if (!speaksPreview(refusal.request)) return answer;
      const { body, ...rest } = answer;
      if (refusal.status === 401) return rest;
      return { ...rest, body: withoutInner(body) };
    },
  };
}

/** The version is not judged here, only heard. */
const speaksPreview = ({ path, query }: Request): boolean =>
  attestation.isPreviewPath(path) ||
  query[attestation.API_VERSION_PARAMETER] === attestation.PREVIEW_API_VERSION;

type Body = NonNullable<ReturnType<ErrorDialect['encode']>['body']>;

function withoutInner(body: Body | undefined): Body {
  if (typeof body !== 'object' || body instanceof Uint8Array) return body ?? '';
  const { code, message } = body['error'] as attestation.ErrorAnswer['error'];
  return { error: { code, message } };
}
