import { stat } from 'node:fs/promises';
import { WORKSPACE } from '../bundles';
import type { StandOf } from './stand';

/** A program that knows nothing of us: Microsoft's clients, configured by their own variables. */
const PROGRAM = `
  const { EnvironmentCredential } = require('@azure/identity');
  const { KeyClient } = require('@azure/keyvault-keys');
  const credential = new EnvironmentCredential({ disableInstanceDiscovery: true });
  const client = new KeyClient(process.env.VAULT, credential, { disableChallengeResourceVerification: true });
  client.createRsaKey('from-a-child').then(
    (key) => console.log(key.id),
    (error) => { console.error(error); process.exit(1); },
  );`;

/** What a client needs to reach the ecosystem, and who may read it. */
export function environmentSuite(standOf: StandOf): void {
  it('is written for its owner only', async () => {
    const { mode } = await stat(standOf().ecosystem.endpointsFile);
    expect((mode & 0o777).toString(8)).toBe('600');
  });

  it('names every service, and credentials that are documented', async () => {
    expect(await standOf().ecosystem.endpoints()).toMatchObject({
      ca: expect.stringMatching(/ca\.pem$/),
      services: Object.fromEntries(
        [
          'attestation-service',
          'key-vault',
          'intel-pcs',
          'pck-cache',
          'enclave-host',
          'identity',
        ].map((service) => [service, expect.stringMatching(/^https:\/\/localhost:\d+$/)]),
      ),
      tenant: '7d3e5e3a-6a55-4a3a-9f3c-0d0c1b5b7a10',
      client: { id: '2f1b1f43-5a0e-4c0e-8c31-9a5f0b2f6c11' },
    });
  });

  it('is printed for a shell', async () => {
    const { touchstone, party } = standOf();
    const { code, stdout } = await touchstone('env');
    expect(code).toBe(0);
    const printed = new Map(
      stdout.split('\n').map((line) => {
        const [, name = '', value = ''] = /^export ([A-Z_]+)='(.*)'$/.exec(line) ?? [];
        return [name, value];
      }),
    );
    expect(printed.get('NODE_EXTRA_CA_CERTS')).toBe(party.endpoints.ca);
    expect(printed.get('AZURE_AUTHORITY_HOST')).toBe(party.url('identity'));
  });

  it('lets Microsoft’s clients in a child process work as they are', async () => {
    const { touchstone, party } = standOf();
    const ran = await touchstone(
      ...['run', '--', 'env', `VAULT=${party.url('key-vault')}`, `INIT_CWD=${WORKSPACE}`],
      ...[process.execPath, '-e', PROGRAM],
    );
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toMatch(/^https:\/\/localhost:\d+\/keys\/from-a-child\/[0-9a-f]{32}\n$/);
  });

  it('hands on what a child process ends with', async () => {
    const { touchstone } = standOf();
    const { code } = await touchstone('run', '--', process.execPath, '-e', 'process.exit(7)');
    expect(code).toBe(7);
  });

  it('is not there where nothing runs', async () => {
    const { touchstone, folder } = standOf();
    const ran = await touchstone('env', '--home', folder('nothing'));
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toContain('HOME_NOT_RUNNING');
  });
}
