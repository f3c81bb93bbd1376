import fc from 'fast-check';
import { seededRandom } from './random';
import {
  currentTrace,
  formatTraceparent,
  newTrace,
  nextSpan,
  parseTraceparent,
  withTrace,
} from './trace';

const random = seededRandom('00', 'trace');
const HEADER = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('parseTraceparent', () => {
  it('reads the example of the standard', () => {
    expect(parseTraceparent(HEADER)).toEqual({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      sampled: true,
    });
  });

  it('reads what it knows of a later version', () => {
    expect(parseTraceparent(`${HEADER.replace('00-', 'cc-')}-what-the-future-holds`)).toBeDefined();
  });

  it.each([
    ['nothing', undefined],
    ['an empty one', ''],
    ['version ff', HEADER.replace('00-', 'ff-')],
    ['more members in version 00', `${HEADER}-x`],
    ['upper case', HEADER.toUpperCase()],
    ['a trace id of zeros', HEADER.replace('0af7651916cd43dd8448eb211c80319c', '0'.repeat(32))],
    ['a span id of zeros', HEADER.replace('b7ad6b7169203331', '0'.repeat(16))],
    ['a short trace id', HEADER.replace('0af7', '')],
    ['flags of one digit', HEADER.slice(0, -1)],
    ['a line break', `${HEADER}\n`],
  ])('takes %s for no trace', (_name, header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });

  it('reads what formatTraceparent writes', () => {
    fc.assert(
      fc.property(fc.boolean(), (sampled) => {
        const trace = { ...newTrace(random), sampled };
        expect(parseTraceparent(formatTraceparent(trace))).toEqual(trace);
      }),
    );
  });
});

describe('nextSpan', () => {
  it('stays in the trace', () => {
    const trace = newTrace(random);
    const next = nextSpan(trace, random);
    expect(next.traceId).toBe(trace.traceId);
    expect(next.spanId).not.toBe(trace.spanId);
  });
});

describe('withTrace', () => {
  it('goes along with everything that is started within', async () => {
    const [a, b] = [newTrace(random), newTrace(random)];
    const later = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return currentTrace();
    };
    expect(await Promise.all([withTrace(a, later), withTrace(b, later)])).toEqual([a, b]);
    expect(currentTrace()).toBeUndefined();
  });
});
