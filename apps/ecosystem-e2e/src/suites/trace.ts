import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fromUtf8 } from '@touchstone/bytes';
import { withTrace, type Trace } from '@touchstone/runtime';
import { RUNTIME_DATA } from '../relying-party';
import type { StandOf } from './stand';

const aTrace = (): Trace => ({
  traceId: randomBytes(16).toString('hex'),
  spanId: randomBytes(8).toString('hex'),
  sampled: true,
});

const POLL_MS = 20;

/** W3C trace context through every hop, HTTP and gRPC. */
export function traceSuite(standOf: StandOf): void {
  /** Services that have logged a line in this trace, when those that are wanted have; a line may come after its answer. */
  async function servicesIn(trace: Trace, wanted: readonly string[]): Promise<Set<unknown>> {
    for (;;) {
      const lines = standOf().ecosystem.log();
      const found = new Set(
        lines.filter((line) => line['trace'] === trace.traceId).map((line) => line['service']),
      );
      if (wanted.every((service) => found.has(service))) return found;
      await sleep(POLL_MS);
    }
  }

  it('goes from the enclave host to the attestation service and on to the PCK cache', async () => {
    const { party } = standOf();
    const quote = await party.quote();
    const trace = aTrace();
    const { requestId } = await withTrace(trace, () =>
      party.host.attest({
        quote,
        runtimeData: RUNTIME_DATA,
        runtimeDataType: 'RUNTIME_DATA_TYPE_JSON',
        attestationUrl: party.providerUrl,
      }),
    );
    expect(requestId.split('-')[1]).toBe(trace.traceId);
    await servicesIn(trace, ['enclave-host', 'attestation-service', 'pck-cache']);
  });

  it('goes from the PCK cache to the provisioning certification service', async () => {
    const { party } = standOf();
    const trace = aTrace();
    const { status } = await withTrace(trace, () =>
      party.http.request({
        method: 'GET',
        url: `${party.url('pck-cache')}/sgx/certification/v4/refresh`,
        headers: { 'admin-token': party.endpoints.operatorToken },
      }),
    );
    expect(status).toBe(200);
    await servicesIn(trace, ['pck-cache', 'intel-pcs']);
  });

  it('goes from the key vault to the authority that a release policy names, and to identity', async () => {
    const { party } = standOf();
    const { token } = await party.attest();
    const trace = aTrace();
    await withTrace(trace, async () => {
      await party.keepKey('traced');
      await party.release('traced', token);
    });
    await servicesIn(trace, ['key-vault', 'attestation-service', 'identity']);
  });

  it('is in the answers of the attestation service and the key vault', async () => {
    const { party } = standOf();
    const trace = aTrace();
    const urls = [`${party.providerUrl}/certs`, `${party.url('key-vault')}/keys/none`];
    for (const url of urls) {
      const { headers } = await withTrace(trace, () => party.http.request({ method: 'GET', url }));
      expect(headers['x-ms-request-id']).toMatch(
        new RegExp(`^00-${trace.traceId}-[0-9a-f]{16}-00$`),
      );
    }
  });

  it('that is none begins a new one', async () => {
    const { party } = standOf();
    const traceparent = `00-${'0'.repeat(32)}-${'1'.repeat(16)}-01`;
    const { headers } = await party.http.request({
      method: 'POST',
      url: `${party.providerUrl}/attest/SgxEnclave?api-version=2022-08-01`,
      headers: { traceparent, 'content-type': 'application/json' },
      body: fromUtf8('{}'),
    });
    expect(headers['x-ms-request-id']).toMatch(/^00-(?!0{32})[0-9a-f]{32}-[0-9a-f]{16}-00$/);
  });
}
