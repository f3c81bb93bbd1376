import { toBase64Url } from '@touchstone/bytes';
import type { HeldData } from '@touchstone/claims';
import type { HttpClient } from '@touchstone/http-client';
import { attestation } from '@touchstone/wire';
import type { JsonWebKey } from 'node:crypto';
import { z } from 'zod';
import { EXTENSION_METADATA_PATH, parseRevocationList, revocationListUri } from '@touchstone/token';
import { call } from './answers';
import { MaaClientError } from './maa-client-error';

export interface MaaClientOptions {
  /** URL of the attestation provider; a path in it is kept. */
  readonly endpoint: string;
  readonly http: HttpClient;
  readonly apiVersion?: attestation.ApiVersion;
}

export interface AttestInput {
  readonly runtimeData?: HeldData;
  readonly initTimeData?: HeldData;
  /** Plain policy text, for this call only; the token is then unsecured. */
  readonly draftPolicy?: string;
  readonly nonce?: string;
}

export interface AttestOutput {
  /** Compact JWT, not verified. */
  readonly token: string;
  /** `x-ms-request-id` of the answer. */
  readonly requestId: string;
}

export interface ProviderMetadata {
  readonly issuer: string;
  readonly jwksUri: string;
}

/** An Azure Attestation provider from outside. Calls fail with `MaaClientError`. */
export interface MaaClient {
  readonly endpoint: string;
  attestSgx(input: AttestInput & { readonly quote: Uint8Array }): Promise<AttestOutput>;
  attestOpenEnclave(input: AttestInput & { readonly report: Uint8Array }): Promise<AttestOutput>;
  metadata(): Promise<ProviderMetadata>;
  /** The provider's signing keys, from its own `/certs`. */
  certs(): Promise<readonly ProviderJwk[]>;
  /**
   * Digests of the tokens that the provider took back (`revocationDigest`); undefined when it says that it has no such list,
   * as Azure's do.
   */
  revoked(): Promise<ReadonlySet<string> | undefined>;
}

export type ProviderJwk = JsonWebKey & {
  readonly kty: string;
  readonly kid?: string;
  readonly x5c?: readonly string[];
};

const DEFAULT_API_VERSION = '2022-08-01';

const metadataSchema = z.object({ issuer: z.string(), jwks_uri: z.string() });
const jwksSchema = z.object({
  keys: z.array(
    z.looseObject({
      kty: z.string(),
      kid: z.string().optional(),
      x5c: z.array(z.string()).optional(),
    }),
  ),
});

export function createMaaClient({
  endpoint,
  http,
  apiVersion = DEFAULT_API_VERSION,
}: MaaClientOptions): MaaClient {
  const base = baseOf(endpoint);
  const attest = async (
    type: attestation.AttestationType,
    evidence: Uint8Array,
    input: AttestInput,
  ): Promise<AttestOutput> => {
    const { value, requestId } = await call(
      http,
      {
        method: 'POST',
        url: `${base}${attestation.attestPath(type)}?${attestation.API_VERSION_PARAMETER}=${apiVersion}`,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(bodyOf(type, evidence, input)),
      },
      attestation.tokenAnswerSchema,
    );
    return { token: value.token, requestId };
  };
  return {
    endpoint: base,
    attestSgx: ({ quote, ...input }) => attest('SgxEnclave', quote, input),
    attestOpenEnclave: ({ report, ...input }) => attest('OpenEnclave', report, input),
    metadata: async () => {
      const url = `${base}${attestation.METADATA_PATH}`;
      const { value } = await call(http, { method: 'GET', url }, metadataSchema);
      return { issuer: value.issuer, jwksUri: value.jwks_uri };
    },
    certs: async () => {
      const url = `${base}${attestation.CERTS_PATH}`;
      return (await call(http, { method: 'GET', url }, jwksSchema)).value.keys as ProviderJwk[];
    },
    revoked: async () => {
      const document = await found(http, `${base}${EXTENSION_METADATA_PATH}`);
      try {
        const url = revocationListUri(document, base);
        if (url === undefined) return undefined;
        return parseRevocationList((await call(http, { method: 'GET', url }, z.unknown())).value);
      } catch (cause) {
        if (cause instanceof MaaClientError) throw cause;
        throw new MaaClientError('MAA_BAD_ANSWER', 'the list of revoked tokens cannot be read', {
          cause,
        });
      }
    },
  };
}

/** Statuses by which a service asks for patience: they say nothing of what there is. */
const LATER: readonly number[] = [408, 425, 429];

/** A document; undefined when the service says that there is none. */
async function found(http: HttpClient, url: string): Promise<unknown> {
  try {
    return (await call(http, { method: 'GET', url }, z.unknown())).value;
  } catch (error) {
    const status = error instanceof MaaClientError ? error.refusal?.status : undefined;
    if (status !== undefined && !LATER.includes(status)) return undefined;
    throw error;
  }
}

function bodyOf(
  type: attestation.AttestationType,
  evidence: Uint8Array,
  input: AttestInput,
): object {
  const held = (data: HeldData) => ({ data: toBase64Url(data.bytes), dataType: data.dataType });
  return {
    [attestation.EVIDENCE_MEMBER[type]]: toBase64Url(evidence),
    ...(input.runtimeData && { runtimeData: held(input.runtimeData) }),
    ...(input.initTimeData && { initTimeData: held(input.initTimeData) }),
    ...(input.draftPolicy !== undefined && { draftPolicyForAttestation: input.draftPolicy }),
    ...(input.nonce !== undefined && { nonce: input.nonce }),
  };
}

/** The endpoint without a slash at its end. Evidence and tokens do not travel without TLS. */
function baseOf(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url?.protocol !== 'https:' || url.search !== '' || url.hash !== '') {
    throw new MaaClientError('MAA_ENDPOINT_INVALID', 'the endpoint is no https URL', {
      field: 'endpoint',
    });
  }
  return endpoint.replace(/\/+$/, '');
}
