import { toUtf8 } from '@touchstone/bytes';
import type { HttpClient } from '@touchstone/http-client';
import { FaultError } from './fault-error';

/** An event as `POST /simulation/events` of the simulated Intel services takes it. */
export type SimulationEvent =
  | { readonly action: 'set-faults'; readonly faults: readonly string[] }
  | {
      readonly action: 'tcb-recovery';
      readonly enforced: boolean;
      readonly advisoryIds: readonly string[];
      readonly raisesQeSvn: 0 | 1;
    }
  | { readonly action: 'enforce-recoveries' }
  | { readonly action: 'undo-recoveries' }
  | { readonly action: 'revoke-platform'; readonly ppid: string }
  | { readonly action: 'reinstate-platform'; readonly ppid: string }
  | { readonly action: 'set-availability'; readonly availability: Availability };

export type Availability = 'up' | 'down' | 'throttled';

/** What `GET /simulation/state` tells of the simulated world. */
export interface SimulationState {
  readonly state: {
    readonly faults: readonly string[];
    readonly revokedPlatforms: readonly { readonly ppid: string; readonly at: string }[];
    readonly addedRecoveries: readonly {
      readonly evaluationDataNumber: number;
      readonly advisoryIds: readonly string[];
      /** Absent while only the early channel follows. */
      readonly enforcedFrom?: string;
    }[];
  };
  readonly availability: Availability;
  readonly platforms: readonly { readonly ppid: string; readonly model: string }[];
  /** Every fault that there is, with what it breaks. */
  readonly faults: Readonly<Record<string, string>>;
}

export interface Simulation {
  state(): Promise<SimulationState>;
  /** FAULT_REFUSED when the service takes no such event. */
  happen(event: SimulationEvent): Promise<void>;
}

export interface SimulationOptions {
  /** Base URL of the simulated Intel services. */
  readonly url: string;
  /** Their manufacturing token. */
  readonly token: string;
  readonly http: Pick<HttpClient, 'request'>;
}

/** The events of a simulated world, over the wire. */
export function createSimulation({ url, token, http }: SimulationOptions): Simulation {
  const authorization = `Bearer ${token}`;
  return {
    state: async () => {
      const answer = await http.request({
        method: 'GET',
        url: `${url}/simulation/state`,
        headers: { authorization },
      });
      if (answer.status !== 200) throw refused(answer.status, answer.body);
      return JSON.parse(toUtf8(answer.body)) as SimulationState;
    },
    happen: async (event) => {
      const answer = await http.request({
        method: 'POST',
        url: `${url}/simulation/events`,
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(event),
      });
      if (answer.status !== 204) throw refused(answer.status, answer.body);
    },
  };
}

function refused(status: number, body: Uint8Array): FaultError {
  return new FaultError(
    'FAULT_REFUSED',
    `the simulated Intel services answered ${status}${messageIn(body)}`,
  );
}

function messageIn(body: Uint8Array): string {
  try {
    const { error } = JSON.parse(toUtf8(body)) as { error?: { message?: unknown } };
    return typeof error?.message === 'string' ? `: ${error.message}` : '';
  } catch {
    return '';
  }
}
