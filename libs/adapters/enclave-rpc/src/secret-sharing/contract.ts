import path from 'node:path';
import type { MethodDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { PackageDefinition } from '@grpc/proto-loader';
import { findProtoFolder } from '../definition';
import { RpcError } from '../rpc-error';

export const SECRET_SHARING_NAME = 'secretsharing.SecretSharing';

/** `remote`: the answer carries evidence and key. `azure`: the answer carries a token. The requests are the same. */
export const SECRET_SHARING_VARIANTS = ['remote', 'azure'] as const;
export type SecretSharingVariant = (typeof SECRET_SHARING_VARIANTS)[number];

/** Bytes as the wire has them, a number each. */
type Numbers = readonly number[];

export interface WireRequest {
  readonly cmd: string | number;
  readonly report: Numbers;
  readonly key: Numbers;
}

export interface WireReply {
  readonly ok: boolean;
  readonly keyKind?: number;
  readonly report?: Numbers;
  readonly key?: Numbers;
  readonly token?: string;
  readonly msg: string;
}

export interface WireData {
  readonly data: Numbers;
}

export interface SecretSharingContract {
  readonly GetAttestation: MethodDefinition<WireRequest, WireReply>;
  readonly VerifyAttestation: MethodDefinition<WireRequest, WireReply>;
  readonly DecryptAttachedData: MethodDefinition<WireData, WireReply>;
  readonly packages: PackageDefinition;
}

/** Reads `secretsharing/<variant>.proto`. Fails with RPC_PROTO_NOT_FOUND, RPC_PROTO_MISMATCH. */
export function loadSecretSharing(
  variant: SecretSharingVariant,
  protoFolder = findProtoFolder(__dirname),
): SecretSharingContract {
  const packages = loadSync(path.join('secretsharing', `${variant}.proto`), {
    includeDirs: [protoFolder],
    enums: String,
    defaults: true,
    arrays: true,
  });
  const service = packages[SECRET_SHARING_NAME];
  if (service === undefined) {
    throw new RpcError('RPC_PROTO_MISMATCH', `${variant}.proto defines no ${SECRET_SHARING_NAME}`);
  }
  const { GetAttestation, VerifyAttestation, DecryptAttachedData } =
    service as unknown as SecretSharingContract;
  return { GetAttestation, VerifyAttestation, DecryptAttachedData, packages };
}
