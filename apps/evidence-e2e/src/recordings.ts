import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** Exchanges with the real Azure Attestation service: the given folder, or the one beside the evidence. */
const beside = path.join(process.env['TOUCHSTONE_EVIDENCE'] ?? '', '../recordings');
const folder = path.resolve(process.env['TOUCHSTONE_RECORDINGS'] ?? beside);

export interface Exchange {
  readonly request: {
    readonly method: string;
    readonly path: string;
    /** Null where there was none, or where it was not recorded. */
    readonly body: string | null;
  };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
}

export interface Recording {
  readonly name: string;
  readonly exchanges: readonly Exchange[];
}

const names = existsSync(folder)
  ? readdirSync(folder).filter((file) => file.endsWith('.json'))
  : [];

export const recordings: readonly Recording[] = names.toSorted().map((file) => ({
  ...(JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Recording),
  name: path.basename(file, '.json'),
}));

/** Replays what is recorded; where there is nothing, says so instead. */
export function replay(name: string, define: () => void): void {
  describe(name, () => {
    if (recordings.length > 0) return define();
    it('has no recordings to replay', () => {
      process.stdout.write(
        `skipped: ${name}: TOUCHSTONE_RECORDINGS names no folder with recordings\n`,
      );
      expect(names).toEqual([]);
    });
  });
}

export interface NamedExchange extends Exchange {
  readonly recording: Recording;
  /** Its place in the recording. */
  readonly index: number;
  /** Name of the recording and index of the exchange. */
  readonly label: string;
}

export const exchanges: readonly NamedExchange[] = recordings.flatMap((recording) =>
  recording.exchanges.map((exchange, index) => ({
    ...exchange,
    recording,
    index,
    label: `${recording.name} #${index}`,
  })),
);

export const labelled = (all: readonly NamedExchange[]) =>
  all.map((exchange) => [exchange.label, exchange] as const);

/** The instant of the answer; the service's tokens may be a second ahead of it. */
export const instantOf = ({ response }: Exchange): Date => new Date(response.headers['date'] ?? '');

/** The token of an answer that has one. */
export function tokenOf({ response }: Exchange): string | undefined {
  if (response.status !== 200) return undefined;
  const body = JSON.parse(response.body) as { readonly token?: unknown };
  return typeof body.token === 'string' ? body.token : undefined;
}

/** Text of a token's payload, exactly as it was signed. */
export const payloadOf = (token: string): string =>
  Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');

export const claimsOf = (token: string): Readonly<Record<string, unknown>> =>
  JSON.parse(payloadOf(token)) as Readonly<Record<string, unknown>>;
