import { createServer } from 'node:net';
import type { Server as TcpServer, Socket } from 'node:net';
import { ServerCredentials } from '@grpc/grpc-js';
import type { Server } from '@grpc/grpc-js';
import { RpcError } from './rpc-error';

/** First byte of a TLS record that carries a handshake (RFC 8446 section 5.1). */
const TLS_HANDSHAKE = 0x16;
const FIRST_BYTE_TIMEOUT_MILLISECONDS = 10_000;

export interface DoorOptions {
  readonly host: string;
  readonly port: number;
  readonly secure: { readonly server: Server; readonly credentials: ServerCredentials };
  /** Who speaks to callers that come without TLS. */
  readonly plain: Server;
}

/**
 * One port for both kinds of callers: those who begin with a TLS handshake reach the one server, all others the other. The byte
 * that tells is put back, so that nobody behind the door misses it.
 */
export function openDoor(options: DoorOptions): Promise<{ port: number; close(): Promise<void> }> {
  const { host, port, secure, plain } = options;
  const toSecure = secure.server.createConnectionInjector(secure.credentials);
  const toPlain = plain.createConnectionInjector(ServerCredentials.createInsecure());
  const sockets = new Set<Socket>();
  const tcp = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setTimeout(FIRST_BYTE_TIMEOUT_MILLISECONDS, () => socket.destroy());
    socket.once('readable', () => {
      const first = socket.read(1) as Buffer | null;
      if (first === null) return void socket.destroy();
      socket.setTimeout(0);
      socket.unshift(first);
      (first[0] === TLS_HANDSHAKE ? toSecure : toPlain).injectConnection(socket);
    });
  });
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      tcp.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return listen(tcp, host, port).then((bound) => ({ port: bound, close }));
}

function listen(tcp: TcpServer, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    tcp.once('error', (cause) =>
      reject(new RpcError('RPC_LISTEN_FAILED', `cannot listen on ${host}:${port}`, { cause })),
    );
    tcp.listen({ host, port }, () => {
      const address = tcp.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
