import type { Express, Request, RequestHandler, Response } from 'express';
import { parseJson } from '@touchstone/claims';
import { handler, queryValue, requestIdOf, resource, textBody } from '@touchstone/http';
import type { EvidenceType, Location, PreviewOwner } from '@touchstone/service-attestation';
import { attestation } from '@touchstone/wire';
import { isPreview, requireVersion } from './api-version';
import { judged, type AttestDeps } from './attest-operation';
import { recorded, type ChangeRecordDeps } from './change-record';
import type { Door } from './door';
import { locationOf } from './location';

/** How an attest operation of the preview answers: with a JSON string, or with the token alone. */
export const PREVIEW_TOKEN_FORMS = ['json', 'bare'] as const;
export type PreviewTokenForm = (typeof PREVIEW_TOKEN_FORMS)[number];

export interface PreviewRouteDeps extends AttestDeps, ChangeRecordDeps {
  readonly previewOwner: PreviewOwner;
  readonly previewTokens: PreviewTokenForm;
  readonly door: Door;
}

/** What the first step answers with holds a policy in its document, encoded once more. */
const MAX_PREPARED_BODY_BYTES = 2 * attestation.MAX_STATEMENT_BODY_BYTES;

const previewVersion = requireVersion(attestation.PREVIEW_API_VERSIONS);
/** Paths that two dialects share are those of the version that is named. */
const previewOnly: RequestHandler = (request, _response, next) =>
  isPreview(request) ? next() : next('route');

/** The operations of 2018-09-01-preview, each for callers with a token only. */
export function addPreviewRoutes(app: Express, deps: PreviewRouteDeps): void {
  for (const [path, type] of attestation.PREVIEW_ATTEST_PATHS) {
    const post = [
      deps.door('read'),
      previewVersion,
      textBody(attestation.MAX_ATTEST_BODY_BYTES),
      handler((request, response) => attest(deps, type, request, response)),
    ];
    if (attestation.isPreviewPath(path)) resource(app, path, { post });
    else app.post(path, previewOnly, ...post);
  }
  addPolicyRoutes(app, deps);
  addCertificateRoutes(app, deps);
}

function addPolicyRoutes(app: Express, deps: PreviewRouteDeps): void {
  const { previewOwner: owner } = deps;
  resource(app, attestation.PREVIEW_PREPARE_PATH, {
    post: changing(deps, 'policy-prepare', async (location, jws, type, response) => {
      response.json(await owner.prepare(location, type(), jws));
    }),
  });
  resource(app, attestation.PREVIEW_POLICY_PATH, {
    get: reading(deps, async (location, type) => ({
      policy: await owner.policy(location, type()),
    })),
    put: changing(deps, 'policy-set', async (location, jwt, type, response) => {
      await owner.set(location, type(), jwt);
      response.status(200).end();
    }),
    post: changing(deps, 'policy-reset', async (location, jws, type, response) => {
      response.json(await owner.reset(location, type(), jws));
    }),
  });
}

function addCertificateRoutes(app: Express, deps: PreviewRouteDeps): void {
  const { previewOwner: owner } = deps;
  resource(app, attestation.PREVIEW_CERTIFICATES_PATH, {
    get: reading(deps, (location) => owner.certificates(location)),
    put: changing(deps, 'certificate-add', async (location, jws, _type, response) => {
      response.json(await owner.addCertificate(location, jws));
    }),
    post: changing(deps, 'certificate-remove', async (location, jws, _type, response) => {
      response.json(await owner.removeCertificate(location, jws));
    }),
  });
}

async function attest(
  deps: PreviewRouteDeps,
  type: attestation.AttestationType,
  request: Request,
  response: Response,
): Promise<void> {
  const { provider, issuer } = locationOf(response);
  const order = attestation.decodePreviewAttestRequest(parseJson(String(request.body), 'body'));
  const call = { ...order, provider, issuer, type, dialect: 'preview' } as const;
  const token = await judged(deps, call, requestIdOf(response));
  if (deps.previewTokens === 'bare') response.type('text/plain').send(token);
  else response.json(token);
}

/** Reads `tee` when it is asked for: certificates are those of all types. */
type TeeOf = () => EvidenceType;
const teeOf =
  (request: Request): TeeOf =>
  () =>
    attestation.parseTee(queryValue(request, attestation.TEE_PARAMETER));

function reading(
  { door }: PreviewRouteDeps,
  read: (location: Location, type: TeeOf) => Promise<unknown>,
): readonly RequestHandler[] {
  return [
    door('read'),
    previewVersion,
    handler(async (request, response) => {
      response.json(await read(locationOf(response), teeOf(request)));
    }),
  ];
}

function changing(
  deps: PreviewRouteDeps,
  operation: string,
  work: (location: Location, jws: string, type: TeeOf, response: Response) => Promise<void>,
): readonly RequestHandler[] {
  return [
    deps.door('write'),
    previewVersion,
    textBody(MAX_PREPARED_BODY_BYTES),
    handler(async (request, response) => {
      const jws = attestation.decodeStatement(String(request.body));
      await recorded(deps, { operation, document: jws }, response, () =>
        work(locationOf(response), jws, teeOf(request), response),
      );
    }),
  ];
}
