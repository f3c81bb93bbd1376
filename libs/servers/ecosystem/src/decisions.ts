import { toUtf8 } from '@touchstone/bytes';
import { decodeDecisionRecord, type DecisionRecord } from '@touchstone/decision';
import { OPERATOR_DECISIONS_PATH } from '@touchstone/http';
import type { HttpClient } from '@touchstone/http-client';
import type { Endpoints } from './endpoints';

/** Apps whose decisions are kept. */
export const DECIDING_SERVICES = ['attestation-service', 'key-vault'] as const;

/** The decision record of a request, wherever in a running ecosystem it was decided. */
export async function fetchDecision(
  endpoints: Endpoints,
  http: HttpClient,
  requestId: string,
): Promise<DecisionRecord | undefined> {
  for (const name of DECIDING_SERVICES) {
    const base = endpoints.services[name];
    if (base === undefined) continue;
    const { status, body } = await http.request({
      method: 'GET',
      url: `${base}${OPERATOR_DECISIONS_PATH}/${encodeURIComponent(requestId)}`,
      headers: { authorization: `Bearer ${endpoints.operatorToken}` },
    });
    if (status === 200) return decodeDecisionRecord(toUtf8(body));
  }
  return undefined;
}
