import { HotAnswers, MAX_HOT_ANSWERS, type HotAnswer } from './hot-answers';

const answer = (freshUntil = Infinity): HotAnswer => ({
  headers: [],
  body: Buffer.from('body'),
  route: '/tcb',
  freshUntil,
});

describe('HotAnswers', () => {
  it('gives back what was kept', () => {
    const hot = new HotAnswers(() => 1);
    const kept = answer();
    hot.keep('/tcb', kept, 1);
    expect(hot.get('/tcb', 0)).toBe(kept);
    expect(hot.get('/tcb?fmspc=00', 0)).toBeUndefined();
  });

  it('forgets everything when the cache changes', () => {
    let revision = 1;
    const hot = new HotAnswers(() => revision);
    hot.keep('/tcb', answer(), 1);
    revision = 2;
    expect(hot.get('/tcb', 0)).toBeUndefined();
  });

  it('keeps nothing that was made before a change', () => {
    const hot = new HotAnswers(() => 2);
    hot.keep('/tcb', answer(), 1);
    expect(hot.get('/tcb', 0)).toBeUndefined();
  });

  it('does not give an answer past its time', () => {
    const hot = new HotAnswers(() => 1);
    hot.keep('/tcb', answer(1_000), 1);
    expect(hot.get('/tcb', 999)).toBeDefined();
    expect(hot.get('/tcb', 1_000)).toBeUndefined();
  });

  it('holds no more than its limit', () => {
    const hot = new HotAnswers(() => 1);
    for (let count = 0; count <= MAX_HOT_ANSWERS; count++) hot.keep(`/${count}`, answer(), 1);
    expect(hot.get('/0', 0)).toBeUndefined();
    expect(hot.get(`/${MAX_HOT_ANSWERS}`, 0)).toBeDefined();
  });
});
