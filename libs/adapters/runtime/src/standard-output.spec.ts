import { EventEmitter } from 'node:events';
import { batched } from './standard-output';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('batched', () => {
  it('writes the lines of one turn together, in order', async () => {
    const writes: string[] = [];
    const destination = batched((text) => writes.push(text), new EventEmitter());
    destination.write('a\n');
    destination.write('b\n');
    expect(writes).toEqual([]);
    await turn();
    destination.write('c\n');
    await turn();
    expect(writes).toEqual(['a\nb\n', 'c\n']);
  });

  it('loses nothing when the process exits', () => {
    const writes: string[] = [];
    const exit = new EventEmitter();
    batched((text) => writes.push(text), exit).write('last words\n');
    exit.emit('exit');
    expect(writes).toEqual(['last words\n']);
  });
});
