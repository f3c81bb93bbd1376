import { createMetrics } from './metrics';

describe('createMetrics', () => {
  it('counts requests, decisions and what else it is told', async () => {
    const metrics = createMetrics('vault');
    metrics.httpRequest({ method: 'GET', route: '/a', status: 200, seconds: 0.002 });
    metrics.decision({ kind: 'release', outcome: 'granted' });
    metrics.decision({ kind: 'release', outcome: 'refused', code: 'POLICY' });
    metrics.count('cache_total', 'Hits and misses.', { result: 'hit' });
    metrics.count('cache_total', 'Hits and misses.', { result: 'hit' });
    const text = await metrics.text();
    expect(text).toContain(
      'http_request_duration_seconds_count{service="vault",method="GET",route="/a",status="200"} 1',
    );
    expect(text).toContain(
      'touchstone_decisions_total{kind="release",outcome="refused",code="POLICY",service="vault"} 1',
    );
    expect(text).toContain('cache_total{result="hit",service="vault"} 2');
    expect(text).toContain('process_resident_memory_bytes');
    expect(text).toContain('process_cpu_seconds');
    expect(metrics.contentType).toContain('text/plain');
  });

  it('keeps services of one process apart', async () => {
    const [a, b] = [createMetrics('a'), createMetrics('b')];
    a.decision({ kind: 'attest', outcome: 'granted' });
    expect(await b.text()).not.toContain('kind="attest"');
  });

  it('keeps made-up methods out of its labels', async () => {
    const metrics = createMetrics('a');
    metrics.httpRequest({ method: 'BREW', route: 'none', status: 404, seconds: 0 });
    expect(await metrics.text()).toContain('method="OTHER"');
  });
});
