import { EventEmitter } from 'node:events';
import { silentLogger } from './logger';
import { onShutdown } from './shutdown';

class FakeProcess extends EventEmitter {
  readonly exits: number[] = [];
  exit(code: number): void {
    this.exits.push(code);
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

function prepared(close: () => Promise<void>, timeoutMs = 1_000) {
  const fake = new FakeProcess();
  const remove = onShutdown(close, { logger: silentLogger, timeoutMs, process: fake });
  return { fake, remove };
}

describe('onShutdown', () => {
  it.each(['SIGINT', 'SIGTERM'])('closes once and exits with 0 on %s', async (signal) => {
    const close = jest.fn(async () => undefined);
    const { fake } = prepared(close);
    fake.emit(signal);
    await turn();
    expect(close).toHaveBeenCalledTimes(1);
    expect(fake.exits).toEqual([0]);
  });

  it('exits with 1 when closing fails', async () => {
    const { fake } = prepared(() => Promise.reject(new Error('stuck')));
    fake.emit('SIGTERM');
    await turn();
    expect(fake.exits).toEqual([1]);
  });

  it('exits with 1 when closing takes too long', async () => {
    jest.useFakeTimers();
    try {
      const { fake } = prepared(() => new Promise(() => undefined), 500);
      fake.emit('SIGTERM');
      jest.advanceTimersByTime(500);
      expect(fake.exits).toEqual([1]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('exits at once on a second signal', () => {
    const close = jest.fn(() => new Promise<void>((resolve) => setTimeout(resolve, 5).unref()));
    const { fake } = prepared(close);
    fake.emit('SIGINT');
    fake.emit('SIGINT');
    expect(close).toHaveBeenCalledTimes(1);
    expect(fake.exits).toEqual([1]);
  });

  it('listens no longer when it is told so', () => {
    const { fake, remove } = prepared(async () => undefined);
    remove();
    expect(fake.listenerCount('SIGINT') + fake.listenerCount('SIGTERM')).toBe(0);
  });
});
