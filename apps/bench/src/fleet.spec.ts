import { toHex } from '@touchstone/bytes';
import { parseQuote } from '@touchstone/quote';
import { aPlatform, collateralOf } from '@touchstone/testkit';
import { verifyQuote } from '@touchstone/verification';
import { fleetQuotes } from './fleet';

describe('fleetQuotes', () => {
  it('makes genuine quotes, each of a platform and a key of its own', () => {
    const platform = aPlatform({ seed: 'fleet' });
    const { authority, at } = platform;
    const reportData = new Uint8Array(64).fill(7);
    const verified = [...fleetQuotes(platform, 3, reportData)].map((quote) =>
      verifyQuote(parseQuote(quote), collateralOf(platform), { anchors: [authority.anchor], at }),
    );
    expect(verified.map(({ body }) => toHex(body.reportData))).toEqual(
      Array.from({ length: 3 }, () => toHex(reportData)),
    );
    expect(new Set(verified.map(({ pck }) => pck.ppid)).size).toBe(3);
    expect(new Set(verified.map(({ quote }) => toHex(quote.attestationKey))).size).toBe(3);
  });
});
