import type { HttpRequest } from '@touchstone/http-client';
import { createSimulation } from './simulation';

function aService(status: number, body: string) {
  const asked: HttpRequest[] = [];
  const http = {
    request: async (request: HttpRequest) => {
      asked.push(request);
      return { status, headers: {}, body: Buffer.from(body) };
    },
  };
  return { asked, simulation: createSimulation({ url: 'https://pcs', token: 'opens', http }) };
}

describe('the simulation', () => {
  it('tells its state to who has the token', async () => {
    const { simulation, asked } = aService(200, '{"availability":"up"}');
    expect(await simulation.state()).toEqual({ availability: 'up' });
    expect(asked[0]).toMatchObject({ headers: { authorization: 'Bearer opens' } });
  });

  it('takes an event', async () => {
    const { simulation, asked } = aService(204, '');
    await simulation.happen({ action: 'undo-recoveries' });
    expect(asked[0]).toMatchObject({
      method: 'POST',
      url: 'https://pcs/simulation/events',
      body: '{"action":"undo-recoveries"}',
    });
  });

  it.each([
    ['with its reason', 400, '{"error":{"message":"ppid is no PPID"}}', '400: ppid is no PPID'],
    ['without one', 503, '', '503'],
    ['with something else', 502, '<html>', '502'],
  ])('refuses one %s', async (_name, status, body, said) => {
    const { simulation } = aService(status, body);
    const refusal = { code: 'FAULT_REFUSED', message: expect.stringMatching(`${said}$`) };
    await expect(simulation.happen({ action: 'undo-recoveries' })).rejects.toMatchObject(refusal);
    await expect(simulation.state()).rejects.toMatchObject(refusal);
  });
});
