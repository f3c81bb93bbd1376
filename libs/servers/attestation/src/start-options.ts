import type { BASELINES, CollateralRules } from '@touchstone/appraisal';
import type { HttpClient } from '@touchstone/http-client';
import type { Fleet, ServiceStart } from '@touchstone/runtime';
import type { RoleAssignments } from '@touchstone/service-attestation';
import type { LocalCa } from '@touchstone/tls';
import type { PreviewTokenForm } from './preview-routes';

export type BaselineName = keyof typeof BASELINES;

export interface AttestationServiceStart extends ServiceStart {
  readonly tls: LocalCa;
  /** 32 bytes, under which signing keys are encrypted at rest. */
  readonly kek: Uint8Array;
  readonly http: HttpClient;
  /** Base URL of the PCK cache. */
  readonly pckCacheUrl: string;
  /** The token authority, such as `https://localhost:7001`, and the one tenant whose callers are known. */
  readonly identity: { readonly authority: string; readonly tenant: string };
  /** Object ids to roles. Default: the development client, on a loopback address or where it is allowed. */
  readonly roleAssignments?: RoleAssignments;
  readonly allowDevelopmentCredentials?: boolean;
  /** Certificate of a simulator's root, PEM or DER; without it only Intel's root is trusted. */
  readonly simulatedRoot?: Uint8Array;
  /** Further origins under which callers reach the service, such as `https://attestation-service:7010`. */
  readonly publicOrigins?: readonly string[];
  /** Default: `azuredefault`. */
  readonly baseline?: BaselineName;
  /** Minimum evaluation and maximum age of collateral, for all providers; a minimum of `early` has the early channel read. */
  readonly collateralRules?: CollateralRules;
  readonly collateralRefreshMs?: number;
  /** How attest operations of 2018-09-01-preview answer. Default: `json`. */
  readonly previewTokens?: PreviewTokenForm;
  /** Opens the decision records, the making of providers and the rotation of keys over the wire. */
  readonly operatorToken?: string;
  /** gRPC base URL of the machine on which keys of TEE regions are born. Asked for when one is needed: it may start later. */
  readonly enclaveHostUrl?: () => string | undefined;
  readonly protoFolder?: string;
  /** The processes that serve the same port from the same store; this one alone when absent. */
  readonly fleet?: Fleet;
}
