import { existsSync } from 'node:fs';
import path from 'node:path';
import type { MethodDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { PackageDefinition } from '@grpc/proto-loader';
import { RpcError } from './rpc-error';
import type {
  FeedMethods,
  FeedName,
  StreamMethods,
  StreamName,
  UnaryMethods,
  UnaryName,
} from './messages';

export const SERVICE_NAME = 'touchstone.enclavehost.v1.EnclaveHost';
const PROTO_FILE = 'enclave_host.proto';

/** Folders upwards of this file that are searched for `protos/`: a bundle has it beside itself, a checkout at its root. */
const MAX_PARENT_FOLDERS = 8;

/** What one message may weigh, either way. An enclave image is the largest thing that is sent whole. */
export const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;

export type UnaryDefinition<Name extends UnaryName> = MethodDefinition<
  UnaryMethods[Name][0],
  UnaryMethods[Name][1]
>;
export type StreamDefinition<Name extends StreamName> = MethodDefinition<
  StreamMethods[Name][0],
  StreamMethods[Name][1]
>;

export type FeedDefinition<Name extends FeedName> = MethodDefinition<
  FeedMethods[Name][0],
  FeedMethods[Name][1]
>;

export type MethodDefinitions = { readonly [Name in UnaryName]: UnaryDefinition<Name> } & {
  readonly [Name in StreamName]: StreamDefinition<Name>;
} & {
  readonly [Name in FeedName]: FeedDefinition<Name>;
};

export interface ServiceContract {
  readonly methods: MethodDefinitions;
  /** Everything that the proto file defines; reflection serves it. */
  readonly packages: PackageDefinition;
}

export const UNARY_NAMES: readonly UnaryName[] = [
  'getPlatformInfo',
  'renewPckCertificate',
  'loadEnclave',
  'listEnclaves',
  'terminateEnclave',
  'callEnclave',
  'getReport',
  'getQuote',
  'getEvidence',
  'attest',
];
export const STREAM_NAMES: readonly StreamName[] = ['callEnclaveStream', 'runTrainer'];
export const FEED_NAMES: readonly FeedName[] = ['streamLogs'];

/**
 * Reads the proto file: from `protoFolder`, or else from the nearest `protos` folder upwards of this code.
 * Fails with RPC_PROTO_NOT_FOUND, or RPC_PROTO_MISMATCH when the file lacks a method that this room speaks.
 */
export function loadContract(protoFolder = findProtoFolder(__dirname)): ServiceContract {
  const packages = loadSync(PROTO_FILE, {
    includeDirs: [protoFolder],
    longs: Number,
    enums: String,
    defaults: true,
    oneofs: true,
  });
  return { methods: methodDefinitions(packages), packages };
}

export function findProtoFolder(start: string): string {
  let folder = start;
  for (let i = 0; i <= MAX_PARENT_FOLDERS; i++) {
    const candidate = path.join(folder, 'protos');
    if (existsSync(path.join(candidate, PROTO_FILE))) return candidate;
    folder = path.dirname(folder);
  }
  throw new RpcError(
    'RPC_PROTO_NOT_FOUND',
    `${PROTO_FILE} is in no protos folder upwards of ${start}`,
  );
}

function methodDefinitions(packages: PackageDefinition): MethodDefinitions {
  const service = packages[SERVICE_NAME];
  if (service === undefined) throw mismatch(SERVICE_NAME);
  const byName = new Map(
    Object.values(service as Record<string, MethodDefinition<object, object>>).map((method) => [
      method.originalName,
      method,
    ]),
  );
  for (const name of [...UNARY_NAMES, ...STREAM_NAMES, ...FEED_NAMES]) {
    if (!byName.has(name)) throw mismatch(name);
  }
  // The decoder fills in every member, so what it yields has the shape that `messages.ts` states; a test compares both.
  return Object.fromEntries(byName) as unknown as MethodDefinitions;
}

function mismatch(name: string): RpcError {
  return new RpcError('RPC_PROTO_MISMATCH', `${PROTO_FILE} does not define ${name}`, {
    field: name,
  });
}
