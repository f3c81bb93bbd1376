import { EventQueue } from './event-queue';

async function read<Event>(queue: AsyncIterable<Event>): Promise<Event[]> {
  const all: Event[] = [];
  for await (const event of queue) all.push(event);
  return all;
}

describe('EventQueue', () => {
  it('gives events in order, those before and those after the reader came', async () => {
    const queue = new EventQueue<number>();
    queue.push(1);
    const reading = read(queue);
    await Promise.resolve();
    queue.push(2);
    queue.push(3);
    queue.end();
    expect(await reading).toEqual([1, 2, 3]);
  });

  it('fails after the events that came before', async () => {
    const queue = new EventQueue<number>();
    queue.push(1);
    queue.fail(new Error('no'));
    const seen: number[] = [];
    const reading = async () => {
      for await (const event of queue) seen.push(event);
    };
    await expect(reading()).rejects.toThrow('no');
    expect(seen).toEqual([1]);
  });
});
