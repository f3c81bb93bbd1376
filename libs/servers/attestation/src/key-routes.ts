import type { Express } from 'express';
import { toHex } from '@touchstone/bytes';
import {
  JSON_TYPES,
  SMALL_BODY_BYTES,
  handler,
  jsonBody,
  queryValue,
  resource,
} from '@touchstone/http';
import { parseQuote } from '@touchstone/quote';
import {
  AttestationError,
  KEY_OVERLAP_MS,
  type KeyAdministration,
  type KeyDescription,
  type RegionReport,
  type RotationRequest,
} from '@touchstone/service-attestation';

export const OPERATOR_KEYS_PATH = '/operator/keys';
export const OPERATOR_ROTATE_PATH = `${OPERATOR_KEYS_PATH}/rotate`;
/** A new key signs so much later than it is published: relying parties that keep key sets for a while have it by then. */
export const DEFAULT_ANNOUNCE_SECONDS = 60;

/** Signing keys, for whoever runs the service; who may come in was asked before. */
export function addKeyRoutes(app: Express, keys: KeyAdministration): void {
  resource(app, OPERATOR_KEYS_PATH, {
    get: handler(async (request, response) => {
      response.json(shown(await keys.list(queryValue(request, 'provider'))));
    }),
  });
  resource(app, OPERATOR_ROTATE_PATH, {
    post: [
      jsonBody(SMALL_BODY_BYTES, { types: JSON_TYPES }),
      handler(async (request, response) => {
        response.json(shown(await keys.rotate(readRequest(request.body))));
      }),
    ],
  });
}

/** `{"provider"?, "announceSeconds"?}` */
function readRequest(body: unknown): RotationRequest {
  const members: Readonly<Record<string, unknown>> =
    typeof body === 'object' && body !== null ? { ...body } : {};
  const { provider, announceSeconds = DEFAULT_ANNOUNCE_SECONDS } = members;
  if (provider !== undefined && typeof provider !== 'string') throw invalid('provider');
  if (typeof announceSeconds !== 'number') throw invalid('announceSeconds');
  return { announceSeconds, ...(provider !== undefined && { provider }) };
}

const shown = (reports: readonly RegionReport[]): object => ({
  regions: reports.map((report) =>
    'keys' in report
      ? { region: report.region, keys: report.keys.map(shownKey) }
      : {
          region: report.region,
          error: { code: report.failure.code, message: report.failure.message },
        },
  ),
});

function shownKey({ kid, state, createdAt, retiredAt, quote }: KeyDescription): object {
  return {
    kid,
    state,
    createdAt: createdAt.toISOString(),
    ...(retiredAt && {
      retiredAt: retiredAt.toISOString(),
      leavesAt: new Date(retiredAt.getTime() + KEY_OVERLAP_MS).toISOString(),
    }),
    ...(quote && { enclave: enclaveIn(quote) }),
  };
}

/** As the quote says; whoever wants to believe it verifies the certificate. */
function enclaveIn(bytes: Uint8Array): object {
  const quote = parseQuote(bytes);
  if (quote.teeType !== 'sgx') return {};
  const { mrEnclave, mrSigner } = quote.body;
  return { mrEnclave: toHex(mrEnclave), mrSigner: toHex(mrSigner) };
}

const invalid = (field: string): AttestationError =>
  new AttestationError('ATTESTATION_ROTATION_INVALID', `${field} is not valid.`, { field });
