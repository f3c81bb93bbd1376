import { hasCode } from '@touchstone/errors';
import { BytesError, fromHex } from '@touchstone/bytes';
import { MODEL_E5 } from '@touchstone/authority';
import { parsePckExtension } from '@touchstone/collateral';
import { parseCertificate } from '@touchstone/pki';
import { isDebug, parseQuote } from '@touchstone/quote';
import {
  FOUNDED_AT,
  TEST_NOW,
  aPlatform,
  aQuote,
  breakOneThing,
  collateralOf,
  evidenceOf,
  expectCode,
  expectCodeOf,
  fixedClock,
  flipped,
  pckOf,
  seededRandom,
} from './index';

const messageOf = (action: () => unknown): string | undefined => {
  try {
    action();
  } catch (error) {
    return error instanceof Error ? error.message : undefined;
  }
  return undefined;
};

describe('expectCode', () => {
  it('gives the error back', () => {
    expect(expectCode(() => fromHex('x', 'nonce'), BytesError, 'BYTES_INVALID_HEX').field).toBe(
      'nonce',
    );
  });

  it('fails when nothing is thrown, another code, or another error', () => {
    const another = () => expectCode(() => fromHex('x'), BytesError, 'BYTES_TRUNCATED');
    expect(messageOf(() => expectCode(() => 1, BytesError, 'BYTES_TRUNCATED'))).toContain(
      'nothing was thrown',
    );
    expect(messageOf(another)).toContain('got BytesError BYTES_INVALID_HEX');
    const plain = () => expectCode(() => JSON.parse('{'), BytesError, 'BYTES_TRUNCATED');
    expect(messageOf(plain)).toContain('SyntaxError');
  });

  it('waits for promises', async () => {
    const refused = Promise.resolve().then(() => fromHex('x'));
    const error = await expectCodeOf(refused, BytesError, 'BYTES_INVALID_HEX');
    expect(hasCode(error, 'BYTES_INVALID_HEX')).toBe(true);
    await expect(expectCodeOf(Promise.resolve(), BytesError, 'BYTES_TRUNCATED')).rejects.toThrow(
      'nothing was thrown',
    );
  });
});

describe('fixedClock', () => {
  it('moves when it is told to', () => {
    const clock = fixedClock();
    expect(clock.now()).toEqual(TEST_NOW);
    clock.advance(1500);
    expect(clock.now().getTime()).toBe(TEST_NOW.getTime() + 1500);
    clock.set(FOUNDED_AT);
    expect(clock.now()).toEqual(FOUNDED_AT);
  });
});

describe('seededRandom', () => {
  it('gives one stream for one seed, however it is cut', () => {
    const [a, b] = [seededRandom('a'), seededRandom('a')];
    expect([...a.bytes(3), ...a.bytes(5)]).toEqual([...b.bytes(8)]);
    expect(seededRandom('b').bytes(8)).not.toEqual(seededRandom('a').bytes(8));
  });
});

describe('aPlatform', () => {
  it('is the same byte for byte when the seed is', () => {
    const [a, b] = [evidenceOf(aPlatform()), evidenceOf(aPlatform())];
    expect(a.quote).toEqual(b.quote);
    expect(a.collateral).toEqual(b.collateral);
  });

  it('quotes what it is asked to', () => {
    const quote = parseQuote(
      aQuote(aPlatform(), { reportData: Uint8Array.of(1, 2), manifest: { debug: true } }),
    );
    expect(quote.body.reportData).toEqual(Uint8Array.of(1, 2, ...new Uint8Array(62)));
    expect('attributes' in quote.body && isDebug(quote.body.attributes)).toBe(true);
  });

  it('can be of another model', () => {
    const platform = aPlatform({ model: MODEL_E5.name });
    const extension = parsePckExtension(parseCertificate(pckOf(platform).der));
    expect(extension.configuration).toEqual(MODEL_E5.multiPackage);
  });
});

describe('breakOneThing', () => {
  const platform = aPlatform();
  const sound = evidenceOf(platform);

  it('changes the quote alone for a fault of the quote', () => {
    const broken = breakOneThing(platform, 'signature-swapped');
    expect(broken.quote).not.toEqual(sound.quote);
    expect(broken.collateral).toEqual(sound.collateral);
  });

  it('changes one document for a fault of that document', () => {
    const broken = breakOneThing(platform, 'tcb-info-type-1');
    expect(broken.quote).toEqual(sound.quote);
    expect({ ...broken.collateral, tcbInfo: sound.collateral.tcbInfo }).toEqual(
      collateralOf(platform),
    );
  });
});

describe('flipped', () => {
  it('changes one bit of a copy', () => {
    const bytes = new Uint8Array(3);
    expect(flipped(bytes, 10)).toEqual(Uint8Array.of(0, 4, 0));
    expect(bytes).toEqual(new Uint8Array(3));
  });
});
