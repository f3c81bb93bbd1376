import { fromUtf8, sha256, toHex } from '@touchstone/bytes';
import { type Collateral, collateralDigests } from './collateral';

const collateral: Collateral = {
  tcbInfo: fromUtf8('a'),
  tcbInfoIssuerChain: 'b',
  qeIdentity: fromUtf8('c'),
  qeIdentityIssuerChain: 'd',
  pckCrl: fromUtf8('e'),
  pckCrlIssuerChain: 'f',
  rootCaCrl: fromUtf8('g'),
};

describe('collateralDigests', () => {
  it('hashes every document under its own name', () => {
    const digest = (text: string) => toHex(sha256(fromUtf8(text)));
    expect(collateralDigests(collateral)).toEqual({
      tcbInfo: digest('a'),
      tcbInfoIssuerChain: digest('b'),
      qeIdentity: digest('c'),
      qeIdentityIssuerChain: digest('d'),
      pckCrl: digest('e'),
      pckCrlIssuerChain: digest('f'),
      rootCaCrl: digest('g'),
    });
  });
});
