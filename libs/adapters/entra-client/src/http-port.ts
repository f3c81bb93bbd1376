/** The part of an HTTP client that is needed here. */
export interface HttpPort {
  request(request: {
    readonly method: 'GET' | 'POST';
    readonly url: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly maxBodyBytes?: number;
  }): Promise<{ readonly status: number; readonly body: Uint8Array }>;
}
