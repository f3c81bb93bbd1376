import { fromUtf8, toUtf8 } from '@touchstone/bytes';
import {
  decodeConfiguration,
  encodeConfiguration,
  MAX_CONFIGURATION_BYTES,
  type Configuration,
} from './configuration';

const CONFIGURATION: Configuration = {
  root: new Uint8Array(65).fill(4),
  acceptedTcbStatuses: ['UpToDate', 'SWHardeningNeeded'],
  minimumSvn: 3,
  freshness: 'optional',
  unattestedKeys: true,
  peerMrEnclave: new Uint8Array(32).fill(1),
};

describe('a configuration', () => {
  it('is read as it was written', () => {
    expect(decodeConfiguration(encodeConfiguration(CONFIGURATION))).toEqual(CONFIGURATION);
  });

  it('lets no key in without evidence unless it says so', () => {
    const { unattestedKeys: _, ...rest } = CONFIGURATION;
    expect(decodeConfiguration(encodeConfiguration(rest)).unattestedKeys).toBe(false);
  });

  it.each([
    ['version', 2],
    ['root', 'ab'],
    ['root', 'x'.repeat(130)],
    ['root', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
    ['acceptedTcbStatuses', []],
    ['acceptedTcbStatuses', [1]],
    ['minimumSvn', -1],
    ['minimumSvn', 65_536],
    ['freshness', 'never'],
    ['unattestedKeys', 'yes'],
    ['peerMrEnclave', 'ab'],
  ])('is refused with a bad %s (%j)', (name, value) => {
    const members = JSON.parse(toUtf8(encodeConfiguration(CONFIGURATION))) as object;
    const bytes = fromUtf8(JSON.stringify({ ...members, [name]: value }));
    expect(() => decodeConfiguration(bytes)).toThrow(
      expect.objectContaining({ code: 'CONFIGURATION_INVALID', field: name }),
    );
  });

  it.each([
    ['is no JSON', fromUtf8('{')],
    ['is no object', fromUtf8('3')],
    ['is too long', new Uint8Array(MAX_CONFIGURATION_BYTES + 1).fill(0x20)],
  ])('is refused when it %s', (_how, bytes) => {
    expect(() => decodeConfiguration(bytes)).toThrow(
      expect.objectContaining({ code: 'CONFIGURATION_INVALID', field: 'configuration' }),
    );
  });
});
