import { ServerCredentials } from '@grpc/grpc-js';
import type { Server } from '@grpc/grpc-js';
import { openDoor } from './plaintext-door';
import { RpcError } from './rpc-error';

/** Named `localhost` in the URL: TLS has no server name that is an address (RFC 6066 section 3). */
const LOOPBACK = new Set(['127.0.0.1', '::1']);
const SHUTDOWN_GRACE_MILLISECONDS = 2_000;

export interface ListenOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** PEM; the certificate may be a chain, leaf first. */
  readonly tls: { readonly key: string; readonly cert: string };
  /** Whether callers without TLS are let in, to the guide's service and to nothing else. */
  readonly plaintextSecretSharing?: boolean;
}

/** TLS to the one server, and everything else to the other, on one port. */
export async function listenForBoth(
  server: Server,
  plain: Server,
  { host, port, tls }: ListenOptions,
) {
  const secure = { server, credentials: credentialsOf(tls) };
  const door = await openDoor({ host, port, secure, plain });
  const closeDoor = async (): Promise<void> => {
    await close(plain);
    await door.close();
  };
  return { url: urlOf(host, door.port), port: door.port, close: closeDoor };
}

const credentialsOf = ({ key, cert }: ListenOptions['tls']): ServerCredentials =>
  ServerCredentials.createSsl(null, [
    { private_key: Buffer.from(key), cert_chain: Buffer.from(cert) },
  ]);

const urlOf = (host: string, port: number): string =>
  `https://${LOOPBACK.has(host) ? 'localhost' : authorityOf(host)}:${port}`;

const authorityOf = (host: string): string => (host.includes(':') ? `[${host}]` : host);

export function listen(
  server: Server,
  { host, port, tls }: ListenOptions,
): Promise<{ url: string; port: number }> {
  const authority = authorityOf(host);
  return new Promise((resolve, reject) => {
    server.bindAsync(`${authority}:${port}`, credentialsOf(tls), (cause, bound) => {
      if (cause) {
        reject(
          new RpcError('RPC_LISTEN_FAILED', `cannot listen on ${authority}:${port}`, { cause }),
        );
      } else {
        resolve({ url: urlOf(host, bound), port: bound });
      }
    });
  });
}

export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.forceShutdown(), SHUTDOWN_GRACE_MILLISECONDS);
    server.tryShutdown(() => {
      clearTimeout(force);
      resolve();
    });
  });
}
