import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { httpRequest, readRequests, writeRequests } from './request-file';

describe('httpRequest', () => {
  it('writes a whole request, its length in octets', () => {
    const url = new URL('https://localhost:7010/a/b?c=d');
    expect(httpRequest('POST', url, { headers: { accept: '*/*' }, body: 'ä' }).toString()).toBe(
      'POST /a/b?c=d HTTP/1.1\r\nhost: localhost:7010\r\naccept: */*\r\ncontent-length: 2\r\n\r\nä',
    );
  });

  it('gives no length where there is no body', () => {
    expect(httpRequest('GET', new URL('https://localhost/a')).toString()).toBe(
      'GET /a HTTP/1.1\r\nhost: localhost\r\n\r\n',
    );
  });
});

describe('a request file', () => {
  it('gives back what was written', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'touchstone-bench-'));
    try {
      const requests = [Buffer.from('one'), Buffer.alloc(0), Buffer.from('three\r\n')];
      const file = path.join(folder, 'requests');
      await writeRequests(file, requests);
      expect(await readRequests(file)).toEqual(requests);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
