import type { Server } from '@grpc/grpc-js';
import { unaryHandler } from '../calls';
import type { CallContext, CallRules } from '../calls';
import { loadSecretSharing } from './contract';
import type { SecretSharingVariant, WireData, WireReply, WireRequest } from './contract';
import { bytesOf, numbersOf } from './wire-bytes';

export interface SharingRequest {
  /** `ATTESTATION`, `SYNC_SYM`, or the number of a command that there is not. */
  readonly cmd: string | number;
  readonly report: Uint8Array;
  readonly key: Uint8Array;
}

/** What is left out goes over the wire as its zero. */
export interface SharingReply {
  readonly ok: boolean;
  readonly msg: string;
  /** `remote` alone. */
  readonly keyKind?: number;
  readonly report?: Uint8Array;
  readonly key?: Uint8Array;
  /** `azure` alone. */
  readonly token?: string;
}

export interface SecretSharingHandlers {
  getAttestation(request: SharingRequest, context: CallContext): Promise<SharingReply>;
  verifyAttestation(request: SharingRequest, context: CallContext): Promise<SharingReply>;
  decryptAttachedData(data: Uint8Array, context: CallContext): Promise<SharingReply>;
}

export interface SecretSharingService {
  readonly variant: SecretSharingVariant;
  readonly handlers: SecretSharingHandlers;
  readonly protoFolder?: string;
}

/** Adds the guide's service to a server. */
export function addSecretSharing(
  server: Server,
  { variant, handlers, protoFolder }: SecretSharingService,
  rules: CallRules,
): void {
  const { packages: _, ...methods } = loadSecretSharing(variant, protoFolder);
  const attestation =
    (handle: SecretSharingHandlers['getAttestation']) =>
    async (request: WireRequest, context: CallContext): Promise<WireReply> =>
      toWire(await handle(fromWire(request), context));
  server.addService(methods, {
    GetAttestation: unaryHandler(
      'getAttestation',
      attestation((request, context) => handlers.getAttestation(request, context)),
      rules,
    ),
    VerifyAttestation: unaryHandler(
      'verifyAttestation',
      attestation((request, context) => handlers.verifyAttestation(request, context)),
      rules,
    ),
    DecryptAttachedData: unaryHandler(
      'decryptAttachedData',
      async ({ data }: WireData, context: CallContext) =>
        toWire(await handlers.decryptAttachedData(bytesOf(data, 'data'), context)),
      rules,
    ),
  });
}

const fromWire = ({ cmd, report, key }: WireRequest): SharingRequest => ({
  cmd,
  report: bytesOf(report, 'report'),
  key: bytesOf(key, 'key'),
});

const toWire = ({ report, key, ...rest }: SharingReply): WireReply => ({
  ...rest,
  ...(report && { report: numbersOf(report) }),
  ...(key && { key: numbersOf(key) }),
});
