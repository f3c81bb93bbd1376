import type { Answer, PrimaryMessage, WorkerMessage } from './fleet-messages';

interface Member {
  readonly send: (message: PrimaryMessage) => void;
  ready: boolean;
}

/** One question on its way round. */
interface Round {
  readonly waiting: Set<number>;
  readonly answers: Answer[];
  readonly done: (answer: Answer) => void;
}

/** The middle of a fleet: counts who is ready and carries questions round. It knows no processes, only whom to tell. */
export class FleetHub {
  readonly #members = new Map<number, Member>();
  readonly #rounds = new Map<number, Round>();
  readonly #size: number;
  #lastRound = 0;

  constructor(size: number) {
    this.#size = size;
  }

  get allReady(): boolean {
    const ready = [...this.#members.values()].filter((member) => member.ready);
    return ready.length >= this.#size;
  }

  join(id: number, send: Member['send']): void {
    this.#members.set(id, { send, ready: false });
  }

  leave(id: number): void {
    this.#members.delete(id);
    for (const [round, { waiting }] of this.#rounds) if (waiting.has(id)) this.#answered(round, id);
    this.#tellReadiness();
  }

  take(id: number, message: WorkerMessage): void {
    const member = this.#members.get(id);
    if (member === undefined) return;
    if (message.kind === 'ready') {
      member.ready = true;
      this.#tellReadiness();
    } else if (message.kind === 'answer') {
      this.#answered(message.round, id, message);
    } else {
      this.#ask(id, message.topic, ({ values, failure }) => {
        member.send({
          kind: 'answers',
          id: message.id,
          values,
          ...(failure !== undefined && { failure }),
        });
      });
    }
  }

  #ask(asker: number, topic: string, done: Round['done']): void {
    const others = [...this.#members].filter(([id]) => id !== asker);
    if (others.length === 0) return done({ values: [] });
    const round = ++this.#lastRound;
    this.#rounds.set(round, { waiting: new Set(others.map(([id]) => id)), answers: [], done });
    for (const [, { send }] of others) send({ kind: 'question', round, topic });
  }

  #answered(id: number, member: number, answer?: Answer): void {
    const round = this.#rounds.get(id);
    if (!round?.waiting.delete(member)) return;
    if (answer) round.answers.push(answer);
    if (round.waiting.size > 0) return;
    this.#rounds.delete(id);
    const failure = round.answers.find((each) => each.failure !== undefined)?.failure;
    round.done({
      values: round.answers.flatMap(({ values }) => values),
      ...(failure !== undefined && { failure }),
    });
  }

  #tellReadiness(): void {
    const ready = this.allReady;
    for (const { send } of this.#members.values()) send({ kind: 'all-ready', ready });
  }
}
