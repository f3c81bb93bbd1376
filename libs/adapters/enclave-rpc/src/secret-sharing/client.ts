import { Client, credentials, Metadata } from '@grpc/grpc-js';
import type { MethodDefinition } from '@grpc/grpc-js';
import { MAX_MESSAGE_BYTES } from '../definition';
import { fromServiceError } from '../status';
import { loadSecretSharing } from './contract';
import type { SecretSharingVariant, WireReply } from './contract';
import type { SharingReply } from './handlers';
import { bytesOf, numbersOf } from './wire-bytes';

/** Which enclave of the host is meant, where it has more than one that could be. */
export const ENCLAVE_ID_METADATA = 'touchstone-enclave-id';

export interface SecretSharingClientOptions {
  /** `https://host:port`, or `http://host:port` without TLS. */
  readonly url: string;
  /** PEM of the certificate authority; with `https` alone. */
  readonly ca?: string;
  readonly variant: SecretSharingVariant;
  readonly enclaveId?: string;
  readonly protoFolder?: string;
  readonly deadlineMilliseconds?: number;
}

export type Command = 'ATTESTATION' | 'SYNC_SYM';

/** Calls fail with `RpcCallError`. */
export interface SecretSharingClient {
  getAttestation(cmd: Command, key?: Uint8Array): Promise<SharingReply>;
  verifyAttestation(cmd: Command, report: Uint8Array, key: Uint8Array): Promise<SharingReply>;
  decryptAttachedData(data: Uint8Array): Promise<SharingReply>;
  close(): void;
}

const DEFAULT_DEADLINE_MILLISECONDS = 30_000;

/** The guide's client, in TypeScript. */
export function createSecretSharingClient(
  options: SecretSharingClientOptions,
): SecretSharingClient {
  const methods = loadSecretSharing(options.variant, options.protoFolder);
  const client = channel(options);
  const { deadlineMilliseconds = DEFAULT_DEADLINE_MILLISECONDS } = options;
  const metadata = new Metadata();
  if (options.enclaveId !== undefined) metadata.set(ENCLAVE_ID_METADATA, options.enclaveId);
  const call = <Request>(method: MethodDefinition<Request, WireReply>, request: Request) =>
    new Promise<SharingReply>((resolve, reject) => {
      client.makeUnaryRequest<Request, WireReply>(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        request,
        metadata,
        { deadline: Date.now() + deadlineMilliseconds },
        (error, reply) =>
          reply === undefined || error ? reject(reason(error)) : resolve(read(reply)),
      );
    });
  return {
    getAttestation: (cmd, key = new Uint8Array()) =>
      call(methods.GetAttestation, { cmd, report: [], key: numbersOf(key) }),
    verifyAttestation: (cmd, report, key) =>
      call(methods.VerifyAttestation, { cmd, report: numbersOf(report), key: numbersOf(key) }),
    decryptAttachedData: (data) => call(methods.DecryptAttachedData, { data: numbersOf(data) }),
    close: () => client.close(),
  };
}

function channel({ url, ca }: SecretSharingClientOptions): Client {
  const limits = {
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
  };
  const plain = url.startsWith('http://');
  const address = url.replace(/^https?:\/\//, '').replace(/\/$/, '');
  const secured = plain
    ? credentials.createInsecure()
    : credentials.createSsl(ca === undefined ? null : Buffer.from(ca));
  return new Client(address, secured, limits);
}

const reason = (error: Parameters<typeof fromServiceError>[0] | null): Error =>
  error === null ? new TypeError('an answer without a message') : fromServiceError(error);

const read = ({ report, key, ...rest }: WireReply): SharingReply => ({
  ...rest,
  ...(report && { report: bytesOf(report, 'report') }),
  ...(key && { key: bytesOf(key, 'key') }),
});
