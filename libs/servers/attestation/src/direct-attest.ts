import { HttpError, JSON_TYPES, type DirectCall, type DirectRouter } from '@touchstone/http';
import type { ProviderDirectory } from '@touchstone/service-attestation';
import { attestation } from '@touchstone/wire';
import { attest, type AttestDeps } from './attest-operation';
import { SERVICE_HEADERS } from './service-headers';

export interface DirectAttestDeps extends AttestDeps {
  readonly directory: ProviderDirectory;
}

/** What a request target says that is spelt as clients spell it. */
interface Target {
  readonly path: string;
  readonly type: attestation.AttestationType;
  readonly version: attestation.ApiVersion;
}

/** A provider's name or none, the operation, and the version as the only parameter. */
const TARGET =
  /^((?:\/[a-z0-9-]{3,24})?\/attest\/([A-Za-z]{1,20}))\?api-version=([0-9a-z-]{1,30})$/;
const MAX_KNOWN_TARGETS = 1_000;
const CONTENT_TYPE = ['Content-Type', 'application/json; charset=utf-8'];

/** The attest operation without Express. Other spellings, and all that is refused before the body, go the long way. */
export function directAttest(deps: DirectAttestDeps): DirectRouter {
  const read = targetReader();
  return ({ method, url = '', headers }) => {
    const target = method === 'POST' ? read(url) : undefined;
    if (target === undefined) return undefined;
    const { path, type, version } = target;
    const route = attestation.attestPath(type);
    return {
      route,
      headers: SERVICE_HEADERS,
      async answer({ requestId, text }: DirectCall) {
        const located = await deps.directory.locate({ authority: headers.host, path });
        // A host of its own has no further name in its paths.
        if (located.path !== route)
          throw new HttpError('HTTP_NOT_FOUND', 'there is no such resource');
        const { provider, issuer } = located;
        const body = await text(attestation.MAX_ATTEST_BODY_BYTES, { types: JSON_TYPES });
        const token = await attest(deps, { type, version, provider, issuer, requestId, body });
        return { headers: CONTENT_TYPE, body: JSON.stringify(attestation.tokenAnswer(token)) };
      },
    };
  };
}

/** Targets are few, and the same ones come again and again. */
function targetReader(): (url: string) => Target | undefined {
  const known = new Map<string, Target>();
  return (url) => {
    const seen = known.get(url);
    if (seen !== undefined) return seen;
    const target = readTarget(url);
    if (target !== undefined && known.size < MAX_KNOWN_TARGETS) known.set(url, target);
    return target;
  };
}

function readTarget(url: string): Target | undefined {
  const [, path = '', typeText, versionText] = TARGET.exec(url) ?? [];
  const type = attestation.ATTESTATION_TYPES.find((each) => each === typeText);
  const version = attestation.API_VERSIONS.find((each) => each === versionText);
  return type && version && { path, type, version };
}
