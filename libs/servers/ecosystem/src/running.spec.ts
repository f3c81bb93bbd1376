import { Running } from './running';

const aService = (name: string, closed: string[], fails = false) => ({
  close: async () => {
    closed.push(name);
    if (fails) throw new Error(name);
  },
});

describe('Running', () => {
  it('closes what was started in the opposite order, once', async () => {
    const closed: string[] = [];
    const running = new Running();
    await running.add(aService('first', closed));
    await running.add(Promise.resolve(aService('second', closed)));
    await running.close();
    await running.close();
    expect(closed).toEqual(['second', 'first']);
  });

  it('closes the rest when one fails, and says so', async () => {
    const closed: string[] = [];
    const running = new Running();
    await running.add(aService('first', closed));
    await running.add(aService('second', closed, true));
    await expect(running.close()).rejects.toThrow('second');
    expect(closed).toEqual(['second', 'first']);
  });
});
