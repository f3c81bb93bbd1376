import { Recent } from './recent';

describe('Recent', () => {
  it('forgets what was not read for longest', () => {
    const recent = new Recent<number>(2);
    recent.set('a', 1);
    recent.set('b', 2);
    expect(recent.get('a')).toBe(1);
    recent.set('c', 3);
    expect(['a', 'b', 'c'].map((key) => recent.get(key))).toEqual([1, undefined, 3]);
    expect(recent.size).toBe(2);
  });

  it('forgets on request', () => {
    const recent = new Recent<number>(2);
    recent.set('a', 1);
    recent.delete('a');
    expect(recent.get('a')).toBeUndefined();
    recent.set('b', 2);
    recent.clear();
    expect(recent.size).toBe(0);
  });
});
