import { once } from 'node:events';
import { type TLSSocket, connect } from 'node:tls';

const HEAD_END = '\r\n\r\n';
const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i;

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

/**
 * One TLS connection on which one request after the other is answered. It reads no more of HTTP than an answer with a
 * content length, so that a load costs its own process as little as can be.
 */
export class HttpConnection {
  readonly #socket: TLSSocket;
  #received: Buffer = Buffer.alloc(0);
  #wanted: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;

  private constructor(socket: TLSSocket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', (error) => this.#wanted?.reject(error));
    socket.on('close', () => this.#wanted?.reject(new Error('the server closed the connection')));
  }

  static async open(url: URL, ca: string): Promise<HttpConnection> {
    const port = Number(url.port);
    const socket = connect({ host: '127.0.0.1', port, servername: url.hostname, ca });
    await once(socket, 'secureConnect');
    socket.setNoDelay(true);
    return new HttpConnection(socket);
  }

  send(request: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#wanted = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#wanted = undefined;
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const headEnd = this.#received.indexOf(HEAD_END);
    if (headEnd === -1) return;
    const head = this.#received.toString('latin1', 0, headEnd);
    const length = CONTENT_LENGTH.exec(head)?.[1];
    if (length === undefined) {
      this.#wanted?.reject(new Error(`an answer without a length: ${head}`));
      return;
    }
    const start = headEnd + HEAD_END.length;
    const end = start + Number(length);
    if (this.#received.length < end) return;
    const body = this.#received.subarray(start, end);
    this.#received = this.#received.subarray(end);
    this.#wanted?.resolve({ status: Number(head.slice(9, 12)), body });
  }
}
