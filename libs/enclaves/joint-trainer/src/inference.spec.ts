import fc from 'fast-check';
import { random } from './__fixtures__/random';
import { decodeAddressed, encodeAddressed } from './addressed';
import { decryptAnswer, decryptRequest, encryptAnswer, encryptRequest } from './inference';

const key = random.bytes(32);
const code = (expected: string) => expect.objectContaining({ code: expected });

describe('an inference request', () => {
  it('comes back as it was', () => {
    const request = { number: 7, pixels: Uint8Array.of(1, 2, 3) };
    expect(decryptRequest(encryptRequest(request, key, random), key)).toEqual(request);
  });

  it('has an image', () => {
    const empty = encryptRequest({ number: 7, pixels: new Uint8Array() }, key, random);
    expect(() => decryptRequest(empty, key)).toThrow(code('INFERENCE_MALFORMED'));
  });

  it('is no answer', () => {
    const box = encryptRequest({ number: 7, pixels: Uint8Array.of(1, 0) }, key, random);
    expect(() => decryptAnswer(box, key, 7)).toThrow(code('INFERENCE_REFUSED'));
  });
});

describe('an inference answer', () => {
  const box = encryptAnswer({ number: 7, label: 3 }, key, random);

  it('tells the class to whoever has the key', () => {
    expect(decryptAnswer(box, key, 7)).toBe(3);
    expect(() => decryptAnswer(box, random.bytes(32), 7)).toThrow(code('INFERENCE_REFUSED'));
  });

  it('is to one request', () => {
    expect(() => decryptAnswer(box, key, 8)).toThrow(code('INFERENCE_REPLAYED'));
  });
});

describe('what is for one participant', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 60, unit: 'grapheme-ascii' }),
        fc.uint8Array(),
        (name, content) => {
          expect(decodeAddressed(encodeAddressed(name, content))).toEqual({ name, content });
        },
      ),
    );
  });

  it.each([[[]], [[5, 97]], [[1, 0xff]]])('refuses %j', (bytes) => {
    expect(() => decodeAddressed(Uint8Array.from(bytes))).toThrow(code('REQUEST_INVALID'));
  });
});
